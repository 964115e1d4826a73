import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import { type WebhookChanges, WebhookInput, type WebhookRecovery } from '@tocsin/contract/api/webhooks'
import { memberRemoved } from '@tocsin/contract/events/members'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { redeliver } from '@tocsin/domain/deliveries/deliveries'
import { getDelivery, listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import { updateOrg } from '@tocsin/domain/orgs/orgs'
import { endpointSentWith, lockEndpoints, noteEndpointHealth } from '@tocsin/domain/webhooks/health'
import { recoverWebhook } from '@tocsin/domain/webhooks/recovery'
import { getRecovery } from '@tocsin/domain/webhooks/recovery.read'
import { createWebhook, testWebhook, updateWebhook, type WebhookWithSecret } from '@tocsin/domain/webhooks/webhooks'
import { getWebhook } from '@tocsin/domain/webhooks/webhooks.read'
import { prunePass } from '@tocsin/journal/prune'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { NotifierEnv } from './env.ts'
import { createNotifierPasses, type NotifierPasses } from './passes.ts'

jest.setTimeout(60_000)

const secretKey = 'a secret that only tests may know, 32+'
const box = createSecretBox(secretKey, 'webhook')
const hours = 3_600_000
const days = 24 * hours

let world: TestFoundation
let orgId: OrgId
let sink: WebhookSink
let notifier: NotifierPasses
let replica: NotifierPasses

const newNotifier = (): NotifierPasses => {
  const env = { ...NotifierEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' }), SECRET_KEY: secretKey }
  return createNotifierPasses({ ...world, env, deadlineMs: 500 })
}
const addWebhook = (more: object = {}) =>
  world.change(orgId, (change) =>
    createWebhook(change, { input: WebhookInput.parse({ url: sink.url, events: ['member.*'], ...more }), box }),
  )
const update = ({ id }: WebhookWithSecret, changes: WebhookChanges) =>
  world.change(orgId, (change) => updateWebhook(change, { webhookId: id, changes, ifVersion: null, box }))
const happen = (count = 1) =>
  world.change(orgId, async (change) => {
    for (let n = 0; n < count; n += 1) change.emit(memberRemoved, { userId: newId('user') })
  })
async function plan(): Promise<void> {
  while ((await notifier.plan()) === 'worked');
}
async function run(): Promise<void> {
  await plan()
  await notifier.webhooks.drain()
}
const deliveries = async (): Promise<Delivery[]> =>
  (await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 200 }))).data.reverse()
const states = async (): Promise<Record<string, number>> => {
  const counted: Record<string, number> = {}
  for (const { state } of await deliveries()) counted[state] = (counted[state] ?? 0) + 1
  return counted
}
const typesDuring = async (work: () => Promise<unknown>) => (await world.eventsDuring(orgId, work)).map(({ type }) => type)
const seqs = () => sink.messages.map(({ json }) => (json as { seq: number | null }).seq)
const waitMs = (delivery: Delivery | undefined) => Date.parse(delivery?.nextAttemptAt ?? '') - world.clock.now().getTime()
const seen = ({ id }: WebhookWithSecret) => world.journal.read(orgId, (sql) => getWebhook(sql, id))

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  sink = await createWebhookSink({ now: () => world.clock.now() })
  notifier = newNotifier()
  replica = newNotifier()
})
afterEach(async () => {
  await notifier.close()
  await replica.close()
  await sink.close()
  await world.db.transaction({ orgId }, (sql) => sql.query('delete from org'))
})

test('headers of its own come with every message, and are never shown', async () => {
  const webhook = await addWebhook({ headers: { Authorization: 'Bearer s3cret', 'X-Team': 'shop' } })
  expect(webhook.headerNames).toEqual(['authorization', 'x-team'])
  expect(JSON.stringify(await seen(webhook))).not.toContain('s3cret')
  sink.verifyWith(webhook.secret)
  await happen()
  await run()
  await update(webhook, { headers: { 'x-team': 'stock' } })
  await happen()
  await run()
  expect(sink.messages).toMatchObject([
    { verified: true, headers: { authorization: 'Bearer s3cret', 'x-team': 'shop', 'content-type': 'application/json' } },
    { verified: true, headers: { 'x-team': 'stock' } },
  ])
  expect(sink.messages[1]?.headers['authorization']).toBeUndefined()
})

