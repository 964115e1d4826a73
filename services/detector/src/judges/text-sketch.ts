/**
 * A text in 128 bytes, from which the likeness of two texts can be told: one-permutation MinHash of the text's shingles of three words.
 * Each shingle's hash falls into one of 128 buckets, each bucket keeps its smallest, and of that 8 bits are written down.
 */
const buckets = 128
const shingleWords = 3

export interface TextSketcher {
  /** Words of one piece of text. A word does not go over from one piece to the next, a shingle does. */
  add(text: string): void
  readonly words: number
  /** In base64; the same length for every text. Empty if there was no word. */
  sketch(): string
}

export function sketchOf(text: string): string {
  const sketcher = createTextSketcher()
  sketcher.add(text)
  return sketcher.sketch()
}

/** @param onWords takes the hashes of words, in order, some at a time: all of them once `words` or `sketch` was asked for. Not to be kept. */
export const createTextSketcher = (onWords?: (hashes: Uint32Array) => void): TextSketcher => new Sketcher(onWords)

/** Pieces are gathered: to begin costs more than a sentence. */
const gatheredLength = 4_096
/** Texts are read from here, one at a time: a number behind the other is read several times faster than a text's characters. */
const units = new Uint16Array(2 * gatheredLength)
const unitBytes = Buffer.from(units.buffer)
/** Of the words of one reading: one for each character at most, and the word that went before them. Handed on before another text is read. */
const hashes = new Uint32Array(units.length + 1)

class Sketcher implements TextSketcher {
  readonly #onWords: ((hashes: Uint32Array) => void) | undefined
  readonly #smallest = new Uint32Array(buckets).fill(emptyBucket)
  #gathered = ''
  #words = 0
  #last = 0
  #beforeLast = 0

  constructor(onWords: ((hashes: Uint32Array) => void) | undefined) {
    this.#onWords = onWords
  }

  add(text: string): void {
    this.#gathered += `${text}\n`
    if (this.#gathered.length >= gatheredLength) this.#readGathered()
  }

  get words(): number {
    this.#readGathered()
    return this.#words
  }

  sketch(): string {
    this.#readGathered()
    if (this.#words === 0) return ''
    // A text of one or two words is one shingle.
    if (this.#words < shingleWords) keep(this.#smallest, shingleHash(0, this.#words > 1 ? this.#beforeLast : 0, this.#last))
    return Buffer.from(this.#smallest.map((each) => (each === emptyBucket ? 0 : 1 + (mixed(each) % 255)))).toString('base64')
  }

  #readGathered(): void {
    const text = this.#gathered
    this.#gathered = ''
    let hash = offset
    for (let from = 0; from < text.length; from += units.length) {
      const length = Math.min(units.length, text.length - from)
      unitBytes.write(length === text.length ? text : text.slice(from, from + length), 'utf16le')
      hash = this.#readUnits(length, hash)
    }
  }

  /** FNV-1a, character by character and without cutting strings: every text of every page goes through here. */
  #readUnits(length: number, begun: number): number {
    let hash = begun
    let words = 0
    for (let n = 0; n < length; n += 1) {
      const code = units[n] ?? 0
      const letter = letters[code] ?? 0
      if (letter !== 0) {
        hash = Math.imul(hash ^ letter, prime)
        continue
      }
      if (hash !== offset) {
        hashes[words] = hash
        words += 1
        hash = offset
      }
      if (alone[code] === 1) {
        hashes[words] = Math.imul(offset ^ code, prime)
        words += 1
      }
    }
    if (words > 0) this.#take(words)
    return hash
  }

  /** In a loop of its own: the processor has one thing to do at a time. */
  #take(words: number): void {
    const smallest = this.#smallest
    let beforeLast = this.#beforeLast
    let last = this.#last
    // The first two words of a text end no shingle.
    const begins = Math.max(0, shingleWords - 1 - this.#words)
    for (let n = 0; n < words; n += 1) {
      const word = hashes[n] ?? 0
      if (n >= begins) keep(smallest, shingleHash(beforeLast, last, word))
      beforeLast = last
      last = word
    }
    this.#beforeLast = beforeLast
    this.#last = last
    this.#words += words
    this.#onWords?.(hashes.subarray(0, words))
  }
}

/** An estimate of the share of shingles that two texts have in common (Jaccard), 0–1; its error is some 0.04. Two empty texts are alike. */
export function similarity(a: string, b: string): number {
  const [left, right] = [Buffer.from(a, 'base64'), Buffer.from(b, 'base64')]
  if (left.length !== buckets || right.length !== buckets) return left.length === right.length ? 1 : 0
  let used = 0
  let equal = 0
  for (let n = 0; n < buckets; n += 1) {
    if (left[n] === 0 && right[n] === 0) continue
    used += 1
    if (left[n] === right[n]) equal += 1
  }
  if (used === 0) return 1
  // Of 255 different shingles one looks the same in 8 bits.
  const byChance = 1 / 255
  return Math.max(0, (equal / used - byChance) / (1 - byChance))
}

const emptyBucket = 0xffffffff

function keep(smallest: Uint32Array, hash: number): void {
  const bucket = hash & (buckets - 1)
  const rest = hash >>> 7
  if (rest < (smallest[bucket] ?? 0)) smallest[bucket] = rest
}

const shingleHash = (first: number, second: number, third: number): number =>
  mixed(Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca77) + Math.imul(third, 0xc2b2ae3d))

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function mixed(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** As a signed number, like everything that Math.imul gives. */
const offset = 0x811c9dc5 | 0
const prime = 0x01000193

/** Kana and Han, Thai and Lao, Burmese, Khmer. */
const wordRanges = [
  [0x3040, 0x9fff],
  [0xf900, 0xfaff],
  [0x0e00, 0x0eff],
  [0x1000, 0x109f],
  [0x1780, 0x17ff],
] as const
/** Beyond ASCII: punctuation and symbols, ideographic and full-width ones, private use. */
const otherRanges = [
  [0x80, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x2000, 0x2bff],
  [0x3000, 0x303f],
  [0xe000, 0xf8ff],
  [0xfe00, 0xff0f],
  [0xfffd, 0xfffd],
] as const

const isIn = (ranges: readonly (readonly [number, number])[], code: number): boolean =>
  ranges.some(([from, to]) => code >= from && code <= to)

/** Of each UTF-16 code unit: 1 if it counts as a word of its own, as in scripts without spaces. */
const alone = Uint8Array.from({ length: 0x10000 }, (_, code) => (isIn(wordRanges, code) && !isIn(otherRanges, code) ? 1 : 0))
/** Of each UTF-16 code unit: itself if it is a part of words, ASCII in lower case, else 0. */
const letters = Uint16Array.from({ length: 0x10000 }, (_, code) => {
  if (code < 0x80) return /[a-z0-9]/i.test(String.fromCharCode(code)) ? String.fromCharCode(code).toLowerCase().charCodeAt(0) : 0
  return isIn(wordRanges, code) || isIn(otherRanges, code) ? 0 : code
})
