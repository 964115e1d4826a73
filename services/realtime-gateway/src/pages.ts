import { matchesAny } from '@tocsin/contract/event'
import type { DurableEvent, JournalState } from '@tocsin/journal/read'
import { type Frame, FrameLog } from './frame-log.ts'
import { eventFrame } from './sse.ts'

/** A piece of the journal, cut at fixed places, so that all who come back from about the same time share it. */
export interface Page {
  /** As the journal had it when the page was read. */
  readonly floor: number
  /** The page holds every event from its beginning, or the floor, up to here. */
  readonly to: number
  logFor(patterns: readonly string[]): FrameLog
}

export type ReadJournal = (after: number, limit: number) => Promise<{ state: JournalState; events: DurableEvent[] }>

export const pageEvents = 256
/** Some hundred kilobytes each; who is slower than these pages are replaced costs one more read. */
const pagesKeptMax = 8

export const frameOf = (event: DurableEvent, takenMs: number): Frame => ({
  seq: event.seq,
  type: event.type,
  bytes: eventFrame(event),
  takenMs,
})

/** Pages of one org's journal. A page that is being read is awaited by everybody who needs it: a storm reads it once. */
export class Pages {
  readonly #read: ReadJournal
  readonly #kept = new Map<number, { reading: Promise<Page>; to: number | null }>()

  constructor(read: ReadJournal) {
    this.#read = read
  }

  /** The page with what comes after `seq`. */
  around(seq: number): Promise<Page> {
    const start = seq - (seq % pageEvents)
    const kept = this.#kept.get(start)
    // The last page of a journal still grows: who has seen all of it needs it anew.
    if (kept && (kept.to === null || kept.to > seq)) return kept.reading
    const entry: { reading: Promise<Page>; to: number | null } = { reading: this.#readPage(start), to: null }
    this.#kept.delete(start)
    this.#kept.set(start, entry)
    for (const [oldest] of this.#kept) if (this.#kept.size > pagesKeptMax) this.#kept.delete(oldest)
    entry.reading.then(
      ({ to }) => {
        entry.to = to
      },
      () => {
        // A failed read is no page.
        if (this.#kept.get(start) === entry) this.#kept.delete(start)
      },
    )
    return entry.reading
  }

  forgetAll(): void {
    this.#kept.clear()
  }

  async #readPage(start: number): Promise<Page> {
    const { state, events } = await this.#read(start, pageEvents)
    const end = start + pageEvents
    const frames = events.filter((event) => event.seq <= end).map((event) => frameOf(event, 0))
    const logs = new Map<string, FrameLog>()
    return {
      floor: state.floor,
      to: Math.min(end, state.head),
      logFor(patterns) {
        const key = patterns.join()
        const log = logs.get(key) ?? logOf(start, frames, patterns)
        logs.set(key, log)
        return log
      },
    }
  }
}

export function logOf(floor: number, frames: Iterable<Frame>, patterns: readonly string[]): FrameLog {
  const log = new FrameLog(floor)
  for (const frame of frames) if (matchesAny(patterns, frame.type)) log.append(frame)
  return log
}
