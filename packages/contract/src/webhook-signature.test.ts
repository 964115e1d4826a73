import { expect, test } from '@jest/globals'
import { newWebhookSecret, signWebhook, verifyWebhook } from './webhook-signature.ts'

// The vector of the Standard Webhooks specification's own libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const seconds = 1_614_265_330
const body = '{"test": 2432232314}'
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const now = new Date(seconds * 1000)
const headers = { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signature }

test('signs as the specification does', async () => {
  expect(await signWebhook(secret, id, seconds, body)).toBe(signature)
})

test('accepts one good signature among several, as during a rotation', async () => {
  const rotating = { ...headers, 'webhook-signature': `v1,AAAA ${signature}` }
  expect(await verifyWebhook(secret, rotating, body, now)).toEqual({ test: 2432232314 })
})

test.each([
  ['another secret', newWebhookSecret(), headers, body, now],
  ['a changed body', secret, headers, `${body} `, now],
  ['a changed id', secret, { ...headers, 'webhook-id': 'msg_other' }, body, now],
  ['an old message', secret, headers, body, new Date(now.getTime() + 301_000)],
  ['garbage for a signature', secret, { ...headers, 'webhook-signature': 'v1,%%% v2,x' }, body, now],
  ['no timestamp', secret, { ...headers, 'webhook-timestamp': '' }, body, now],
])('refuses %s', async (_name, key, head, text, at) => {
  await expect(verifyWebhook(key, head, text, at)).rejects.toThrow()
})
