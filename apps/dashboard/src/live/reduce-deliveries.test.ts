import { expect, test } from '@jest/globals'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import { reduce } from './reduce.ts'
import type { DeliveryFilter, SnapshotOf } from './snapshot.ts'
import { eventOf } from './test-views.ts'

const hook = 'whk_000000000000000000000001' as const
const otherHook = 'whk_000000000000000000000002' as const

const delivery = (more: Partial<Delivery>): Delivery => ({
  id: 'dlv_000000000000000000000001',
  channel: 'webhook',
  webhookId: hook,
  destinationId: null,
  userId: null,
  subscriberId: null,
  eventSeq: 1,
  eventType: 'threat.detected',
  state: 'pending',
  reason: 'subscribed',
  attempts: 1,
  nextAttemptAt: null,
  holdUntil: null,
  createdAt: '2026-11-01T00:00:00.000Z',
  finishedAt: null,
  ...more,
})

const all: DeliveryFilter = { state: null, webhookId: null, destinationId: null }
const list = (filter: DeliveryFilter, data: Delivery[]): SnapshotOf<'deliveries'> => ({
  kind: 'deliveries',
  filter,
  page: { data, nextCursor: null, asOf: 1 },
})
const given = eventOf(2, 'delivery.exhausted', { delivery: delivery({ state: 'exhausted', attempts: 10 }) })

test.each([
  { when: 'everything is shown', filter: all, before: [delivery({})], shows: ['exhausted'] },
  { when: 'only what is pending is shown', filter: { ...all, state: 'pending' as const }, before: [delivery({})], shows: [] },
  { when: 'only what was given up is shown', filter: { ...all, state: 'exhausted' as const }, before: [], shows: ['exhausted'] },
  { when: 'its webhook is shown', filter: { ...all, webhookId: hook }, before: [delivery({})], shows: ['exhausted'] },
  { when: 'another webhook is shown', filter: { ...all, webhookId: otherHook }, before: [], shows: [] },
])('a delivery that is given up, where $when', ({ filter, before, shows }) => {
  const after = reduce(list(filter, before), given)
  expect(after).toMatchObject({ page: { asOf: 2, data: shows.map((state) => ({ state })) } })
  expect(after.page.data).toHaveLength(shows.length)
})
