import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { memberRemoved } from '@tocsin/contract/events/members'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { claimDeliveries } from '@tocsin/domain/deliveries/claim'
import { redeliver } from '@tocsin/domain/deliveries/deliveries'
import { getDelivery, listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import {
  createWebhook,
  deleteWebhook,
  testWebhook,
  updateWebhook,
  type WebhookWithSecret,
} from '@tocsin/domain/webhooks/webhooks'
import { getWebhook } from '@tocsin/domain/webhooks/webhooks.read'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { NotifierEnv } from './env.ts'
import { createNotifierPasses, type NotifierPasses } from './passes.ts'

jest.setTimeout(60_000)

const secretKey = 'a secret that only tests may know, 32+'
const box = createSecretBox(secretKey, 'webhook')
const minutes = 60_000
const hours = 60 * minutes

let world: TestFoundation
let orgId: OrgId
let sink: WebhookSink
let webhook: WebhookWithSecret
let notifiers: NotifierPasses[] = []

const newNotifier = (deadlineMs = 500): NotifierPasses => {
  const env = { ...NotifierEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' }), SECRET_KEY: secretKey }
  const notifier = createNotifierPasses({ ...world, env, deadlineMs })
  notifiers.push(notifier)
  return notifier
}
const addWebhook = (url = sink.url, events = ['member.*']) =>
  world.change(orgId, (change) => createWebhook(change, { input: WebhookInput.parse({ url, events }), box }))
const happen = (count = 1) =>
  world.change(orgId, async (change) => {
    for (let n = 0; n < count; n += 1) change.emit(memberRemoved, { userId: newId('user') })
  })
async function run(notifier: NotifierPasses): Promise<void> {
  while ((await notifier.plan()) === 'worked');
  await notifier.webhooks.drain()
}
const deliveries = async (): Promise<Delivery[]> =>
  (await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 200 }))).data.reverse()
const only = async () => {
  const [delivery, ...others] = await deliveries()
  if (!delivery || others.length > 0) throw new Error('There is not exactly one delivery.')
  return world.journal.read(orgId, (sql) => getDelivery(sql, delivery.id))
}
const typesDuring = async (work: () => Promise<unknown>) => (await world.eventsDuring(orgId, work)).map(({ type }) => type)
const waitMs = (delivery: Delivery) => Date.parse(delivery.nextAttemptAt ?? '') - world.clock.now().getTime()

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  sink = await createWebhookSink({ now: () => world.clock.now() })
  webhook = await addWebhook()
})
afterEach(async () => {
  for (const { close } of notifiers) await close()
  notifiers = []
  await sink.close()
  // Nothing of this org is left for the next test's notifier.
  await world.db.transaction({ orgId }, (sql) => sql.query(`delete from delivery`))
})

test('an event is delivered once, signed, and is then no work for anybody', async () => {
  sink.verifyWith(webhook.secret)
  await happen()
  const notifier = newNotifier()
  expect(await typesDuring(() => run(notifier))).toEqual([])
  expect(sink.messages).toMatchObject([{ verified: true, json: { type: 'member.removed', seq: expect.any(Number) } }])
  expect(await only()).toMatchObject({
    state: 'succeeded',
    reason: 'subscribed',
    attempts: 1,
    nextAttemptAt: null,
    attemptLog: [{ number: 1, outcome: 'accepted', status: 200 }],
  })
  await run(notifier)
  expect(sink.messages).toHaveLength(1)
})

