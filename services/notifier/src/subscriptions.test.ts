import { describe, expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { wantsMail, wantsWebhook } from './subscriptions.ts'

const own = newId('webhook')
const other = newId('webhook')
const aboutDelivery = (webhookId: string | null, eventType = 'threat.detected', destinationId: string | null = null) => ({
  delivery: { eventType, webhookId, destinationId },
})

describe('webhooks', () => {
  test.each([
    { events: ['*'], type: 'site.paused', data: {}, wanted: true },
    { events: ['threat.*'], type: 'threat.resolved', data: {}, wanted: true },
    { events: ['threat.*'], type: 'site.paused', data: {}, wanted: false },
    { events: ['threat.detected'], type: 'threat.resolved', data: {}, wanted: false },
    { events: ['*'], type: 'delivery.failed', data: aboutDelivery(other), wanted: false },
    { events: ['delivery.*'], type: 'delivery.failed', data: aboutDelivery(other), wanted: true },
    { events: ['delivery.failed'], type: 'delivery.failed', data: aboutDelivery(null, 'threat.detected', 'dst_1'), wanted: true },
    { events: ['delivery.*'], type: 'delivery.failed', data: aboutDelivery(own), wanted: false },
    { events: ['delivery.*'], type: 'delivery.failed', data: aboutDelivery(other, 'delivery.failed'), wanted: false },
    { events: ['delivery.*'], type: 'delivery.failed', data: {}, wanted: false },
    { events: ['*'], type: 'endpoint.disabled', data: { webhook: { id: other } }, wanted: true },
    { events: ['*'], type: 'endpoint.disabled', data: { webhook: { id: own } }, wanted: false },
  ])('$events, $type of $data → $wanted', ({ events, type, data, wanted }) =>
    expect(wantsWebhook({ id: own, events }, { type, data })).toBe(wanted),
  )
})

describe('mails', () => {
  test.each([
    { events: ['*'], type: 'threat.detected', wanted: false },
    { events: ['*'], type: 'scan.failed', wanted: true },
    { events: ['endpoint.*'], type: 'endpoint.disabled', wanted: true },
    { events: ['threat.*'], type: 'threat.summary_changed', wanted: false },
    { events: ['threat.summary_changed'], type: 'threat.summary_changed', wanted: false },
    { events: ['*'], type: 'scan.completed', wanted: false },
    { events: ['scan.failed'], type: 'scan.failed', wanted: true },
    { events: ['*'], type: 'circuit_breaker.tripped', wanted: false },
    { events: ['threat.*'], type: 'scan.failed', wanted: false },
  ])('$events, $type → $wanted', ({ events, type, wanted }) =>
    expect(wantsMail({ id: 'dst_1', events }, { type, data: {} })).toBe(wanted),
  )
})
