import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { OrgId, SubscriberId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { listDeliveries } from '../deliveries/deliveries.read.ts'
import { planTest, redeliver } from '../deliveries/deliveries.ts'
import { lockForOutcomes, noteBounce, noteReached } from './bounces.ts'
import { importSubscribers } from './import.ts'
import { getSubscriber, listSubscribers } from './subscribers.read.ts'
import { leave, requirePage, subscribe } from './subscribers.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'link')
let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
})
beforeEach(async () => {
  orgId = await world.newOrg()
})
afterAll(() => world.close())

const inOrg = <Result>(work: (change: Change) => Promise<Result>) => world.change(orgId, work)
const bring = (addresses: readonly string[], more: { confirmedAt?: string } = {}) => {
  const rows = addresses.map((address) => ({ address, minimumImpact: 'none' as const, ...more }))
  return inOrg(async (change) => importSubscribers(change, { statusPageId: await requirePage(change, undefined), rows, box }))
}
const agreed = { confirmedAt: '2026-01-01T00:00:00Z' }
const many = (count: number) => Array.from({ length: count }, (_, n) => `reader${n}@example.com`)
async function reader() {
  await bring(['reader@example.com'], agreed)
  const { data } = await world.journal.read(orgId, (sql) => listSubscribers(sql, { limit: 1 }))
  if (!data[0]) throw new Error('There is no subscriber.')
  return data[0]
}

test('nobody who has left is written to again, not even by hand', async () => {
  const { id } = await reader()
  const delivery = await inOrg((change) => planTest(change, { subscriberId: id }))
  await inOrg((change) => leave(change, { subscriberId: id, reason: 'by_themselves' }))
  await expect(inOrg((change) => redeliver(change, { deliveryId: delivery.id }))).rejects.toThrow('disabled')
})

test('whoever leaves while a mail to them comes back has left, and neither waits for ever', async () => {
  const { id } = await reader()
  for (let n = 0; n < 10; n += 1) {
    const delivery = await inOrg((change) => planTest(change, { subscriberId: id }))
    const record = inOrg(async (change) => {
      await lockForOutcomes(change, { bounced: [id], reached: [] })
      await change.tx.query('select id from delivery where id = $1 for update', [delivery.id])
      await noteBounce(change, { subscriberId: id, kind: 'hard' })
    })
    await Promise.all([record, inOrg((change) => leave(change, { subscriberId: id, reason: 'by_themselves' }))])
  }
  expect((await world.journal.read(orgId, (sql) => getSubscriber(sql, id))).state).toBe('unsubscribed')
})

test('what is full again and again counts in a row only, and who was told to be dead is told once', async () => {
  const { id } = await reader()
  const events = await world.eventsDuring(orgId, async () => {
    for (const kind of ['soft', 'soft', 'soft', 'soft', 'soft', 'soft', 'hard'] as const)
      await inOrg((change) => noteBounce(change, { subscriberId: id, kind }))
  })
  expect(events.map(({ type }) => type)).toEqual(['subscriber.quarantined'])
})

describe('a mail that the next server takes', () => {
  const soft = (id: SubscriberId) => inOrg((change) => noteBounce(change, { subscriberId: id, kind: 'soft' }))
  const reached = (id: SubscriberId) => inOrg((change) => noteReached(change, [id]))
  const stateOf = async (id: SubscriberId) => (await world.journal.read(orgId, (sql) => getSubscriber(sql, id))).state

  test('and that comes back a while later has not got through', async () => {
    const { id } = await reader()
    for (let n = 0; n < 5; n += 1) {
      expect(await stateOf(id)).toBe('confirmed')
      await reached(id)
      world.clock.advance(36 * 3_600_000)
      await soft(id)
    }
    expect(await stateOf(id)).toBe('quarantined')
  })

  test('and of which nothing is heard for days has', async () => {
    const { id } = await reader()
    for (let n = 0; n < 4; n += 1) await soft(id)
    world.clock.advance(5 * 24 * 3_600_000)
    await reached(id)
    await soft(id)
    expect(await stateOf(id)).toBe('confirmed')
  })
})

describe('whoever types the address of somebody else', () => {
  const type = (address: string) =>
    inOrg(async (change) =>
      subscribe(change, {
        statusPageId: await requirePage(change, undefined),
        reach: { kind: 'email', address },
        componentIds: null,
        minimumImpact: 'none',
        source: 'page',
        box,
      }),
    )
  const mails = async (): Promise<number> =>
    (await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 100 }))).data.length

  test('has them asked at longer and longer times, and once a day in the end', async () => {
    const asked: number[] = []
    for (let hour = 0; hour < 7 * 24; hour += 1) {
      const before = await mails()
      await type('victim@example.com')
      if ((await mails()) > before) asked.push(hour)
      world.clock.advance(3_600_000)
    }
    expect(asked).toEqual([0, 1, 2, 4, 8, 16, 32, 56, 80, 104, 128, 152])
  })

  test('has nobody asked who has called our mail spam', async () => {
    const { id, address } = await reader()
    await inOrg((change) => noteBounce(change, { subscriberId: id, kind: 'complaint' }))
    world.clock.advance(20 * 24 * 3_600_000)
    await type(address)
    expect(await mails()).toBe(0)
    expect((await world.journal.read(orgId, (sql) => getSubscriber(sql, id))).state).toBe('unsubscribed')
  })
})

test('thousands who have agreed come at once; thousands are not asked at once', async () => {
  expect(await bring(many(10_000), agreed)).toEqual({ confirmed: 10_000, asked: 0, known: 0 })
  await expect(bring(many(1_001).map((address) => `new-${address}`))).rejects.toThrow('at most')
  expect(await bring(many(1_000).map((address) => `new-${address}`))).toEqual({ confirmed: 0, asked: 1_000, known: 0 })
})