test('what a receiver echoes of them is not shown either', async () => {
  await addWebhook({ headers: { Authorization: 'Bearer s3cret' } })
  sink.answer({ kind: 'status', status: 500, body: '{"headers":{"authorization":"Bearer s3cret"}}' })
  await happen()
  await run()
  const [delivery] = await deliveries()
  if (!delivery) throw new Error('Nothing was planned.')
  const { attemptLog } = await world.journal.read(orgId, (sql) => getDelivery(sql, delivery.id))
  expect(attemptLog.map(({ response }) => response)).toEqual(['{"headers":{"authorization":"[secret]"}}'])
})

test('one that asks for less rests, though it took others in the same batch', async () => {
  const webhook = await addWebhook()
  const slowUntil = new Date(world.clock.now().getTime() + 60_000)
  const healths = [{ webhookId: webhook.id, worked: true, gone: false, slowUntil }]
  await world.change(orgId, async (change) => {
    const locked = await lockEndpoints(change, healths)
    const met = locked.flatMap((row) => healths.map((health) => ({ ...health, sentWith: endpointSentWith(row) })))
    await noteEndpointHealth(change, locked, met)
  })
  expect(await seen(webhook)).toMatchObject({ failingSince: null, slowedUntil: slowUntil.toISOString() })
  await happen()
  await run()
  expect(sink.messages).toHaveLength(0)
})

describe('a rate', () => {
  test('holds over all replicas: never more than so many in any minute, and then the rest', async () => {
    await addWebhook({ rateLimitPerMinute: 10 })
    await happen(30)
    await plan()
    const arrivedAt: number[] = []
    while (arrivedAt.length < 30) {
      await Promise.all([notifier.webhooks.drain(), replica.webhooks.drain()])
      while (arrivedAt.length < sink.messages.length) arrivedAt.push(world.clock.now().getTime())
      world.clock.advance(500)
    }
    const busiest = Math.max(...arrivedAt.map((from) => arrivedAt.filter((at) => at >= from && at < from + 60_000).length))
    expect(busiest).toBeLessThanOrEqual(10)
    expect(arrivedAt.filter((at) => at === arrivedAt[0])).toHaveLength(2)
    // Nine a minute behind the first two.
    expect(Number(arrivedAt.at(-1)) - Number(arrivedAt[0])).toBeLessThan(3.5 * 60_000)
    expect(new Set(sink.messages.map(({ headers }) => headers['webhook-id'])).size).toBe(30)
  })

  test('of one endpoint holds up no other', async () => {
    await addWebhook({ rateLimitPerMinute: 1 })
    await addWebhook()
    await happen(20)
    await run()
    expect(await states()).toEqual({ pending: 19, succeeded: 21 })
  })
})

describe('in order', () => {
  test('one at a time, over all replicas, and nothing before what failed was given up or accepted', async () => {
    await addWebhook({ ordered: true })
    await happen(5)
    await plan()
    sink.answer(200, 500, 500, 200)
    const drain = () => Promise.all([notifier.webhooks.drain(), replica.webhooks.drain()])
    await drain()
    const [first = 0] = seqs().map(Number)
    expect(seqs()).toEqual([first, first + 1])
    expect(await states()).toEqual({ succeeded: 1, pending: 4 })
    for (let tries = 0; tries < 2; tries += 1) {
      world.clock.advance(waitMs((await deliveries()).find(({ attempts, state }) => attempts > 0 && state === 'pending')))
      await drain()
    }
    expect(seqs()).toEqual([first, first + 1, first + 1, first + 1, first + 2, first + 3, first + 4])
  })

  test('a test, and what is sent again by hand, wait for nothing', async () => {
    const webhook = await addWebhook({ ordered: true })
    await happen(1)
    await run()
    sink.answer(500, 200)
    await happen(2)
    await run()
    const sent = (await deliveries()).find(({ state }) => state === 'succeeded')
    if (!sent) throw new Error('Nothing was sent.')
    await world.change(orgId, (change) => testWebhook(change, { webhookId: webhook.id }))
    await world.change(orgId, (change) => redeliver(change, { deliveryId: sent.id }))
    await run()
    expect(seqs().slice(0, 2)).toEqual([sent.eventSeq, Number(sent.eventSeq) + 1])
    expect(new Set(seqs().slice(2))).toEqual(new Set([null, sent.eventSeq]))
  })

  test('may be asked for, and given up, while messages wait', async () => {
    const webhook = await addWebhook()
    sink.answer(500, 200)
    await happen(3)
    await plan()
    await update(webhook, { ordered: true })
    await notifier.webhooks.drain()
    expect(seqs()).toHaveLength(1)
    await update(webhook, { ordered: false })
    await notifier.webhooks.drain()
    expect(seqs()).toHaveLength(3)
    expect(await states()).toEqual({ succeeded: 2, pending: 1 })
  })
})

