/**
 * Standard Webhooks 1.0.0, symmetric: HMAC-SHA256 over `id.timestamp.body`, secrets `whsec_` + base64.
 * Web Crypto only, so that the same file runs in a browser, in a customer's program and here.
 */
const prefix = 'whsec_'
const toleranceSeconds = 5 * 60
const encoder = new TextEncoder()

export function newWebhookSecret(): string {
  return prefix + toBase64(crypto.getRandomValues(new Uint8Array(32)))
}

/** `v1,<base64>` for one secret. `timestampSeconds` is Unix time. */
export async function signWebhook(secret: string, id: string, timestampSeconds: number, body: string): Promise<string> {
  const signed = encoder.encode(`${id}.${timestampSeconds}.${body}`)
  const mac = await crypto.subtle.sign('HMAC', await importKey(secret, 'sign'), signed)
  return `v1,${toBase64(new Uint8Array(mac))}`
}

export type WebhookHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string }

/**
 * Throws unless one of the signatures is ours and the timestamp is within five minutes of `now`; answers the parsed body. Bytes are
 * verified as they are: decoding them first could make two bodies one. Web Crypto compares in constant time.
 */
export async function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  body: string | Uint8Array,
  now: Date,
): Promise<unknown> {
  const timestamp = headers['webhook-timestamp']
  const timestampSeconds = Number(timestamp)
  if (!/^\d{1,12}$/.test(timestamp)) throw new Error('The webhook-timestamp header is not a whole number.')
  if (Math.abs(now.getTime() / 1000 - timestampSeconds) > toleranceSeconds)
    throw new Error('The webhook is older or newer than five minutes.')
  const key = await importKey(secret, 'verify')
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  const signed = joined(encoder.encode(`${headers['webhook-id']}.${timestamp}.`), bytes)
  for (const candidate of headers['webhook-signature'].split(' ')) {
    const [version, signature] = candidate.split(',')
    if (version !== 'v1' || !signature) continue
    if (await crypto.subtle.verify('HMAC', key, fromBase64(signature), signed)) return JSON.parse(new TextDecoder().decode(bytes))
  }
  throw new Error('No signature of the webhook matches the secret.')
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(head.length + tail.length)
  all.set(head)
  all.set(tail, head.length)
  return all
}

/** The bytes that a secret stands for. */
export function webhookKeyOf(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith(prefix)) throw new Error(`A webhook secret starts with "${prefix}".`)
  return fromBase64(secret.slice(prefix.length))
}

function importKey(secret: string, use: 'sign' | 'verify') {
  return crypto.subtle.importKey('raw', webhookKeyOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [use])
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** Empty for text that is not base64: no signature of ours is empty, so it never verifies. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) return new Uint8Array()
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
