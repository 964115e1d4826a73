import { describe, expect, test } from '@jest/globals'
import { newWebhookSecret, signWebhook } from '@tocsin/contract/webhook-signature'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { verifyWebhook } from './verify-webhook.ts'

const secret = newWebhookSecret()
const now = new Date('2026-11-01T00:00:00Z')
const seconds = now.getTime() / 1000
const message = {
  type: 'threat.detected',
  timestamp: '2026-11-01T00:00:00.000Z',
  orgId: 'org_1',
  seq: 7,
  data: { name: 'café ☕' },
}
const body = JSON.stringify(message)
const bytes = new TextEncoder().encode(body)
const headersOf = (signature: string, at = seconds) => ({
  'webhook-id': 'dlv_1',
  'webhook-timestamp': String(at),
  'webhook-signature': signature,
})
const headers = async () => headersOf(await signWebhook(secret, 'dlv_1', seconds, body))
const verified = { id: 'dlv_1', ...message }

describe('verifyWebhook', () => {
  test('answers the message, whatever the headers come from and whether the body is text or bytes', async () => {
    const sources = [await headers(), new Headers(await headers()), { 'Webhook-Id': 'dlv_1', ...(await capitalised()) }]
    for (const source of sources)
      for (const raw of [body, bytes, Buffer.from(body)])
        expect(await verifyWebhook({ secret, headers: source, body: raw, now })).toEqual(verified)
  })

  test('takes either secret while both sign, in either order', async () => {
    const other = await signWebhook(newWebhookSecret(), 'dlv_1', seconds, body)
    const ours = await signWebhook(secret, 'dlv_1', seconds, body)
    for (const both of [`${other} ${ours}`, `${ours} ${other}`, `v1a,${'A'.repeat(88)} ${ours}`])
      expect(await verifyWebhook({ secret, headers: headersOf(both), body, now })).toEqual(verified)
  })

  test.each([
    { what: 'a changed body', change: { body: body.replace('7', '8') } },
    { what: 'a body that was parsed and put together again', change: { body: JSON.stringify(JSON.parse(body), null, 1) } },
    { what: 'bytes that are another text once decoded', change: { body: new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]) } },
    { what: 'another secret', change: { secret: newWebhookSecret() } },
    { what: 'an old message', change: { now: new Date(now.getTime() + 301_000) } },
    { what: 'one from the future', change: { now: new Date(now.getTime() - 301_000) } },
    { what: 'a missing header', change: { headers: {} } },
    { what: 'a header that came twice', change: { headers: { ...headersOf('v1,AAAA'), 'webhook-id': ['dlv_1', 'dlv_2'] } } },
    { what: 'no signature', change: { headers: headersOf('') } },
    { what: 'an empty signature', change: { headers: headersOf('v1,') } },
    { what: 'a time that is none', change: { headers: { ...headersOf('v1,AAAA'), 'webhook-timestamp': `${seconds}.0` } } },
  ])('throws for $what', async ({ change }) => {
    await expect(verifyWebhook({ secret, headers: await headers(), body, now, ...change })).rejects.toThrow()
  })
})

describe('the same as other libraries', () => {
  // They read the wall clock.
  const at = new Date()
  const wallSeconds = Math.floor(at.getTime() / 1000)

  test('what standardwebhooks and svix sign, we accept', async () => {
    for (const theirs of [new StandardWebhook(secret), new SvixWebhook(secret)]) {
      const signed = headersOf(theirs.sign('dlv_1', at, body), wallSeconds)
      expect(await verifyWebhook({ secret, headers: signed, body })).toEqual(verified)
    }
  })

  test('what we sign, they accept, also while two secrets sign; and what we refuse, they refuse', async () => {
    const ours = await signWebhook(secret, 'dlv_1', wallSeconds, body)
    const other = await signWebhook(newWebhookSecret(), 'dlv_1', wallSeconds, body)
    for (const theirs of [new StandardWebhook(secret), new SvixWebhook(secret)]) {
      expect(() => theirs.verify(body, headersOf(ours, wallSeconds))).not.toThrow()
      expect(() => theirs.verify(body, headersOf(`${other} ${ours}`, wallSeconds))).not.toThrow()
      expect(() => theirs.verify(body, headersOf(other, wallSeconds))).toThrow()
      expect(() => theirs.verify(`${body} `, headersOf(ours, wallSeconds))).toThrow()
    }
  })
})

async function capitalised(): Promise<Record<string, string>> {
  const { 'webhook-timestamp': timestamp, 'webhook-signature': signature } = await headers()
  return { 'Webhook-Timestamp': timestamp, 'Webhook-Signature': signature }
}
