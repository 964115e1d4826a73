import { createHash } from 'node:crypto'
import { isMalicious, scriptFacts } from './script-analysis.ts'
import { isService } from './script-hosts.ts'
import type { Signal } from './script-signal.ts'
import { signalsOf } from './script-signals.ts'

/** What is kept of a script's file to tell what was put into it later. Never the script itself. */
export interface KnownFile {
  readonly length: number
  readonly hash: string
  /** Hashes of its pieces, counted from the beginning and from the end, each of `pieceHashLength` characters. */
  readonly front: string
  readonly back: string
  /** What it does that is at least very rare in honest code. */
  readonly signals: readonly Signal[]
}

/** What a file does now that none of its earlier versions did. */
export interface FileNews {
  readonly signals: readonly Signal[]
  /** Null: there is no earlier version. Else whether the file is the earlier one with something put into it. */
  readonly change: 'insertion' | 'rewrite' | 'none' | null
  /** Domains that a small part, put in, loads something from, and that neither the site nor everybody uses. */
  readonly unknownHosts: readonly string[]
}

const pieceLength = 4_096
const pieceHashLength = 8
/** What is rewritten to a larger share than this is a release, not the old file with something in it. */
const insertionShareMax = 0.25

/** Somebody else's code is put at the ends of a file, where it fits whatever is in between. */
const endLength = 4_096
/** What only loads something is short; a library that is new may load what it likes. */
const loaderLengthMax = 10_000

const serious = (signals: readonly Signal[]): Signal[] => signals.filter(({ strength }) => strength !== 'weak')
const digest = (text: string, length: number): string => createHash('sha256').update(text).digest('base64').slice(0, length)

export function knownFile(content: string): KnownFile {
  const count = Math.floor(content.length / pieceLength)
  const pieces = (at: (n: number) => number) =>
    Array.from({ length: count }, (_, n) => digest(content.slice(at(n), at(n) + pieceLength), pieceHashLength)).join('')
  return {
    length: content.length,
    hash: digest(content, 24),
    front: pieces((n) => n * pieceLength),
    back: pieces((n) => content.length - (n + 1) * pieceLength),
    signals: ofWhole(content),
  }
}

/** Compares with every version that is known by the file's name. A part that was put in is judged by itself: within a bundle it would drown. */
export function newsOfFile(
  content: string,
  versions: readonly KnownFile[],
  isKnownHost: (host: string) => boolean = () => true,
): FileNews {
  if (versions.length === 0) return { signals: ofWhole(content), change: null, unknownHosts: [] }
  const parts = versions.map((version) => partSince(content, version))
  const part = parts.reduce((least, each) => (each.length < least.length ? each : least), content)
  if (part === '') return { signals: [], change: 'none', unknownHosts: [] }
  const isOld = ({ family, strength }: Signal) =>
    versions.some(({ signals }) =>
      signals.some((known) => known.family === family && (known.strength === strength || known.strength === 'decisive')),
    )
  const isInsertion = part.length <= content.length * insertionShareMax || isWhole(part, content, versions)
  const inPart = scriptFacts({ kind: 'inline', text: part, isHidden: false })
  const signals = isInsertion ? [...serious(inPart.signals), ...serious(signalsOf(content))] : ofWhole(content)
  const loads = isInsertion && part.length <= loaderLengthMax ? inPart.reaches : []
  return {
    signals: distinct(signals).filter((each) => !isOld(each)),
    change: isInsertion ? 'insertion' : 'rewrite',
    unknownHosts: loads.filter((host) => !isService(host) && !isKnownHost(host)),
  }
}

/** What the file does, and what no honest code does at its ends. */
function ofWhole(content: string): Signal[] {
  const ends = content.length > 2 * endLength ? [content.slice(0, endLength), content.slice(-endLength)] : []
  const atEnds = ends.flatMap(signalsOf).filter(({ strength }) => strength === 'decisive')
  return distinct([...serious(signalsOf(content)), ...atEnds])
}

const distinct = (signals: readonly Signal[]): Signal[] => [
  ...new Map(signals.map((each) => [`${each.family} ${each.strength}`, each])).values(),
]

/** The earlier file is all there: what is new stands before it or behind it. */
const isWhole = (part: string, content: string, versions: readonly KnownFile[]): boolean =>
  versions.some(({ length }) => part.length === content.length - length)

/** What lies between the pieces that the two begin and end with; empty when they are the same. */
function partSince(content: string, { length, hash, front, back }: KnownFile): string {
  if (length <= content.length && length > 0) {
    if (digest(content.slice(0, length), hash.length) === hash) return content.slice(length)
    if (digest(content.slice(content.length - length), hash.length) === hash) return content.slice(0, content.length - length)
  }
  const start = pieceLength * samePieces(front, (n) => content.slice(n * pieceLength, (n + 1) * pieceLength))
  const end =
    content.length -
    pieceLength *
      samePieces(back, (n) =>
        content.slice(Math.max(0, content.length - (n + 1) * pieceLength), content.length - n * pieceLength),
      )
  // Pieces that repeat may overlap: then nothing can be told apart.
  return start < end ? content.slice(start, end) : content
}

function samePieces(hashes: string, pieceAt: (n: number) => string): number {
  const count = hashes.length / pieceHashLength
  for (let n = 0; n < count; n += 1)
    if (digest(pieceAt(n), pieceHashLength) !== hashes.slice(n * pieceHashLength, (n + 1) * pieceHashLength)) return n
  return count
}

/** Where the rest of the file is as it was, one strong signal is enough, or a host that nobody knew; a release has to do what no honest code does. */
export const isTampered = ({ signals, change, unknownHosts }: FileNews): boolean =>
  isMalicious(signals) || (change === 'insertion' && (signals.length > 0 || unknownHosts.length > 0))

/** The same for every release of a file: without what build tools put into names, and without numbers. */
export function fileName(url: string): string {
  const { origin, pathname } = new URL(url)
  const path = pathname
    .replace(/[0-9a-f]{6,64}(?![0-9a-z])/gi, (word) => (/\d/.test(word) ? '~' : word))
    .replace(/[-.][\w-]{8}(?=\.[cm]?js$)/, (word) => (/\d|[a-z][A-Z]/.test(word) ? `${word[0] ?? ''}~` : word))
    .replace(/\d+/g, '0')
  return origin + path
}
