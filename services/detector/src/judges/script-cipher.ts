/** A text that a script changes back character by character before it is of use. */
export interface Deciphered {
  readonly text: string
  /** How much of the script it takes. */
  readonly length: number
}

const foundMax = 20
const headLength = 300
const textLengthMax = 64 * 1024
const surely =
  /https?:\/\/|document[.[]|function ?\(|<script|<iframe|window[.[]|var \w+ ?=|eval\(|%3c(?:script|iframe)|%20function|function%20/i

const isReadable = (text: string): boolean => (text.match(/[\t\n\r\x20-\x7e]/g)?.length ?? 0) / Math.max(1, text.length) > 0.95

type Move = (code: number) => number
const moveBy = {
  '-':
    (by: number): Move =>
    (code) =>
      code - by,
  '+':
    (by: number): Move =>
    (code) =>
      code + by,
  '^':
    (by: number): Move =>
    (code) =>
      code ^ by,
} as const

const moved = (text: string, move: Move): string =>
  Array.from({ length: text.length }, (_, index) => String.fromCharCode(move(text.charCodeAt(index)) & 0xffff)).join('')

/** By how much a script says that it moves: charCodeAt(i)-3, charCodeAt(i) ^ 0x17. */
function movesIn(source: string): Move[] {
  const found = new Map<string, Move>()
  const said = /charCodeAt\s{0,3}\([^()]{0,30}\)\s{0,3}([-+^])\s{0,3}\(?\s{0,3}(0x[0-9a-f]{1,2}|\d{1,3})(?![\w.])/gi
  for (const [, sign, by] of source.matchAll(said)) {
    if (sign === '-' || sign === '+' || sign === '^') found.set(`${sign}${by}`, moveBy[sign](Number(by)))
    if (found.size >= 4) break
  }
  if (found.size > 0) return [...found.values()]
  // It does not say: by little, as a rule.
  return Array.from({ length: 12 }, (_, n) => [moveBy['-'](n + 1), moveBy['+'](n + 1), moveBy['^'](n + 1)]).flat()
}

/** `=tdsjqu` is `<script`, each letter moved by one. The texts are those of the script, without its escapes. */
export function shiftedTexts(source: string, texts: readonly string[]): Deciphered[] {
  if (source.length > 100_000 || !/charCodeAt/.test(source) || !/fromCharCode/.test(source)) return []
  const moves = /charCodeAt\s{0,3}\([^()]{0,30}\)\s{0,3}\+\s{0,3}13\b/.test(source)
    ? [rotated, ...movesIn(source)]
    : movesIn(source)
  const longest = texts.filter(({ length }) => length >= 16).sort((a, b) => b.length - a.length)
  return longest.slice(0, foundMax).flatMap((text) => {
    const head = text.slice(0, headLength)
    if (surely.test(head)) return []
    const move = moves.find((each) => {
      const plain = moved(head, each)
      return surely.test(plain) && isReadable(plain)
    })
    return move ? [{ text: withoutPercents(moved(text.slice(0, textLengthMax), move)), length: text.length }] : []
  })
}

const rotated: Move = (code) => {
  const first = code >= 97 && code <= 122 ? 97 : code >= 65 && code <= 90 ? 65 : null
  return first === null ? code : ((code - first + 13) % 26) + first
}

const withoutPercents = (text: string): string =>
  /%(?:3c|20|28)/i.test(text)
    ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

/** `646f63756d656e74`, two digits a character. */
export function hexTexts(source: string, texts: readonly string[]): Deciphered[] {
  if (!/parseInt\s{0,3}\(|%\$1|["']%["']\s{0,3}\+|fromCharCode/.test(source)) return []
  return texts
    .filter((text) => text.length >= 24 && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text))
    .slice(0, foundMax)
    .flatMap((text) => {
      const plain = Buffer.from(text.slice(0, 2 * textLengthMax), 'hex').toString('latin1')
      return surely.test(plain) && isReadable(plain.slice(0, headLength)) ? [{ text: plain, length: text.length }] : []
    })
}