test('an org that wants the short schedule has five attempts in three hours', async () => {
  await world.change(orgId, (change) => updateOrg(change, { changes: { webhookRetries: 'short' }, ifVersion: null }))
  await addWebhook()
  sink.answer(500)
  await happen()
  const startedAt = world.clock.now().getTime()
  await run()
  for (let attempts = 1; attempts < 5; attempts += 1) {
    world.clock.advance(waitMs((await deliveries())[0]))
    await run()
  }
  expect(await deliveries()).toMatchObject([{ state: 'exhausted', attempts: 5 }])
  expect(world.clock.now().getTime() - startedAt).toBeLessThan(3.2 * hours)
})

describe('an endpoint that accepts nothing', () => {
  test('is told of after a day, warned of after three and disabled after five; once each', async () => {
    const webhook = await addWebhook()
    sink.answer(500)
    const told: string[] = []
    for (let hour = 0; hour <= 5 * 24; hour += 6) {
      await happen()
      const types = await typesDuring(run)
      told.push(...types.filter((type) => type.startsWith('endpoint.')).map((type) => `${hour} h ${type}`))
      world.clock.advance(6 * hours)
    }
    expect(told).toEqual(['24 h endpoint.failing', '72 h endpoint.warned', '120 h endpoint.disabled'])
    expect(await seen(webhook)).toMatchObject({ enabled: false, disabledReason: 'failing' })
  })

  test('a success begins anew', async () => {
    const webhook = await addWebhook()
    sink.answer(500, 500, 200, 500)
    await happen()
    await run()
    world.clock.advance(2 * days)
    expect(await typesDuring(run)).toContain('endpoint.failing')
    world.clock.advance(2 * days)
    await run()
    expect((await seen(webhook)).failingSince).toBeNull()
    await happen()
    expect((await typesDuring(run)).filter((type) => type.startsWith('endpoint.'))).toEqual([])
    world.clock.advance(1.5 * days)
    expect(await typesDuring(run)).toContain('endpoint.failing')
  })
})

