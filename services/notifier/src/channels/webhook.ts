import type { WebhookBody } from '@tocsin/contract/message'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'
import { openHeaders } from '@tocsin/domain/webhooks/headers'
import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { OutboundAnswer } from '@tocsin/outbound/outbound-request'
import type { Clock } from '@tocsin/process/clock'
import type { SecretBox } from '@tocsin/process/secret-box'
import { retryAfterMs } from '../retry-after.ts'
import { attemptMsMax, type Channel, responseBytesMax, type SendResult } from './channel.ts'
import { redact } from './redact.ts'
import type { SubscriberPartOf } from './subscriber-part.ts'
import { createWebhookSigner, type WebhookSigner } from './webhook-signer.ts'

/** Standard Webhooks 1.0.0: the id is the same over all attempts, the timestamp is of this one. */
export function createWebhookChannel(deps: {
  outbound: Outbound
  box: SecretBox
  clock: Clock
  /** What is different in messages to subscribers of a status page. */
  subscriberPartOf?: SubscriberPartOf
  deadlineMs?: number
}): Channel {
  const { outbound, box, clock, subscriberPartOf, deadlineMs = attemptMsMax } = deps
  const signerOf = remembering((sealed, receiverId) => createWebhookSigner(box.open(sealed, receiverId)))
  const headersOf = remembering((sealed, receiverId) => openHeaders(sealed, receiverId, box))
  return {
    async send(delivery, signal) {
      const body = bodyOf({ ...delivery, message: subscriberPartOf?.(delivery)?.webhook ?? delivery.message })
      const own = ownHeaders(delivery, headersOf)
      const answer = await outbound.request(urlOf(delivery), {
        method: 'POST',
        headers: {
          ...own,
          'content-type': 'application/json',
          'user-agent': 'Tocsin/1.0',
          'accept-encoding': 'identity',
          ...signatureHeaders(delivery, body, signerOf, clock.now()),
        },
        body,
        totalTimeoutMs: deadlineMs,
        maxBytes: responseBytesMax,
        signal,
      })
      return resultOf(answer, { secrets: secretsOf(own), now: clock.now() })
    },
    close: () => outbound.close(),
  }
}

function bodyOf({ message, orgId }: ClaimedDelivery): Buffer {
  const body: WebhookBody = { type: message.type, timestamp: message.at, orgId, seq: message.seq, data: message.data }
  return Buffer.from(JSON.stringify(body))
}

function urlOf({ url, id }: ClaimedDelivery): string {
  if (url === null) throw new Error(`The delivery ${id} is not for a webhook.`)
  return url
}

/** While a rotated secret is still good, both sign: the new one first. */
function signatureHeaders(delivery: ClaimedDelivery, body: Buffer, signerOf: SignerOf, now: Date): Record<string, string> {
  const timestampSeconds = Math.floor(now.getTime() / 1000)
  const sealed = [delivery.secret, delivery.oldSecret].filter((secret) => secret !== null)
  const signatures = sealed.map((secret) => signerOf(secret, delivery.receiverId)(delivery.id, timestampSeconds, body))
  return {
    'webhook-id': delivery.id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  }
}

/** Ours come after them, and none of ours can be among them. */
const ownHeaders = ({ headers, receiverId }: ClaimedDelivery, headersOf: OfSealed<Readonly<Record<string, string>>>) =>
  headers === null ? {} : headersOf(headers, receiverId)

type OfSealed<Opened> = (sealed: string, receiverId: string) => Opened
type SignerOf = OfSealed<WebhookSigner>

/** Opening a secret and reading its key costs more than the signature: both are done once while an endpoint is busy. */
function remembering<Opened>(open: OfSealed<Opened>): OfSealed<Opened> {
  const opened = new Map<string, Opened>()
  return (sealed, receiverId) => {
    const key = `${receiverId} ${sealed}`
    const known = opened.get(key)
    if (known !== undefined) return known
    if (opened.size >= rememberedMax) opened.clear()
    const made = open(sealed, receiverId)
    opened.set(key, made)
    return made
  }
}

/** Some 200 bytes each; headers may be ten times as long. */
const rememberedMax = 5_000

/** Receivers that echo what they got are not rare. Of an authorization also what comes after its scheme. */
const secretsOf = (own: Readonly<Record<string, string>>): string[] =>
  Object.values(own)
    .flatMap((value) => [value, value.slice(value.indexOf(' ') + 1)])
    .sort((a, b) => b.length - a.length)

function resultOf(answer: OutboundAnswer, { secrets, now }: { secrets: readonly string[]; now: Date }): SendResult {
  if (!answer.ok)
    return {
      outcome: answer.fault === 'protocol' ? 'rejected' : answer.fault,
      retry: true,
      status: null,
      latencyMs: answer.elapsedMs,
      response: redact(answer.detail, secrets),
      retryAfterMs: null,
      slow: false,
    }
  const { status } = answer
  const accepted = status >= 200 && status < 300
  return {
    outcome: accepted ? 'accepted' : status === 410 ? 'gone' : 'rejected',
    retry: status !== 410,
    status,
    latencyMs: answer.timings.totalMs,
    response: redact(answer.body.toString('utf8'), secrets),
    retryAfterMs: status === 429 || status === 503 ? retryAfterMs(answer.headers['retry-after'], now) : null,
    slow: status === 429 || status === 502 || status === 504,
  }
}
