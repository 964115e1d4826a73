import { type ChatKind, channels } from '@tocsin/contract/channels/catalog'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'
import { openSettings } from '@tocsin/domain/destinations/settings'
import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { OutboundAnswer } from '@tocsin/outbound/outbound-request'
import type { Clock } from '@tocsin/process/clock'
import type { SecretBox } from '@tocsin/process/secret-box'
import { retryAfterMs } from '../retry-after.ts'
import { attemptMsMax, type Channel, responseBytesMax, type SendResult } from './channel.ts'
import type { ChannelKind, ChannelRequest, Classified } from './channel-kind.ts'
import { chatMessageOf } from './chat-message.ts'
import { redact } from './redact.ts'
import { channelKinds } from './registry.ts'
import type { SubscriberPartOf } from './subscriber-part.ts'

/** Everything that is reached over HTTP and is no webhook: the kind says how a message is put, the rest is here. */
export function createHttpChannel(deps: {
  outbound: Outbound
  box: SecretBox
  clock: Clock
  /** Where links lead; null leaves them out. */
  publicUrl: string | null
  /** What is different in messages to subscribers of a status page. */
  subscriberPartOf?: SubscriberPartOf
  deadlineMs?: number
}): Channel {
  const { outbound, clock, deadlineMs = attemptMsMax } = deps
  return {
    async send(delivery, signal) {
      const { kind, secrets, request } = requestOf(delivery, deps)
      const answer = await outbound.request(request.url, {
        method: 'POST',
        headers: {
          'user-agent': 'Tocsin/1.0',
          'accept-encoding': 'identity',
          // By which a receiver can tell that a message was sent twice.
          'x-tocsin-delivery': delivery.id,
          ...request.headers,
        },
        body: request.body,
        totalTimeoutMs: deadlineMs,
        maxBytes: responseBytesMax,
        signal,
      })
      return resultOf(answer, kind, { secrets, now: clock.now() })
    },
    close: () => outbound.close(),
  }
}

type AnyKind = ChannelKind<Record<string, unknown>>

function requestOf(
  delivery: ClaimedDelivery,
  { box, publicUrl, subscriberPartOf }: { box: SecretBox; publicUrl: string | null; subscriberPartOf?: SubscriberPartOf },
): { kind: AnyKind; secrets: readonly string[]; request: ChannelRequest } {
  const { id, kind: name, config, credentials, receiverId } = delivery
  if (name === null || !isChatKind(name)) throw new Error(`The delivery ${id} is for a ${name}, which is no such channel.`)
  const spec = channels[name]
  const opened = openSettings({ id: receiverId, config: config as Record<string, unknown>, credentials }, box)
  // Settings of the kind that is named beside them: a new default may have come since they were kept.
  const settings = spec.settings.parse(opened) as Record<string, unknown>
  const kind = channelKinds[name] as unknown as AnyKind
  const secrets = spec.secrets.map((field) => settings[field]).filter((secret) => typeof secret === 'string')
  const message = subscriberPartOf?.(delivery)?.chat ?? chatMessageOf(delivery.message, { publicUrl })
  return { kind, secrets, request: kind.build(message, settings) }
}

const isChatKind = (name: string): name is ChatKind => Object.hasOwn(channels, name)

function resultOf(
  answer: OutboundAnswer,
  kind: AnyKind,
  { secrets, now }: { secrets: readonly string[]; now: Date },
): SendResult {
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
  const body = answer.body.toString('utf8')
  const { verdict, retryAfterSeconds } = kind.classify?.({ status, body }) ?? usual(status)
  const asked = status === 429 || status === 503 ? retryAfterMs(answer.headers['retry-after'], now) : null
  return {
    outcome: verdict === 'accepted' ? 'accepted' : verdict === 'gone' ? 'gone' : 'rejected',
    retry: verdict === 'later',
    status,
    latencyMs: answer.timings.totalMs,
    response: redact(body, secrets),
    retryAfterMs: retryAfterSeconds === undefined ? asked : Math.max(asked ?? 0, Math.ceil(retryAfterSeconds * 1000)),
    slow: status === 429 || status === 502 || status === 504,
  }
}

/** 401 and 403 too are tried again: a key may be set anew, and a destination that fails for days is disabled. */
function usual(status: number): Classified {
  if (status >= 200 && status < 300) return { verdict: 'accepted' }
  if (status === 410) return { verdict: 'gone' }
  if (status === 400 || status === 413 || status === 422) return { verdict: 'never' }
  return { verdict: 'later' }
}
