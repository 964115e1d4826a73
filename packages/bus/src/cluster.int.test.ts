import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { channelOf } from '@tocsin/contract/event'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { silentLog } from '@tocsin/process/log'
import { type ClusterNode, type OwnRedisCluster, startRedisCluster, untilTrue } from '@tocsin/testkit/redis-cluster'
import { createClient, createCluster } from 'redis'
import { describeBus, envelope, listenTo, waitForWork } from './bus.contract.ts'
import type { Bus } from './bus.ts'
import { createRedisBus } from './redis.ts'
import { slotOf } from './slots.ts'
import { channelsOf } from './topics.ts'

let cluster: OwnRedisCluster
beforeAll(async () => {
  cluster = await startRedisCluster({ replica: true })
})
afterAll(() => cluster.stop())

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  await cluster.whole()
})

function openBus(url = cluster.url): Bus {
  const bus = createRedisBus({ url, log: silentLog() })
  cleanUps.push(() => bus.close())
  return bus
}

const ready = (bus: Bus) => untilTrue(async () => bus.connected())
const event = (message: unknown) => message !== null

/** An org whose events of the type that tests publish are in a slot of this node. */
async function orgOn(node: ClusterNode): Promise<OrgId> {
  for (;;) {
    const orgId = newId('org')
    if ((await cluster.ownerOf(channelOf(orgId, 'site.deleted'))) === node) return orgId
  }
}

function nodeAt(index: number): ClusterNode {
  const node = cluster.nodes[index]
  if (!node) throw new Error('There are three masters.')
  return node
}

describeBus('redis cluster', async () => {
  const [near, far] = [
    createRedisBus({ url: cluster.url, log: silentLog() }),
    createRedisBus({ url: nodeAt(2).url, log: silentLog() }),
  ]
  await Promise.all([ready(near), ready(far)])
  return { near, far, close: async () => void (await Promise.all([near.close(), far.close()])) }
})

describe('what any client of a cluster may rely on', () => {
  test('who subscribes by SSUBSCRIBE to the channel of an event hears its envelope', async () => {
    const client = createCluster({ rootNodes: [{ url: cluster.url }] })
    client.on('error', () => undefined)
    await client.connect()
    cleanUps.push(() => client.destroy())
    const bus = openBus()
    await ready(bus)
    const orgId = newId('org')
    const heard = new Promise(
      (resolve) => void client.sSubscribe(channelOf(orgId, 'site.deleted'), resolve).then(() => bus.publish(envelope(orgId, 1))),
    )
    expect(JSON.parse(String(await heard))).toEqual(envelope(orgId, 1))
  })

  test('our slots are those of the server', async () => {
    for (const channel of channelsOf(newId('org'))) expect(slotOf(channel)).toBe(await cluster.slotOf(channel))
  })

  test('subscriptions are counted: one for many listeners, none after the last', async () => {
    const bus = openBus()
    const orgId = newId('org')
    const [one, two] = [listenTo(bus, orgId), listenTo(bus, orgId)]
    await one.next()
    await two.next()
    expect(await subscribersOf(orgId)).toEqual(new Set([1]))
    one.stop()
    expect(await subscribersOf(orgId)).toEqual(new Set([1]))
    two.stop()
    await untilTrue(async () => !(await subscribersOf(orgId)).has(1))
  })
})

/** How many connections of the whole cluster are subscribed to each channel of an org. */
async function subscribersOf(orgId: OrgId): Promise<Set<number>> {
  const channels = channelsOf(orgId)
  const counts = new Map(channels.map((channel) => [channel, 0]))
  for (const node of cluster.nodes) {
    const answer = await node.ask<(string | number)[]>('PUBSUB', 'SHARDNUMSUB', ...channels)
    for (const [n, channel] of channels.entries()) counts.set(channel, (counts.get(channel) ?? 0) + Number(answer[2 * n + 1]))
  }
  return new Set(counts.values())
}

test('while a node is dead the others are heard; when it comes back, listeners are told that they may have missed something', async () => {
  const [dying, alive] = [nodeAt(1), nodeAt(2)]
  const bus = openBus()
  const [here, there, later, gone] = [await orgOn(alive), await orgOn(dying), await orgOn(dying), await orgOn(dying)]
  const [near, far, leaving] = [listenTo(bus, here), listenTo(bus, there), listenTo(bus, gone)]
  const work = waitForWork(bus, ['site.deleted'])
  for (const ear of [near, far, leaving]) expect(await ear.next()).toBeNull()
  await work.rung(1)
  await dying.kill()
  leaving.stop()
  const third = listenTo(bus, later) // While a part of its channels has nobody to subscribe to.
  await expect(bus.publish(envelope(there, 1))).rejects.toThrow()
  expect(bus.connected()).toBe(false)
  await bus.publish(envelope(here, null))
  expect(await near.next()).toEqual(envelope(here, null))
  await dying.start()
  for (const ear of [near, far, third]) expect(await ear.next()).toBeNull()
  await ready(bus)
  await bus.publish(envelope(there, 2))
  await bus.publish(envelope(later, 3))
  expect((await far.next(event))?.seq).toBe(2)
  expect((await third.next(event))?.seq).toBe(3)
  expect(await subscribersOf(gone)).toEqual(new Set([0]))
})

