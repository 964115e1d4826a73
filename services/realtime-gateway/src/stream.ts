import type { Audience, Reader, Turn } from './audience.ts'
import { heartbeatFrame, type ResetReason, resetFrame, tokenExpiringFrame } from './sse.ts'

/** Where bytes leave: a raw socket, an HTTP/1.1 response without a length, or an HTTP/2 stream. `write` answers false when it is full. */
export interface Outlet {
  readonly writableLength: number
  write(bytes: Buffer): boolean
  end(): unknown
  destroy(): unknown
}

/** What ended it, for the metrics; `left`: the viewer went by itself. */
export type EndReason = 'left' | 'lifetime' | 'token' | 'revoked' | 'overflow' | 'gone' | 'drain'

/** Seconds since the epoch, whole: what one turn of the wheel is. */
export type Second = number

/** Unsent bytes beyond which a viewer is cut. */
const unsentBytesMax = 1_048_576
/** How long a full outlet may stay full. */
const stuckSecondsMax = 30
/** How long the other side has to close after we did. */
const lingerSeconds = 3
export const tokenWarningSeconds = 60

/**
 * One viewer: a cursor into its audience's log. Live delivery, replay and catching up are the same act, writing from the cursor to the
 * end; nothing is queued for a viewer, so one that does not read costs no more than one that does.
 *
 *   writing ──▶ full ──(drain)──▶ writing
 *      │          └──(too long, too much)──▶ ended
 *      └──▶ reading a page of the journal ──▶ writing      the cursor is behind the log
 */
export class Stream implements Reader {
  readonly outlet: Outlet
  readonly audience: Audience
  cursor: number
  endReason: EndReason | null = null
  #lastWrite: Second
  /** 0: not full. */
  #fullSince: Second = 0
  #reading = false
  #endsAt: Second
  readonly #endsBy: 'lifetime' | 'token'
  /** 0: no token, or warned already. */
  #warnAt: Second
  readonly #time: { second: Second }

  constructor(options: {
    outlet: Outlet
    audience: Audience
    cursor: number
    endsAt: Second
    tokenEndsAt: Second | null
    time: { second: Second }
  }) {
    this.outlet = options.outlet
    this.audience = options.audience
    this.cursor = options.cursor
    this.#time = options.time
    this.#lastWrite = options.time.second
    this.#endsAt = Math.min(options.endsAt, options.tokenEndsAt ?? options.endsAt)
    this.#endsBy = options.tokenEndsAt === this.#endsAt ? 'token' : 'lifetime'
    this.#warnAt = this.#endsBy === 'token' ? Math.max(1, this.#endsAt - tokenWarningSeconds) : 0
  }

  deliver(turn: Turn): void {
    if (this.#fullSince > 0) this.#cutIfTooFarBehind()
    else if (this.cursor >= turn.from && this.cursor < turn.first && this.endReason === null) {
      if (turn.to > this.cursor) this.cursor = turn.to
      this.write(turn.bytes, turn.frames)
    } else this.pump()
  }

  pump(): void {
    while (this.#fullSince === 0 && this.endReason === null) {
      if (this.cursor < this.audience.log.floor) {
        this.#readPage()
        return
      }
      const batch = this.audience.log.batch(this.cursor)
      if (!batch) return
      this.cursor = batch.to
      this.write(batch.bytes, batch.frames)
    }
  }

  drained(): void {
    this.#fullSince = 0
    this.pump()
  }

  write(bytes: Buffer, frames: number): void {
    this.#lastWrite = this.#time.second
    const { tally } = this.audience.meter
    tally.frames += frames
    tally.bytes += bytes.length
    if (!this.outlet.write(bytes)) this.#fullSince = this.#time.second
  }

  /** What was missed is not to be had: the viewer takes a snapshot and goes on from `head`. */
  reset(reason: ResetReason, head: number): void {
    if (this.endReason !== null) return
    this.cursor = head
    this.audience.meter.resets.inc({ reason })
    this.write(resetFrame(reason, head), 1)
  }

  end(reason: EndReason, lastFrame?: Buffer): void {
    if (this.endReason !== null) return
    this.endReason = reason
    this.#endsAt = this.#time.second + lingerSeconds
    if (lastFrame) this.outlet.write(lastFrame)
    this.outlet.end()
  }

  /** Looks after the stream and answers when to look again. */
  tick(heartbeatSeconds: number): Second {
    const now = this.#time.second
    if (this.endReason !== null) {
      if (now >= this.#endsAt) this.outlet.destroy()
      return now + 1
    }
    if (this.#fullSince > 0 && now - this.#fullSince >= stuckSecondsMax) this.#cut()
    else if (now >= this.#endsAt) this.end(this.#endsBy)
    if (this.endReason !== null) return now + 1
    if (this.#warnAt > 0 && now >= this.#warnAt) this.#warn(now)
    if (this.#fullSince === 0 && now - this.#lastWrite >= heartbeatSeconds) this.write(heartbeatFrame, 1)
    const nextBeat = this.#fullSince > 0 ? this.#fullSince + stuckSecondsMax : this.#lastWrite + heartbeatSeconds
    return Math.max(now + 1, Math.min(nextBeat, this.#endsAt, this.#warnAt || this.#endsAt))
  }

  #warn(now: Second): void {
    this.#warnAt = 0
    this.write(tokenExpiringFrame(Math.max(0, this.#endsAt - now)), 1)
  }

  #readPage(): void {
    if (this.#reading) return
    this.#reading = true
    this.audience.page(this.cursor).then(
      (page) => {
        this.#reading = false
        this.#takePage(page)
      },
      () => {
        // The window's own reading says so in the log; the sweep makes everybody try again.
        this.#reading = false
      },
    )
  }

  #takePage(page: Awaited<ReturnType<Audience['page']>>): void {
    if (this.endReason !== null) return
    if (this.cursor < page.floor) this.reset('expired', this.audience.head())
    while (this.cursor < this.audience.log.floor) {
      const batch = page.log.batch(this.cursor)
      this.cursor = batch?.to ?? Math.max(this.cursor, page.to)
      if (!batch) break
      this.write(batch.bytes, batch.frames)
      // The page is not held while we wait: it will be there, or is read again.
      if (this.#fullSince > 0) return
    }
    this.pump()
  }

  #cutIfTooFarBehind(): void {
    const { log } = this.audience
    if (this.cursor >= log.floor && this.outlet.writableLength + log.bytesAfter(this.cursor) > unsentBytesMax) this.#cut()
  }

  /** Nothing is lost: it comes back with the last id that it read. */
  #cut(): void {
    this.end('overflow', resetFrame('overflow', null))
  }
}
