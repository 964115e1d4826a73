import { afterEach, expect, test } from '@jest/globals'
import { channelOf } from '@tocsin/contract/event'
import { events } from '@tocsin/contract/events/catalog'
import { newId } from '@tocsin/contract/ids'
import { silentLog } from '@tocsin/process/log'
import { type OwnRedis, startRedis, testRedisUrl } from '@tocsin/testkit/redis'
import { createClient } from 'redis'
import { describeBus, envelope, listenTo, waitForWork } from './bus.contract.ts'
import type { Bus } from './bus.ts'
import { createRedisBus } from './redis.ts'

describeBus('redis', async () => {
  const near = createRedisBus({ url: testRedisUrl(), log: silentLog() })
  const far = createRedisBus({ url: testRedisUrl(), log: silentLog() })
  await Promise.all([ready(near), ready(far)])
  return { near, far, close: async () => void (await Promise.all([near.close(), far.close()])) }
})

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

function openBus(url: string): Bus {
  const bus = createRedisBus({ url, log: silentLog() })
  cleanUps.push(() => bus.close())
  return bus
}

/** Both connections of the bus stand. */
async function ready(bus: Bus): Promise<void> {
  while (!bus.connected()) await new Promise((resolve) => setImmediate(resolve))
}

async function ownRedis(options: Parameters<typeof startRedis>[0] = {}): Promise<OwnRedis> {
  const redis = await startRedis(options)
  cleanUps.push(redis.stop)
  return redis
}

test.each(['kill', 'stop'] as const)(
  'after %s and a new start, listeners are told that they may have missed something, and hear again',
  async (end) => {
    const redis = await ownRedis()
    const bus = openBus(redis.url)
    const [orgId, later] = [newId('org'), newId('org')]
    const [one, work] = [listenTo(bus, orgId), waitForWork(bus, ['site.deleted'])]
    expect(await one.next()).toBeNull()
    await work.rung(1)
    await redis[end]()
    const third = listenTo(bus, later) // While nobody is there to subscribe to.
    await expect(bus.publish(envelope(orgId, 1))).rejects.toThrow()
    await ownRedis({ port: redis.port })
    for (const ear of [one, third]) expect(await ear.next()).toBeNull()
    await work.rung(2)
    await ready(bus)
    const rings = work.rings()
    await bus.publish(envelope(orgId, 2))
    await bus.publish(envelope(later, 3))
    for (const [ear, seq] of [
      [one, 2],
      [third, 3],
    ] as const)
      expect((await ear.next((message) => message !== null))?.seq).toBe(seq)
    await work.rung(rings + 2)
  },
)

test('without Redis at the start it follows when it can', async () => {
  const gone = await startRedis()
  await gone.stop()
  const bus = openBus(gone.url)
  const orgId = newId('org')
  const ear = listenTo(bus, orgId)
  expect(bus.connected()).toBe(false)
  await expect(bus.publish(envelope(orgId, 1))).rejects.toThrow()
  await ownRedis({ port: gone.port })
  expect(await ear.next()).toBeNull()
  await ready(bus)
  await bus.publish(envelope(orgId, 2))
  expect((await ear.next((message) => message !== null))?.seq).toBe(2)
  expect(bus.connected()).toBe(true)
})

test('a Redis that does not answer holds nobody up, not even closing', async () => {
  const redis = await ownRedis()
  const bus = openBus(redis.url)
  await ready(bus)
  redis.pause()
  await expect(bus.publish(envelope(newId('org'), 1))).rejects.toThrow('did not answer')
  listenTo(bus, newId('org'))
  await bus.close()
  redis.resume()
})

test('while Redis hangs only the first publish waits, and health knows; when it goes on, so do we', async () => {
  const redis = await ownRedis()
  const bus = openBus(redis.url)
  await ready(bus)
  const publish = (seq: number) => bus.publish(envelope(newId('org'), seq))
  redis.pause()
  const startedAt = performance.now()
  for (let seq = 1; seq <= 20; seq += 1) await expect(publish(seq)).rejects.toThrow('not answer')
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  expect(bus.connected()).toBe(false)
  redis.resume()
  await ready(bus)
  await publish(21)
})

test('subscriptions are counted: one for many listeners, none after the last', async () => {
  const bus = openBus(testRedisUrl())
  const client = createClient({ url: testRedisUrl() })
  await client.connect()
  cleanUps.push(() => client.close())
  const orgId = newId('org')
  const channels = events.map((definition) => channelOf(orgId, definition.type))
  const subscribers = async () => new Set(Object.values(await client.pubSubNumSub(channels)))
  const [one, two] = [listenTo(bus, orgId), listenTo(bus, orgId)]
  await one.next()
  await two.next()
  expect(await subscribers()).toEqual(new Set([1]))
  one.stop()
  expect(await subscribers()).toEqual(new Set([1]))
  two.stop()
  // Commands of one connection are answered in order: once this subscription stands, the other is gone.
  await waitForWork(bus, ['site.deleted']).rung(1)
  expect(await subscribers()).toEqual(new Set([0]))
})

test('what is not an event of its channel is not heard', async () => {
  const bus = openBus(testRedisUrl())
  const client = createClient({ url: testRedisUrl() })
  await client.connect()
  cleanUps.push(() => client.close())
  const [orgId, other] = [newId('org'), newId('org')]
  const ear = listenTo(bus, orgId)
  await ear.next()
  const channel = channelOf(orgId, 'site.deleted')
  const good = envelope(orgId, 1)
  const bad = ['', 'null', '{', '[]', '{"seq":1}', JSON.stringify({ ...good, seq: -1 }), JSON.stringify({ ...good, actor: 'me' })]
  for (const text of [...bad, JSON.stringify(envelope(other, 1)), JSON.stringify({ ...good, type: 'site.created' })])
    await client.publish(channel, text)
  await client.publish(channel, JSON.stringify(good))
  expect(await ear.next((message) => message !== null)).toEqual(good)
})
