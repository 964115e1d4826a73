import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import { type Destination, DestinationInput } from '@tocsin/contract/api/destinations'
import type { OrgId } from '@tocsin/contract/ids'
import { listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import { createDestination, testDestination } from '@tocsin/domain/destinations/destinations'
import { getDestination } from '@tocsin/domain/destinations/destinations.read'
import { destinationSentWith, lockDestinations, noteDestinationHealth } from '@tocsin/domain/destinations/health'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { NotifierEnv } from './env.ts'
import { createNotifierPasses, type NotifierPasses } from './passes.ts'

jest.setTimeout(60_000)

const secretKey = 'a secret that only tests may know, 32+'
const box = createSecretBox(secretKey, 'destination')
const days = 24 * 3_600_000

let world: TestFoundation
let orgId: OrgId
let sink: WebhookSink
let notifier: NotifierPasses
let destination: Destination

const tryIt = () => world.change(orgId, (change) => testDestination(change, { destinationId: destination.id }))
const seen = () => world.journal.read(orgId, (sql) => getDestination(sql, destination.id))
const states = async () =>
  (await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 50 }))).data
    .map(({ channel, state }) => `${channel} ${state}`)
    .sort()
const typesDuring = async (work: () => Promise<unknown>) => (await world.eventsDuring(orgId, work)).map(({ type }) => type)

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  sink = await createWebhookSink()
  const env = { ...NotifierEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' }), SECRET_KEY: secretKey }
  notifier = createNotifierPasses({ ...world, env, deadlineMs: 500 })
  const input = DestinationInput.parse({ kind: 'mattermost', settings: { url: sink.url } })
  destination = await world.change(orgId, (change) => createDestination(change, { input, box }))
})
afterEach(async () => {
  await notifier.close()
  await sink.close()
  await world.db.transaction({ orgId }, (sql) => sql.query('delete from org'))
})

test('a chat has a lane of its own, in which a message arrives and is recorded', async () => {
  await tryIt()
  await notifier.webhooks.drain()
  await notifier.emails.drain()
  expect(sink.messages).toEqual([])
  await notifier.chats.drain()
  expect(sink.messages).toHaveLength(1)
  expect(await states()).toEqual(['chat succeeded'])
})

test('asked for less, it rests as a whole until then', async () => {
  sink.answer({ kind: 'status', status: 429, headers: { 'retry-after': '60' } }, 200)
  await tryIt()
  await notifier.chats.drain()
  await tryIt()
  await notifier.chats.drain()
  expect(sink.messages).toHaveLength(1)
  world.clock.advance(61_000)
  await notifier.chats.drain()
  expect(await states()).toEqual(['chat succeeded', 'chat succeeded'])
  expect((await seen()).failingSince).toBeNull()
})

test('and so it does when it took others in the same batch', async () => {
  const slowUntil = new Date(world.clock.now().getTime() + 60_000)
  const healths = [{ destinationId: destination.id, worked: true, gone: false, bounced: false, slowUntil }]
  await world.change(orgId, async (change) => {
    const locked = await lockDestinations(change, healths)
    const met = locked.flatMap((row) => healths.map((health) => ({ ...health, sentWith: destinationSentWith(row) })))
    await noteDestinationHealth(change, locked, met)
  })
  await tryIt()
  await notifier.chats.drain()
  expect(sink.messages).toHaveLength(0)
  world.clock.advance(60_000)
  await notifier.chats.drain()
  expect(sink.messages).toHaveLength(1)
  expect((await seen()).failingSince).toBeNull()
})

test('failing for five days it is given up, and says so once', async () => {
  sink.answer(500)
  await tryIt()
  await notifier.chats.drain()
  expect(await seen()).toMatchObject({ enabled: true, failingSince: world.clock.now().toISOString() })
  world.clock.advance(5 * days)
  await tryIt()
  expect((await typesDuring(() => notifier.chats.drain())).filter((type) => type.startsWith('destination.'))).toEqual([
    'destination.updated',
  ])
  expect(await seen()).toMatchObject({ enabled: false, disabledReason: 'failing' })
})

test('gone for good it is disabled at once, and what was waiting is dropped', async () => {
  sink.answer({ kind: 'status', status: 404, body: 'Invalid webhook' })
  for (let n = 0; n < 20; n += 1) await tryIt()
  const types = await typesDuring(() => notifier.chats.drain())
  expect(types.filter((type) => type === 'destination.updated')).toHaveLength(1)
  expect(await seen()).toMatchObject({ enabled: false, disabledReason: 'gone' })
  expect(new Set(await states())).toEqual(new Set(['chat dropped', 'chat exhausted']))
})