test('a slot that moves is heard where it goes, and forth and back', async () => {
  const bus = openBus()
  const [from, to] = [nodeAt(1), nodeAt(2)]
  const orgId = await orgOn(from)
  const slot = slotOf(channelOf(orgId, 'site.deleted'))
  const ear = listenTo(bus, orgId)
  expect(await ear.next()).toBeNull()
  for (const [seq, source, target] of [
    [1, from, to],
    [2, to, from],
  ] as const) {
    await cluster.moveSlot(slot, source, target)
    expect(await ear.next()).toBeNull()
    await bus.publish(envelope(orgId, seq))
    expect((await ear.next(event))?.seq).toBe(seq)
  }
})

test.each([
  { asking: 'for more subscriptions', orgs: 5, pauseMs: 0 },
  // Longer than from one look to the next, with which we ask for our own subscriptions.
  { asking: 'for what we are subscribed to', orgs: 0, pauseMs: 2_500 },
])('what goes and comes back while a node owes us an answer, $asking, is heard', async ({ orgs, pauseMs }) => {
  const [node, other] = [nodeAt(1), nodeAt(2)]
  const bus = openBus()
  const orgId = await orgOn(node)
  const channel = channelOf(orgId, 'site.deleted')
  const ear = listenTo(bus, orgId)
  await ear.next()
  const [here, there] = await Promise.all([node.ask('CLUSTER', 'MYID'), other.ask('CLUSTER', 'MYID')])
  const client = createClient({ url: node.url })
  client.on('error', () => undefined)
  await client.connect()
  cleanUps.push(() => client.destroy())
  node.pause()
  // They wait in the node's socket before whatever we ask for.
  const moves = [
    ['MIGRATING', there],
    ['NODE', there],
    ['IMPORTING', there],
    ['NODE', here],
  ].map((state) => client.sendCommand(['CLUSTER', 'SETSLOT', String(slotOf(channel)), ...state]))
  const more = Array.from({ length: orgs }, () => listenTo(bus, newId('org')))
  await delay(pauseMs)
  node.resume()
  await Promise.all(moves)
  expect(await ear.next()).toBeNull()
  await Promise.all(more.map((each) => each.next()))
  await ready(bus)
  await bus.publish(envelope(orgId, 1))
  expect((await ear.next(event))?.seq).toBe(1)
})

test('who publishes before having learned of a move is sent on', async () => {
  const bus = openBus()
  await ready(bus)
  const [from, to] = [nodeAt(1), nodeAt(2)]
  const orgId = await orgOn(from)
  const channel = channelOf(orgId, 'site.deleted')
  const ear = listenTo(openBus(), orgId)
  await ear.next()
  await cluster.moveSlot(slotOf(channel), from, to)
  await bus.publish(envelope(orgId, 1))
  await cluster.moveSlot(slotOf(channel), to, from)
  await bus.publish(envelope(orgId, 2))
})

test('a node that hangs holds up one publish and nobody else, and not closing; when it goes on, it is heard', async () => {
  const [hanging, alive] = [nodeAt(1), nodeAt(2)]
  const [bus, closing] = [openBus(), openBus()]
  const [here, there] = [await orgOn(alive), await orgOn(hanging)]
  const ear = listenTo(bus, there)
  await Promise.all([ear.next(), ready(bus), ready(closing)])
  const ephemeral = (orgId: OrgId) => bus.publish(envelope(orgId, null))
  hanging.pause()
  cleanUps.push(() => hanging.resume())
  const startedAt = performance.now()
  for (let n = 0; n < 20; n += 1) await expect(ephemeral(there)).rejects.toThrow('not answer')
  await ephemeral(here)
  expect(performance.now() - startedAt).toBeLessThan(2_500)
  expect(bus.connected()).toBe(false)
  listenTo(closing, newId('org'))
  const closingAt = performance.now()
  await closing.close()
  expect(performance.now() - closingAt).toBeLessThan(1_000)
  hanging.resume()
  await ready(bus)
  await bus.publish(envelope(there, 2))
  expect((await ear.next((message) => message?.seq === 2))?.seq).toBe(2)
})

test('without a cluster at the start it follows when it comes, by the one way in that it was given', async () => {
  const node = nodeAt(2)
  await node.kill()
  const bus = openBus(node.url)
  const orgId = newId('org')
  const ear = listenTo(bus, orgId)
  expect(bus.connected()).toBe(false)
  await expect(bus.publish(envelope(orgId, 1))).rejects.toThrow()
  await node.start()
  expect(await ear.next()).toBeNull()
  await ready(bus)
  await bus.publish(envelope(orgId, 2))
  expect((await ear.next(event))?.seq).toBe(2)
})

test('a replica that takes over is heard', async () => {
  const [dying, replica] = [nodeAt(0), nodeAt(3)]
  const bus = openBus(nodeAt(1).url)
  const orgId = await orgOn(dying)
  const ear = listenTo(bus, orgId)
  expect(await ear.next()).toBeNull()
  await dying.kill()
  expect(await ear.next()).toBeNull()
  await bus.publish(envelope(orgId, 1))
  expect((await ear.next(event))?.seq).toBe(1)
  expect(await cluster.ownerOf(channelOf(orgId, 'site.deleted'), replica)).toBe(replica)
  await dying.start()
})
