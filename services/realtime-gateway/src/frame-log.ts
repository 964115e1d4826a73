export interface Frame {
  readonly seq: number
  readonly type: string
  readonly bytes: Buffer
  /** When the window took it; 0 in a page. */
  readonly takenMs: number
}

/** Bytes that take a reader from one seq to another. */
export interface Batch {
  readonly bytes: Buffer
  readonly to: number
  readonly frames: number
}

/** What is written at once at most. Larger would only sit in memory; smaller would cost more calls. */
const batchBytesMax = 65_536
/** Readers at more places than this at the same time get batches of their own. */
const batchesKeptMax = 16

/**
 * Ready frames in order, and no readers: a reader is a seq, and all who are at the same seq are given the same bytes.
 * Invariant: every frame of the log's filter with a seq above `floor` and up to the window's head is here.
 */
export class FrameLog {
  floor: number
  #frames: Frame[] = []
  /** For each of `#frames`, how many bytes were ever appended before it. */
  #starts: number[] = []
  #end = 0
  /** How many of `#frames` have been dropped but not yet cut off. */
  #dropped = 0
  readonly #batches = new Map<number, Batch | null>()

  constructor(floor: number) {
    this.floor = floor
  }

  get length(): number {
    return this.#frames.length - this.#dropped
  }

  /** The seq of the newest frame, or where the log began. */
  get last(): number {
    return this.#frames.at(-1)?.seq ?? this.floor
  }

  /** The frames that are here, oldest first. */
  *[Symbol.iterator](): Generator<Frame, void, undefined> {
    for (let index = this.#dropped; index < this.#frames.length; index += 1) {
      const frame = this.#frames[index]
      if (frame) yield frame
    }
  }

  get oldest(): Frame | undefined {
    return this.#frames[this.#dropped]
  }

  append(frame: Frame): void {
    this.#frames.push(frame)
    this.#starts.push(this.#end)
    this.#end += frame.bytes.length
    this.#batches.clear()
  }

  /** Drops everything up to `seq`. */
  dropTo(seq: number): void {
    for (let oldest = this.oldest; oldest && oldest.seq <= seq; oldest = this.oldest) {
      this.floor = oldest.seq
      this.#dropped += 1
    }
    // Cutting off is linear, so it waits until it is worth it.
    if (this.#dropped > 64 && this.#dropped * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#dropped)
      this.#starts = this.#starts.slice(this.#dropped)
      this.#dropped = 0
    }
  }

  /** What comes after `seq`, as much as is written at once; null at the end. `seq` is not below the floor. */
  batch(seq: number): Batch | null {
    const kept = this.#batches.get(seq)
    if (kept !== undefined) return kept
    const batch = this.#makeBatch(this.#indexAfter(seq))
    if (this.#batches.size < batchesKeptMax) this.#batches.set(seq, batch)
    return batch
  }

  get bytes(): number {
    return this.bytesAfter(this.floor)
  }

  bytesAfter(seq: number): number {
    return this.#end - (this.#starts[this.#indexAfter(seq)] ?? this.#end)
  }

  #makeBatch(first: number): Batch | null {
    const parts: Buffer[] = []
    let to = 0
    let size = 0
    for (let index = first; index < this.#frames.length; index += 1) {
      const frame = this.#frames[index]
      if (!frame || (parts.length > 0 && size + frame.bytes.length > batchBytesMax)) break
      parts.push(frame.bytes)
      size += frame.bytes.length
      to = frame.seq
    }
    const [only] = parts
    if (!only) return null
    return { bytes: parts.length === 1 ? only : Buffer.concat(parts, size), to, frames: parts.length }
  }

  /** By halving: a filter leaves holes between the numbers. */
  #indexAfter(seq: number): number {
    let low = this.#dropped
    let high = this.#frames.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#frames[middle]?.seq ?? 0) > seq) high = middle
      else low = middle + 1
    }
    return low
  }
}
