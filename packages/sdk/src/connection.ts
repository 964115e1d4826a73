import { matchesAny } from '@tocsin/contract/event'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { createAlarm } from './alarm.ts'
import { ApiError } from './api-error.ts'
import { afterFailure, afterSuccess, climbWhenDue, type Ladder, topOfLadder } from './ladder.ts'
import { Connected, Reset, readEvent, readJson } from './read-event.ts'
import type { SseFrame } from './sse-parser.ts'
import { streamAddress } from './stream-address.ts'
import { openFrames } from './stream-frames.ts'
import { askForEvents } from './stream-poll.ts'
import { createTokenSource } from './stream-token.ts'
import type { ResetReason, StreamLimits, StreamOptions, StreamStatus } from './stream-types.ts'

/**
 * One viewer's way to the events of one org. Invariant: handlers see each durable event once, in order; whatever seems to come between is
 * asked for again from the last seq that was delivered.
 *
 *   connecting ──▶ connected ◀──▶ connecting        a lifetime ends, a deploy, a hole in the numbers
 *        │              ▲
 *        ├─▶ polling ───┘ (climbs when due)          streams are held up on the way
 *        ├─▶ offline ──▶ any                         nobody answers
 *        └─▶ error ──(reconnect)──▶ connecting       turned away
 */
export class Connection {
  status: StreamStatus = 'connecting'
  error: ApiError | null = null
  seq: number | null
  readonly #options: StreamOptions
  readonly #limits: StreamLimits
  readonly #fetch: typeof fetch
  readonly #token
  readonly #alarm = createAlarm()
  readonly #closed = new AbortController()
  readonly #eventHandlers = new Set<(event: OrgEvent) => void>()
  readonly #resetHandlers = new Set<(reason: ResetReason, seq: number | null) => void>()
  readonly #statusHandlers = new Set<(status: StreamStatus) => void>()
  #attempt = new AbortController()
  #ladder: Ladder = topOfLadder
  /** Attempts without contact since the last contact: what the pauses grow by. */
  #failures = 0
  #unauthenticated = 0

  constructor(options: StreamOptions, limits: StreamLimits) {
    this.#options = options
    this.#limits = limits
    this.#fetch = options.fetch ?? ((...request) => fetch(...request))
    this.#token = createTokenSource(options.token)
    this.seq = this.#remembered() ?? options.after ?? null
  }

  open(): void {
    const signal = this.#closed.signal
    const retry = () => this.#retryNow()
    // A network that came, went or changed leaves a dead connection behind; a page that was hidden may have slept through everything.
    if (typeof window !== 'undefined') {
      window.addEventListener('online', retry, { signal })
      window.addEventListener('offline', retry, { signal })
      document.addEventListener('visibilitychange', () => this.status !== 'connected' && this.#alarm.wake(), { signal })
    }
    void this.#run()
  }

  onAny(handler: (event: OrgEvent) => void): () => void {
    this.#eventHandlers.add(handler)
    return () => this.#eventHandlers.delete(handler)
  }

  onReset(handler: (reason: ResetReason, seq: number | null) => void): () => void {
    this.#resetHandlers.add(handler)
    return () => this.#resetHandlers.delete(handler)
  }

  onStatus(handler: (status: StreamStatus) => void): () => void {
    this.#statusHandlers.add(handler)
    return () => this.#statusHandlers.delete(handler)
  }

  reconnect(): void {
    this.#token.forget()
    this.#ladder = topOfLadder
    if (this.status === 'error') this.#setStatus('connecting')
    this.#retryNow()
  }

  close(): void {
    this.#closed.abort()
    this.#retryNow()
  }

  #retryNow() {
    this.#attempt.abort()
    this.#alarm.wake()
  }

  async #run() {
    while (!this.#closed.signal.aborted) {
      this.#attempt = new AbortController()
      this.#ladder = climbWhenDue(this.#ladder, performance.now())
      const pauseMs = await this.#once(this.#attempt.signal).catch((error: unknown) => this.#afterError(error))
      if (this.#closed.signal.aborted) return
      if (!this.#attempt.signal.aborted) await this.#alarm.sleep(pauseMs)
    }
  }

  /** One stream or one poll; answers how long to wait before the next. */
  async #once(signal: AbortSignal): Promise<number> {
    const { token, streamUrl } = await this.#token.current()
    if (signal.aborted) return 0
    return this.#ladder.rung === 'stream' ? this.#stream(token, streamUrl, signal) : this.#poll(token, streamUrl, signal)
  }

  async #stream(token: string, streamUrl: string | null, signal: AbortSignal): Promise<number> {
    const stream = await openFrames({
      fetch: this.#fetch,
      url: streamAddress(this.#options, streamUrl, 'stream', { last_event_id: this.seq }),
      token,
      signal,
      silenceMs: this.#limits.connectMs,
    })
    let connected = false
    let pauseMs: number | null = null
    for await (const frame of stream.frames) {
      if (signal.aborted) return 0
      if (frame.event === 'connected') {
        const { seq, heartbeatMs } = Connected.parse(readJson(frame.data))
        // Two heartbeats may be late or lost on a bad line; a third that does not come means that nobody is there.
        stream.expectWithin(heartbeatMs * 2.5)
        this.seq ??= seq
        connected = true
        this.#reached('connected')
      } else if (frame.event === 'token_expiring') {
        this.#token.forget()
        pauseMs = 0 // The fresh token is there in a moment, and nobody else's ends just now.
        break
      } else if (!this.#take(frame)) break
    }
    if (!connected) throw new ApiError('unreadable', 'The stream ended before it began.')
    // Ended on purpose: a lifetime, a deploy, a hole in the numbers.
    return pauseMs ?? this.#pause(stream.retryMs())
  }

  /** False when the stream must be opened again. */
  #take(frame: SseFrame): boolean {
    if (frame.event === 'heartbeat') return true
    if (frame.event === 'reset') {
      const { reason, seq } = Reset.parse(readJson(frame.data))
      if (reason === 'overflow') return false // We were too slow and were cut; nothing is lost, the next stream goes on from our seq.
      this.#reset(reason, seq ?? null)
      return true
    }
    return this.#deliver(readJson(frame.data))
  }

