import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DestinationInput } from '@tocsin/contract/api/destinations'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { getDestination, listDestinations } from '../destinations/destinations.read.ts'
import {
  createDestination,
  deleteDestination,
  destinationsPerOrgMax,
  testDestination,
  updateDestination,
} from '../destinations/destinations.ts'
import { openHeaders } from './headers.ts'
import { getWebhook, listWebhooks } from './webhooks.read.ts'
import { createWebhook, deleteWebhook, rotateWebhookSecret, testWebhook, updateWebhook, webhooksPerOrgMax } from './webhooks.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')
const url = 'https://hook.example/in'

let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
})

const add = (more: object = {}) =>
  world.change(orgId, (change) => createWebhook(change, { input: WebhookInput.parse({ url, ...more }), box }))
const sealed = async (webhookId: string) => {
  const { rows } = await world.db.transaction({ orgId }, (sql) =>
    sql.query<{ secret: string; oldSecret: string | null; until: Date | null }>(
      'select secret, old_secret as "oldSecret", old_secret_until as until from webhook where id = $1',
      [webhookId],
    ),
  )
  const [row] = rows
  if (!row) throw new Error('No such row.')
  return row
}

describe('a webhook', () => {
  test('is listed without its secret, which is kept sealed for this row', async () => {
    const { secret, ...webhook } = await add()
    expect(secret).toMatch(/^whsec_/)
    expect((await world.journal.read(orgId, (sql) => listWebhooks(sql, { limit: 10 }))).data).toEqual([webhook])
    const row = await sealed(webhook.id)
    expect(row.secret).not.toContain(secret.slice(6))
    expect(box.open(row.secret, webhook.id)).toBe(secret)
    expect(() => box.open(row.secret, newId('webhook'))).toThrow()
  })

  test('every change is an event with the whole view, and none without a change', async () => {
    const { secret: _, ...webhook } = await add()
    const update = (changes: object, ifVersion: number | null = null) =>
      world.change(orgId, (change) => updateWebhook(change, { webhookId: webhook.id, changes, ifVersion, box }))
    const events = await world.eventsDuring(orgId, async () => {
      await update({ description: 'for the shop', events: ['threat.*'] })
      await update({ description: 'for the shop' })
      await update({ enabled: false })
      await update({ enabled: true })
    })
    expect(events.map(({ type }) => type)).toEqual(['webhook.updated', 'webhook.updated', 'webhook.updated'])
    const now = await world.journal.read(orgId, (sql) => getWebhook(sql, webhook.id))
    expect(events.at(-1)?.data).toEqual({ webhook: now })
    expect(now).toMatchObject({ version: 4, description: 'for the shop', enabled: true, disabledReason: null })
    await expect(update({ description: 'x' }, 1)).rejects.toMatchObject({ code: 'precondition_failed' })
  })

  test('rotated: the old secret signs until its time, unless it is to end at once', async () => {
    const first = await add()
    const rotate = (keepOldHours: number) =>
      world.change(orgId, (change) => rotateWebhookSecret(change, { webhookId: first.id, keepOldHours, box }))
    const second = await rotate(24)
    let row = await sealed(first.id)
    expect([box.open(row.secret, first.id), box.open(row.oldSecret ?? '', first.id)]).toEqual([second.secret, first.secret])
    expect(row.until?.getTime()).toBe(world.clock.now().getTime() + 24 * 3_600_000)
    await rotate(0)
    row = await sealed(first.id)
    expect([row.oldSecret, row.until]).toEqual([null, null])
  })

  test.each(['ftp://hook.example', 'https://user:pass@hook.example', 'https://'])('%s is no address for it', (bad) =>
    expect(
      world.change(orgId, (change) => createWebhook(change, { input: { ...WebhookInput.parse({ url }), url: bad }, box })),
    ).rejects.toMatchObject({ code: 'invalid' }),
  )

  test('its headers are sealed for it, named in lower case, and replaced as a whole', async () => {
    const webhook = await add({ headers: { 'X-Token': 's3cret', 'x-a': '1' } })
    expect(webhook.headerNames).toEqual(['x-a', 'x-token'])
    const update = (changes: object) =>
      world.change(orgId, (change) => updateWebhook(change, { webhookId: webhook.id, changes, ifVersion: null, box }))
    const sealedHeaders = async () => {
      const { rows } = await world.db.transaction({ orgId }, (sql) =>
        sql.query<{ headers: string | null }>('select headers from webhook where id = $1', [webhook.id]),
      )
      return rows[0]?.headers ?? null
    }
    const before = (await sealedHeaders()) ?? ''
    expect(before).not.toContain('s3cret')
    expect(openHeaders(before, webhook.id, box)).toEqual({ 'x-token': 's3cret', 'x-a': '1' })
    expect(() => openHeaders(before, newId('webhook'), box)).toThrow()
    expect(() => box.open(before, webhook.id)).toThrow()
    const events = await world.eventsDuring(orgId, () => update({ headers: { 'x-b': '2' } }))
    expect(events).toMatchObject([{ type: 'webhook.updated', data: { webhook: { headerNames: ['x-b'] } } }])
    // A value that nobody can read is not sent to another server unless somebody who knows it says so.
    await expect(update({ url: 'https://other.example/' })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'headers' }],
    })
    await update({ url: 'https://hook.example/elsewhere' })
    await update({ url: 'https://other.example/', headers: {} })
    expect(await sealedHeaders()).toBeNull()
  })

  test.each([
    ['a line end', { 'x-a': 'b\r\nx-c: d' }],
    ['a space at the end', { 'x-a': 'b ' }],
    ['no value', { 'x-a': '' }],
    ['a name that is none', { 'x a': 'b' }],
    ['another host', { Host: 'evil.example' }],
    ['a length', { 'Content-Length': '3' }],
    ['what is for one hop', { 'Transfer-Encoding': 'chunked' }],
    ['a signature', { 'Webhook-Signature': 'v1,x' }],
    ['one twice', { 'X-A': '1', 'x-a': '2' }],
    ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, 'v']))],
  ])('is refused with %s among its headers', (_what, headers) =>
    expect(WebhookInput.safeParse({ url, headers }).success).toBe(false),
  )

  test.each([0, 6_001, 1.5])('a rate of %s is refused', (rateLimitPerMinute) =>
    expect(WebhookInput.safeParse({ url, rateLimitPerMinute }).success).toBe(false),
  )

  test('disabled: cannot be tried', async () => {
    const { id } = await add()
    await world.change(orgId, (change) =>
      updateWebhook(change, { webhookId: id, changes: { enabled: false }, ifVersion: null, box }),
    )
    await expect(world.change(orgId, (change) => testWebhook(change, { webhookId: id }))).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('deleted: gone, with what was still to be sent', async () => {
    const { id } = await add()
    await world.change(orgId, (change) => testWebhook(change, { webhookId: id }))
    const events = await world.eventsDuring(orgId, () =>
      world.change(orgId, (change) => deleteWebhook(change, { webhookId: id })),
    )
    expect(events).toMatchObject([{ type: 'webhook.deleted', data: { webhookId: id } }])
    await expect(world.journal.read(orgId, (sql) => getWebhook(sql, id))).rejects.toMatchObject({ code: 'not_found' })
    await expect(world.change(orgId, (change) => deleteWebhook(change, { webhookId: id }))).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('there are only so many', async () => {
    await world.change(orgId, async (change) => {
      for (let n = 0; n < webhooksPerOrgMax; n += 1) await createWebhook(change, { input: WebhookInput.parse({ url }), box })
    })
    await expect(add()).rejects.toMatchObject({ code: 'limit_reached' })
  })

  test('of another org does not exist', async () => {
    const { id } = await add()
    orgId = await world.newOrg()
    const refused = { code: 'not_found' }
    await expect(world.journal.read(orgId, (sql) => getWebhook(sql, id))).rejects.toMatchObject(refused)
    await expect(world.change(orgId, (change) => deleteWebhook(change, { webhookId: id }))).rejects.toMatchObject(refused)
    await expect(
      world.change(orgId, (change) =>
        updateWebhook(change, { webhookId: id, changes: { enabled: false }, ifVersion: null, box }),
      ),
    ).rejects.toMatchObject(refused)
    await expect(
      world.change(orgId, (change) => rotateWebhookSecret(change, { webhookId: id, keepOldHours: 0, box })),
    ).rejects.toMatchObject(refused)
    expect((await world.journal.read(orgId, (sql) => listWebhooks(sql, { limit: 10 }))).data).toEqual([])
  })
})

describe('a mail destination', () => {
  const address = 'oncall@shop.example'
  const addMail = () =>
    world.change(orgId, (change) => createDestination(change, { input: DestinationInput.parse({ kind: 'email', address }), box }))

  test('is told of grave threats unless it says otherwise', async () => {
    const destination = await addMail()
    expect(destination).toMatchObject({
      name: address,
      events: expect.arrayContaining(['threat.*']),
      minimumSeverity: 'high',
      enabled: true,
    })
    expect((await world.journal.read(orgId, (sql) => listDestinations(sql, { limit: 10 }))).data).toEqual([destination])
  })

  test('every change is an event with the whole view', async () => {
    const { id } = await addMail()
    const update = (changes: object, ifVersion: number | null = null) =>
      world.change(orgId, (change) => updateDestination(change, { destinationId: id, changes, ifVersion, box }))
    const events = await world.eventsDuring(orgId, async () => {
      await update({ minimumSeverity: 'low' })
      await update({ minimumSeverity: 'low' })
    })
    const now = await world.journal.read(orgId, (sql) => getDestination(sql, id))
    expect(events).toMatchObject([{ type: 'destination.updated', data: { destination: now } }])
    await expect(update({ name: 'x' }, 1)).rejects.toMatchObject({ code: 'precondition_failed' })
    await update({ enabled: false })
    await expect(world.change(orgId, (change) => testDestination(change, { destinationId: id }))).rejects.toMatchObject({
      code: 'conflict',
    })
    await world.change(orgId, (change) => deleteDestination(change, { destinationId: id }))
    await expect(world.journal.read(orgId, (sql) => getDestination(sql, id))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('there are only so many, and those of another org do not exist', async () => {
    const { id } = await addMail()
    await world.change(orgId, async (change) => {
      for (let n = 1; n < destinationsPerOrgMax; n += 1)
        await createDestination(change, { input: DestinationInput.parse({ kind: 'email', address }), box })
    })
    await expect(addMail()).rejects.toMatchObject({ code: 'limit_reached' })
    orgId = await world.newOrg()
    await expect(world.change(orgId, (change) => deleteDestination(change, { destinationId: id }))).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
