import { expect, test } from '@jest/globals'
import { system } from '@tocsin/contract/actor'
import { newId } from '@tocsin/contract/ids'
import { plan } from './plan.ts'

const webhookId = newId('webhook')
const destinationId = newId('destination')
const event = (type: string) => ({
  seq: 7,
  type,
  orgId: newId('org'),
  at: '2026-03-02T09:00:00.000Z',
  actor: system('test'),
  data: { threat: { id: newId('threat'), severity: 'low' } },
})
const world = { webhooks: [{ id: webhookId, events: ['*'] }], destinations: [{ id: destinationId, events: ['*'] }] }

test.each([
  { type: 'threat.detected', told: [{ webhookId }] },
  { type: 'site.paused', told: [{ webhookId }] },
  { type: 'alert.triggered', told: [{ webhookId }] },
  { type: 'scan.failed', told: [{ webhookId }, { destinationId }] },
  { type: 'endpoint.warned', told: [{ webhookId }, { destinationId }] },
])('$type', ({ type, told }) => {
  const of = event(type)
  const planned = plan(of, world)
  expect(planned.map(({ receiver }) => receiver)).toEqual(told)
  for (const { message, state, reason } of planned)
    expect({ message, state, reason }).toEqual({
      message: { seq: 7, type, at: of.at, data: of.data },
      state: 'pending',
      reason: 'subscribed',
    })
})

test('whoever has not asked gets nothing', () => {
  const world = { webhooks: [{ id: webhookId, events: ['site.*'] }], destinations: [{ id: destinationId, events: ['site.*'] }] }
  expect(plan(event('scan.failed'), world)).toEqual([])
})