describe('a receiver that fails', () => {
  test('is tried ten times over three days, under one id; told of at the first failure and at the end', async () => {
    sink.answer(500)
    await happen()
    const notifier = newNotifier()
    const events = await typesDuring(async () => {
      for (const step of [
        5_000,
        5 * minutes,
        30 * minutes,
        2 * hours,
        5 * hours,
        10 * hours,
        14 * hours,
        20 * hours,
        24 * hours,
      ]) {
        await run(notifier)
        const wait = waitMs(await only())
        expect(wait).toBeGreaterThanOrEqual(step * 0.8)
        expect(wait).toBeLessThanOrEqual(Math.min(step * 1.2, 24 * hours))
        world.clock.advance(wait)
      }
      await run(notifier)
    })
    expect(events.filter((type) => type.startsWith('delivery.'))).toEqual(['delivery.failed', 'delivery.exhausted'])
    expect(await only()).toMatchObject({ state: 'exhausted', attempts: 10, nextAttemptAt: null })
    expect(new Set(sink.messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(sink.messages.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
  })

  test('and then works: told of, and its endpoint is well again', async () => {
    sink.answer(500, 200)
    await happen()
    const notifier = newNotifier()
    await run(notifier)
    const failing = await world.journal.read(orgId, (sql) => getWebhook(sql, webhook.id))
    expect(failing.failingSince).toBe(world.clock.now().toISOString())
    world.clock.advance(waitMs(await only()))
    expect(await typesDuring(() => run(notifier))).toEqual(['delivery.succeeded'])
    expect((await world.journal.read(orgId, (sql) => getWebhook(sql, webhook.id))).failingSince).toBeNull()
  })

  test.each([
    ['in seconds', '3600'],
    ['as a date', new Date(Date.parse('2026-03-01T10:00:00Z') + 400 * 24 * hours).toUTCString()],
  ])('says when to come again %s', async (_how, retryAfter) => {
    sink.answer({ kind: 'status', status: 429, headers: { 'retry-after': retryAfter } })
    await happen()
    await run(newNotifier())
    const wait = waitMs(await only())
    expect(wait).toBe(retryAfter === '3600' ? hours : 24 * hours)
  })

  test('429 holds back everything else for the endpoint', async () => {
    sink.answer({ kind: 'status', status: 429, headers: { 'retry-after': '60' } }, 200)
    await happen()
    const notifier = newNotifier()
    await run(notifier)
    await happen()
    await run(notifier)
    expect(sink.messages).toHaveLength(1)
    world.clock.advance(61_000)
    await run(notifier)
    expect((await deliveries()).map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
  })

  test('410 ends it: endpoint disabled, what was waiting dropped', async () => {
    sink.answer(410)
    await happen(20)
    const notifier = newNotifier()
    const events = await typesDuring(() => run(notifier))
    expect(events.filter((type) => type === 'endpoint.disabled')).toHaveLength(1)
    expect(await world.journal.read(orgId, (sql) => getWebhook(sql, webhook.id))).toMatchObject({
      enabled: false,
      disabledReason: 'gone',
    })
    const states = (await deliveries()).map(({ state }) => state)
    expect(new Set(states)).toEqual(new Set(['exhausted', 'dropped']))
    await happen()
    await run(notifier)
    expect(await deliveries()).toHaveLength(20)
  })

  test('for five days: disabled, and well again when somebody enables it', async () => {
    sink.answer(500)
    await happen()
    const notifier = newNotifier()
    await run(notifier)
    world.clock.advance(5 * 24 * hours)
    await run(notifier)
    expect(await world.journal.read(orgId, (sql) => getWebhook(sql, webhook.id))).toMatchObject({
      enabled: false,
      disabledReason: 'failing',
    })
    const changes = { enabled: true }
    const enabled = await world.change(orgId, (change) =>
      updateWebhook(change, { webhookId: webhook.id, changes, ifVersion: null, box }),
    )
    expect(enabled).toMatchObject({ enabled: true, disabledReason: null, failingSince: null })
  })

  test('slowly, holds up nobody else', async () => {
    const others = await createWebhookSink()
    await addWebhook(others.url)
    sink.answer({ kind: 'hang' })
    await happen(100)
    const notifier = newNotifier(2_000)
    while ((await notifier.plan()) === 'worked');
    const all = others.received(100)
    const drained = notifier.webhooks.drain()
    await all
    // One deadline's time of the hanging one: it has its share and no more.
    expect(sink.messages.length).toBeLessThanOrEqual(16)
    sink.answer(200)
    await drained
    await others.close()
  })
})

describe('by hand', () => {
  test('a test is sent and told of', async () => {
    const planned = await world.change(orgId, (change) => testWebhook(change, { webhookId: webhook.id }))
    expect(planned).toMatchObject({ reason: 'test', state: 'pending', eventSeq: null })
    expect(await typesDuring(() => run(newNotifier()))).toEqual(['delivery.succeeded'])
    expect(sink.messages).toMatchObject([{ json: { type: 'message.test', seq: null } }])
  })

  test('sent again under the same id, for the same reason, with the whole schedule before it', async () => {
    await happen()
    const notifier = newNotifier()
    await run(notifier)
    const { id } = await only()
    sink.answer(500)
    expect(await world.change(orgId, (change) => redeliver(change, { deliveryId: id }))).toMatchObject({
      state: 'pending',
      reason: 'subscribed',
    })
    expect(await typesDuring(() => run(notifier))).toEqual(['delivery.failed'])
    const again = await only()
    expect(again).toMatchObject({ id, attempts: 2, attemptLog: [{ number: 1 }, { number: 2, status: 500 }] })
    expect(waitMs(again)).toBeLessThan(7_000)
    sink.answer(200)
    world.clock.advance(7_000)
    expect(await typesDuring(() => run(notifier))).toEqual(['delivery.succeeded'])
    expect(new Set(sink.messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })
})

describe('several notifiers', () => {
  test('a killed one: its work is taken over when the lease ends, under the same id, and its late result ignored', async () => {
    await happen()
    const notifier = newNotifier()
    while ((await notifier.plan()) === 'worked');
    const now = world.clock.now()
    const leaseUntil = new Date(now.getTime() + 45_000)
    const claim = { channel: 'webhook', now, leaseUntil, token: 'killed', limit: 10, perReceiver: 8 } as const
    const [claimed] = await claimDeliveries(world.db, claim)
    await notifier.webhooks.drain()
    expect(sink.messages).toEqual([])
    world.clock.advance(45_000)
    await notifier.webhooks.drain()
    expect(sink.messages.map(({ headers }) => headers['webhook-id'])).toEqual([claimed?.id])
    expect(await only()).toMatchObject({ state: 'succeeded', attempts: 1 })
  })

  test('three at once send nothing twice', async () => {
    const replicas = [newNotifier(), newNotifier(), newNotifier()]
    await addWebhook(sink.url)
    await happen(300)
    await Promise.all(replicas.map(run))
    await Promise.all(replicas.map(run))
    expect(sink.messages).toHaveLength(600)
    expect(new Set(sink.messages.map(({ headers }) => headers['webhook-id'])).size).toBe(600)
  })

  test('one that stops lets what is in flight finish and gives the rest back', async () => {
    await happen(3)
    const notifier = newNotifier()
    while ((await notifier.plan()) === 'worked');
    await notifier.webhooks.pass()
    await notifier.webhooks.stop()
    expect((await deliveries()).map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    await happen()
    while ((await notifier.plan()) === 'worked');
    expect(await notifier.webhooks.pass()).toBe('idle')
    await run(newNotifier())
    expect(sink.messages).toHaveLength(4)
  })
})

describe('attempts go with their delivery', () => {
  const attempts = async (): Promise<number> =>
    (await world.db.transaction({ orgId }, (sql) => sql.query('select 1 from attempt'))).rowCount
  test.each([
    ['that is deleted', () => world.db.transaction({ orgId }, (sql) => sql.query('delete from delivery'))],
    ['whose endpoint is deleted', () => world.change(orgId, (change) => deleteWebhook(change, { webhookId: webhook.id }))],
    ['whose org is deleted', () => world.db.transaction({ orgId }, (sql) => sql.query('delete from org'))],
    [
      'that is too old',
      () =>
        world.db.transaction('installation', (sql) =>
          sql.query('select delete_deliveries_before($1, 1000)', [new Date(world.clock.now().getTime() + minutes)]),
        ),
    ],
  ])('%s', async (_how, remove) => {
    await happen(2)
    await run(newNotifier())
    expect(await attempts()).toBe(2)
    await remove()
    expect(await attempts()).toBe(0)
  })
})

test('receivers hear of failures only when asked for, and never of their own', async () => {
  const watching = await createWebhookSink()
  await addWebhook(watching.url, ['delivery.*'])
  await addWebhook(sink.url, ['member.*', 'delivery.*'])
  sink.answer(500)
  await happen()
  const notifier = newNotifier()
  await run(notifier)
  await run(notifier)
  const heard = watching.messages.map(({ json }) => json)
  expect(heard).toMatchObject([{ type: 'delivery.failed' }, { type: 'delivery.failed' }])
  await watching.close()
})

test('an org sees nothing of another, and its receivers get nothing of it', async () => {
  await happen()
  const mine = orgId
  await run(newNotifier())
  const { id } = await only()
  orgId = await world.newOrg()
  await expect(world.journal.read(orgId, (sql) => getDelivery(sql, id))).rejects.toThrow('No such delivery')
  await expect(world.change(orgId, (change) => redeliver(change, { deliveryId: id }))).rejects.toThrow('No such delivery')
  await expect(world.change(orgId, (change) => testWebhook(change, { webhookId: webhook.id }))).rejects.toThrow('No such webhook')
  await happen()
  await run(newNotifier())
  expect(await deliveries()).toEqual([])
  expect(sink.messages).toHaveLength(1)
  orgId = mine
})
