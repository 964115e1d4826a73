import { verifyWebhook as verifySignature } from '@tocsin/contract/webhook-signature'
import { z } from 'zod'

const Message = z.object({ type: z.string(), timestamp: z.string(), data: z.unknown() })

/** `id` stays the same over all attempts of a message: remember it to recognise one that comes twice. */
export type WebhookMessage = { id: string; type: string; timestamp: string; data: unknown }

type HeaderSource = Headers | Record<string, string | readonly string[] | undefined>

/**
 * The message, if it came from us and is not older than five minutes; throws otherwise. `headers` as Fetch or Node give them;
 * `body` exactly as it arrived, before any parsing.
 */
export async function verifyWebhook(request: {
  secret: string
  headers: HeaderSource
  body: string | Uint8Array
  now?: Date
}): Promise<WebhookMessage> {
  const headers = {
    'webhook-id': header(request.headers, 'webhook-id'),
    'webhook-timestamp': header(request.headers, 'webhook-timestamp'),
    'webhook-signature': header(request.headers, 'webhook-signature'),
  }
  const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body)
  const parsed = await verifySignature(request.secret, headers, body, request.now ?? new Date())
  return { id: headers['webhook-id'], ...Message.parse(parsed) }
}

function header(headers: HeaderSource, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name]
  if (typeof value !== 'string') throw new Error(`The ${name} header is missing.`)
  return value
}
