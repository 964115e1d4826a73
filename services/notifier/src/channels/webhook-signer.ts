import { createHmac, createSecretKey } from 'node:crypto'
import { webhookKeyOf } from '@tocsin/contract/webhook-signature'

export type WebhookSigner = (id: string, timestampSeconds: number, body: Buffer) => string

/**
 * What the contract's `signWebhook` answers, at once: Web Crypto would go through a thread for each signature, and the notifier
 * makes thousands a second. The secret is read once.
 */
export function createWebhookSigner(secret: string): WebhookSigner {
  const key = createSecretKey(webhookKeyOf(secret))
  return (id, timestampSeconds, body) =>
    `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body).digest('base64')}`
}