  async #poll(token: string, streamUrl: string | null, signal: AbortSignal): Promise<number> {
    const startedMs = performance.now()
    const waits = this.#ladder.rung === 'long_poll'
    const page = await askForEvents({
      fetch: this.#fetch,
      url: streamAddress(this.#options, streamUrl, 'events', {
        after: this.seq ?? 0,
        limit: this.seq === null ? 1 : 200,
        // The first answer comes at once: it tells that somebody is there.
        wait: waits && this.status === 'polling' ? 25 : 0,
      }),
      token,
      signal,
    })
    if (signal.aborted) return 0
    const starting = this.seq === null
    this.seq ??= page.head // Who has no place yet starts now: what was before is not asked for.
    this.#reached('polling')
    if (starting) return 0
    const before = this.seq
    if (page.reset) this.#reset(page.reset, page.head)
    else for (const event of page.data) if (!this.#deliver(event)) break
    if (this.seq !== before) return 0
    if (!waits) return this.#limits.pollEveryMs
    // A long poll that brings nothing new at once is not long: something between us answers for the server.
    return performance.now() - startedMs < this.#limits.backoffFirstMs ? this.#limits.backoffFirstMs : 0
  }

  /** False when an event before this one is missing. */
  #deliver(json: unknown): boolean {
    const read = readEvent(json)
    if (read.seq !== null) {
      if (this.seq !== null && read.seq <= this.seq) return true // Seen.
      // With a filter the numbers have holes on purpose, and the server's order is all there is to go by.
      const unfiltered = this.#options.events === undefined || matchesAny(this.#options.events, '*')
      if (unfiltered && this.seq !== null && read.seq !== this.seq + 1) return false
      this.seq = read.seq
      this.#remember(read.seq)
    }
    if (read.event === 'unreadable') this.#reset('unreadable', this.seq)
    else if (read.event !== 'unknown') for (const handler of this.#eventHandlers) guarded(handler, read.event)
    return true
  }

  #reset(reason: ResetReason, seq: number | null) {
    this.seq = seq
    for (const handler of this.#resetHandlers) guarded((why) => handler(why, seq), reason)
  }

  #reached(status: 'connected' | 'polling') {
    this.#failures = 0
    this.#unauthenticated = 0
    this.error = null
    this.#ladder = afterSuccess(this.#ladder, performance.now())
    this.#setStatus(status)
  }

  #afterError(cause: unknown): number {
    if (this.#attempt.signal.aborted) return 0
    const error = cause instanceof ApiError ? cause : new ApiError('unreachable', 'The stream broke off.', { cause })
    this.error = error
    this.#failures += 1
    if (error.status === 401) {
      // Tokens end, and keys are replaced: one fresh token is asked for before we believe that we were turned away.
      this.#token.forget()
      this.#unauthenticated += 1
      if (this.#unauthenticated < 2) return 0
    }
    if (error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429) {
      this.#setStatus('error')
      return 2 ** 31 - 1 // Until somebody calls reconnect: asking again would be answered the same way.
    }
    // One cut is no outage; and while a climb is tried, polling still works.
    if (this.#ladder.fallBackTo === null)
      this.#setStatus(error.code === 'unreachable' && this.#failures > 1 ? 'offline' : 'connecting')
    // A server that names a time is there and busy: another way to it would only add to its load.
    if (error.retryAfterMs === null) this.#ladder = afterFailure(this.#ladder, performance.now(), this.#limits)
    return Math.max(error.retryAfterMs ?? 0, this.#pause(null))
  }

  /** Doubling with every failure, from what the server asked for; ±20 %, so that many who were cut together do not come back together. */
  #pause(retryMs: number | null): number {
    const { backoffFirstMs, backoffMaxMs } = this.#limits
    const step = (retryMs ?? backoffFirstMs) * 2 ** Math.max(0, Math.min(this.#failures, 20) - 1)
    return Math.min(step, backoffMaxMs) * (0.8 + 0.4 * Math.random())
  }

  #setStatus(status: StreamStatus) {
    if (status === this.status) return
    this.status = status
    for (const handler of this.#statusHandlers) guarded(handler, status)
  }

  #remembered(): number | null {
    const text = this.#options.storage?.getItem(`tocsin:${this.#options.orgId}:seq`)
    return text && /^\d{1,15}$/.test(text) ? Number(text) : null
  }

  #remember(seq: number) {
    this.#options.storage?.setItem(`tocsin:${this.#options.orgId}:seq`, String(seq))
  }
}

/** A handler that throws is its owner's bug: it is reported as uncaught, and the stream goes on. */
function guarded<Value>(handler: (value: Value) => void, value: Value) {
  try {
    handler(value)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
