import type { EventName, OrgEvent } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'
import type { ApiError } from './api-error.ts'
import type { LadderLimits } from './ladder.ts'
import type { StreamToken } from './stream-token.ts'

/** polling: events come, a little later. offline: nobody can be reached; tried again by itself. error: we were turned away; only `reconnect` tries again. */
export type StreamStatus = 'connecting' | 'connected' | 'polling' | 'offline' | 'error'

/** Why the events between what you know and what comes next cannot be had: take a fresh snapshot. */
export type ResetReason = 'expired' | 'ahead' | 'unreadable'

export interface StreamOptions {
  /** Where the API is; '' in a page that the API itself serves. The token may name another place for the stream. */
  url: string
  orgId: OrgId
  /** Asked whenever a fresh one is needed: `() => client.call(createRealtimeToken)` is enough. */
  token: () => Promise<StreamToken>
  /** Event types, `slice.*` or `*`. Must be given too when the token itself is limited to some. */
  events?: readonly string[]
  /** The seq of your snapshot (`asOf`): the first event will be the one after it. Without it, the stream starts now. */
  after?: number
  fetch?: typeof fetch
  /** Remembers the seq over reloads; `localStorage` fits. Prefer `after` where there is a snapshot. */
  storage?: Pick<Storage, 'getItem' | 'setItem'>
}

export type EventOf<Type extends EventName> = Extract<OrgEvent, { type: Type }>

/** Every subscription answers the function that ends it. Handlers run in the order of the events. */
export interface Stream {
  on<Type extends EventName>(type: Type, handler: (event: EventOf<Type>) => void): () => void
  onAny(handler: (event: OrgEvent) => void): () => void
  /** Called with the seq from which events go on: a snapshot must not be older. */
  onReset(handler: (reason: ResetReason, seq: number | null) => void): () => void
  onStatus(handler: (status: StreamStatus) => void): () => void
  readonly status: StreamStatus
  /** Why the status is `offline` or `error`. */
  readonly error: ApiError | null
  /** The seq of the last event that was delivered or passed over; null until the stream knows where it is. */
  readonly seq: number | null
  /** Try again now, with a fresh token and from the best way down. */
  reconnect(): void
  close(): void
}

export interface StreamLimits extends LadderLimits {
  /** For the `connected` frame; a proxy that buffers streams never lets it through. */
  connectMs: number
  backoffFirstMs: number
  backoffMaxMs: number
  pollEveryMs: number
}
