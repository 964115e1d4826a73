import { verifyWebhook as verifySignature } from '@tocsin/contract/webhook-signature'
import { z } from 'zod'

const Message = z.object({
  type: z.string(),
  timestamp: z.string(),
  orgId: z.string(),
  seq: z.number().int().nullable(),
  data: z.unknown(),
})

/**
 * `id` stays the same over all attempts of a message: remember it to recognise one that comes twice. `seq` numbers the events of an org:
 * by it they can be put in order, and a hole in it means that one is still to come. It is null for a test.
 */
export type WebhookMessage = { id: string; type: string; timestamp: string; orgId: string; seq: number | null; data: unknown }

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
  const parsed = await verifySignature(request.secret, headers, request.body, request.now ?? new Date())
  return { id: headers['webhook-id'], ...Message.parse(parsed) }
}

/** Some frameworks keep the names as they were sent. */
function header(headers: HeaderSource, name: string): string {
  const value =
    headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1]
  if (typeof value !== 'string') throw new Error(`The ${name} header is missing.`)
  return value
}
