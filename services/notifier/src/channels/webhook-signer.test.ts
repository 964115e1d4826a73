import { expect, test } from '@jest/globals'
import { newWebhookSecret, signWebhook } from '@tocsin/contract/webhook-signature'
import { createWebhookSigner } from './webhook-signer.ts'

test.each(['', '{}', '{"text":"Grüße, 東京, 🔔"}', 'a.b\0c\uD800', 'x'.repeat(100_000)])(
  'signs as the contract does: %.30j',
  async (body) => {
    const secret = newWebhookSecret()
    const expected = await signWebhook(secret, 'dlv_1', 1_614_265_330, body)
    expect(createWebhookSigner(secret)('dlv_1', 1_614_265_330, Buffer.from(body))).toBe(expected)
  },
)

test('signs as the specification does', () => {
  const sign = createWebhookSigner('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const signature = sign('msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, Buffer.from('{"test": 2432232314}'))
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('reads no secret that is not one', () => {
  expect(() => createWebhookSigner('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toThrow('whsec_')
})
