import { describe, expect, test } from '@jest/globals'
import { newWebhookSecret, signWebhook } from '@tocsin/contract/webhook-signature'
import { verifyWebhook } from './verify-webhook.ts'

const secret = newWebhookSecret()
const now = new Date('2026-11-01T00:00:00Z')
const seconds = now.getTime() / 1000
const body = '{"type":"threat.detected","timestamp":"2026-11-01T00:00:00.000Z","data":{"threat":1}}'
const headers = async () => ({
  'webhook-id': 'dlv_1',
  'webhook-timestamp': String(seconds),
  'webhook-signature': await signWebhook(secret, 'dlv_1', seconds, body),
})

describe('verifyWebhook', () => {
  test('answers the message, whether headers come from Fetch or from Node and the body as text or bytes', async () => {
    const message = { id: 'dlv_1', type: 'threat.detected', timestamp: '2026-11-01T00:00:00.000Z', data: { threat: 1 } }
    expect(await verifyWebhook({ secret, headers: await headers(), body, now })).toEqual(message)
    const bytes = new TextEncoder().encode(body)
    expect(await verifyWebhook({ secret, headers: new Headers(await headers()), body: bytes, now })).toEqual(message)
  })

  test.each([
    { what: 'a changed body', change: { body: body.replace('1}', '2}') } },
    { what: 'another secret', change: { secret: newWebhookSecret() } },
    { what: 'an old message', change: { now: new Date(now.getTime() + 301_000) } },
    { what: 'a missing header', change: { headers: {} } },
  ])('throws for $what', async ({ change }) => {
    await expect(verifyWebhook({ secret, headers: await headers(), body, now, ...change })).rejects.toThrow()
  })
})
