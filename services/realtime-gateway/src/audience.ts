import { matchesAny } from '@tocsin/contract/event'
import { type Frame, FrameLog } from './frame-log.ts'
import type { Meter } from './meter.ts'
import type { Page } from './pages.ts'
import type { ResetReason } from './sse.ts'

/** What happened to a log in one turn of the event loop, as the bytes for everybody who was at its end. */
export interface Turn {
  /** A reader with `from <= cursor < first` takes `bytes` and is at `to`. */
  readonly from: number
  readonly first: number
  readonly to: number
  readonly bytes: Buffer
  readonly frames: number
}

export interface Reader {
  readonly audience: Audience
  deliver(turn: Turn): void
  /** Tries again to read what it still lacks. */
  pump(): void
  reset(reason: ResetReason, head: number): void
}

/** A turn larger than this is not worth one shared buffer: readers take it from the log piece by piece. */
const turnBytesMax = 262_144

/** The readers of an org who chose the same events, and the one log they all read. */
export class Audience {
  readonly patterns: readonly string[]
  readonly readers = new Set<Reader>()
  log: FrameLog
  readonly meter: Meter
  /** The newest seq of the window, which may be beyond the log's last frame. */
  readonly head: () => number
  readonly #readPage: (seq: number) => Promise<Page>
  #parts: Buffer[] = []
  #size = 0
  #from = 0
  #first = Number.POSITIVE_INFINITY

  constructor(options: {
    patterns: readonly string[]
    log: FrameLog
    meter: Meter
    head: () => number
    readPage: (seq: number) => Promise<Page>
  }) {
    this.patterns = options.patterns
    this.log = options.log
    this.meter = options.meter
    this.head = options.head
    this.#readPage = options.readPage
  }

  wants(type: string): boolean {
    return matchesAny(this.patterns, type)
  }

  take(frame: Frame): void {
    this.#add(frame.bytes)
    this.#first = Math.min(this.#first, frame.seq)
    this.log.append(frame)
  }

  /** An ephemeral frame: for those who are there now, and in no log. */
  flash(bytes: Buffer): void {
    this.#add(bytes)
  }

  /** The end of a turn: everything that came in it goes to each reader in one write. */
  flush(): void {
    if (this.#parts.length === 0) return
    const [only] = this.#parts
    const turn: Turn = {
      from: this.#from,
      // Nobody may take an incomplete turn.
      first: this.#size > turnBytesMax ? Number.NEGATIVE_INFINITY : this.#first,
      to: this.log.last,
      bytes: this.#parts.length === 1 && only ? only : Buffer.concat(this.#size > turnBytesMax ? [] : this.#parts),
      frames: this.#parts.length,
    }
    this.#parts = []
    this.#size = 0
    this.#first = Number.POSITIVE_INFINITY
    for (const reader of this.readers) reader.deliver(turn)
  }

  /** The journal's events around a seq, as a log of this audience's frames. */
  async page(seq: number): Promise<{ floor: number; to: number; log: FrameLog }> {
    const page = await this.#readPage(seq)
    return { floor: page.floor, to: page.to, log: page.logFor(this.patterns) }
  }

  /** The journal is another one than it was: what was not written yet belongs to the old one. */
  restart(reason: ResetReason, head: number): void {
    this.log = new FrameLog(head)
    this.#parts = []
    this.#size = 0
    this.#first = Number.POSITIVE_INFINITY
    for (const reader of this.readers) reader.reset(reason, head)
  }

  #add(bytes: Buffer): void {
    if (this.#parts.length === 0) this.#from = this.log.last
    this.#parts.push(bytes)
    this.#size += bytes.length
  }
}