describe('recover since', () => {
  const recover = (webhook: WebhookWithSecret, since: Date) =>
    world.change(orgId, (change) => recoverWebhook(change, { webhookId: webhook.id, since }))
  const progress = (webhook: WebhookWithSecret): Promise<WebhookRecovery> =>
    world.journal.read(orgId, (sql) => getRecovery(sql, webhook.id))
  async function finish(): Promise<void> {
    while ((await notifier.recover()) === 'worked') await run()
  }

  test('what was given up, dropped and never planned arrives, each once; what was accepted does not come again', async () => {
    const webhook = await addWebhook()
    await happen(2)
    await run()
    const accepted = seqs()
    world.clock.advance(hours)
    sink.answer(410)
    await happen(3)
    await run()
    const failing = await seen(webhook)
    expect(failing).toMatchObject({ enabled: false, missedSince: world.clock.now().toISOString() })
    world.clock.advance(hours)
    await happen(4)
    await run()
    sink.answer(200)
    await update(webhook, { enabled: true })
    expect((await seen(webhook)).missedSince).toBe(failing.missedSince)
    const before = new Map((await deliveries()).map(({ eventSeq, id }) => [eventSeq, id]))
    const sentBefore = sink.messages.length
    expect(await recover(webhook, new Date(Date.parse(String(failing.missedSince)) - 2 * hours))).toMatchObject({
      state: 'running',
    })
    await expect(recover(webhook, world.clock.now())).rejects.toMatchObject({ code: 'conflict' })
    await finish()
    expect(await progress(webhook)).toMatchObject({ state: 'finished', revived: 3, planned: 4 })
    const recovered = sink.messages.slice(sentBefore)
    expect(recovered).toHaveLength(7)
    for (const { headers, json } of recovered) {
      const { seq } = json as { seq: number }
      expect(accepted).not.toContain(seq)
      expect(before.get(seq) ?? headers['webhook-id']).toBe(headers['webhook-id'])
    }
    expect(await states()).toEqual({ succeeded: 9 })
    expect((await seen(webhook)).missedSince).toBeNull()
    // Again: there is nothing left to send.
    await recover(webhook, new Date(world.clock.now().getTime() - 3 * hours))
    await finish()
    expect(await progress(webhook)).toMatchObject({ revived: 0, planned: 0 })
    expect(sink.messages).toHaveLength(sentBefore + 7)
  })

  test('goes in batches and waits while too much is waiting; two replicas and a killed one make no difference', async () => {
    await happen(1_200)
    const webhook = await addWebhook()
    await recover(webhook, new Date(world.clock.now().getTime() - hours))
    await notifier.recover()
    const half = await progress(webhook)
    expect(half).toMatchObject({ state: 'running', planned: expect.any(Number) })
    expect(half.planned).toBeLessThanOrEqual(500)
    await Promise.all([notifier.recover(), replica.recover()])
    await finish()
    await plan()
    await notifier.webhooks.drain()
    const got = seqs().map(Number)
    expect(new Set(got).size).toBe(1_200)
    expect(got).toHaveLength(1_200)
  })

  test('is cancelled when the endpoint is disabled, and then offered again', async () => {
    await happen(3)
    const webhook = await addWebhook()
    const since = new Date(world.clock.now().getTime() - hours)
    await recover(webhook, since)
    await update(webhook, { enabled: false })
    expect(await typesDuring(notifier.recover)).toEqual(['webhook.recovered'])
    expect(await progress(webhook)).toMatchObject({ state: 'cancelled' })
    expect((await seen(webhook)).missedSince).toBe(since.toISOString())
    await expect(recover(webhook, since)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('of a time whose events are gone is refused with the time from which they are kept', async () => {
    const webhook = await addWebhook()
    await happen()
    const began = world.clock.now()
    world.clock.advance(2 * days)
    await happen()
    const kept = world.clock.now()
    await run()
    while ((await prunePass(world, new Date(kept.getTime() - hours))) === 'worked');
    await expect(recover(webhook, began)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('no longer kept'),
    })
    await expect(recover(webhook, new Date(kept.getTime() + hours))).rejects.toMatchObject({ code: 'invalid' })
    await recover(webhook, kept)
  })
})

describe('what is offered to an endpoint that was disabled', () => {
  test.each(['by hand', 'gone'])('(%s) begins with what was waiting for it, however long that had waited', async (why) => {
    const webhook = await addWebhook({ rateLimitPerMinute: 1 })
    const since = world.clock.now()
    await happen(3)
    await run()
    world.clock.advance(2 * hours)
    sink.answer(410)
    if (why === 'gone') await run()
    else await update(webhook, { enabled: false })
    expect((await states())['pending']).toBeUndefined()
    expect((await seen(webhook)).missedSince).toBe(since.toISOString())
  })

  test('begins with what was given up, which happened before its first attempt failed', async () => {
    const webhook = await addWebhook()
    const since = world.clock.now()
    await happen()
    await plan()
    world.clock.advance(200)
    sink.answer(500)
    await world.change(orgId, (change) => updateOrg(change, { changes: { webhookRetries: 'short' }, ifVersion: null }))
    while ((await states())['pending'] === 1) {
      await notifier.webhooks.drain()
      world.clock.advance(3 * hours)
    }
    expect(await states()).toEqual({ exhausted: 1 })
    await update(webhook, { enabled: false })
    expect((await seen(webhook)).missedSince).toBe(since.toISOString())
  })
})
