import { hexTexts, shiftedTexts } from './script-cipher.ts'

/** A piece of text that a script hides from whoever reads it, as it would come out when the script runs. */
export interface Revealed {
  readonly via: 'char_codes' | 'base64' | 'percent' | 'hex' | 'reversed' | 'joined' | 'junk' | 'packed' | 'shifted'
  readonly text: string
  /** How much of the script it takes, in characters: a whole payload or a word. */
  readonly length: number
}

/** Of each kind; a payload hides behind a few, and a script of nothing else must not cost more than one of code. */
const perKindMax = 40
const revealedLengthMax = 64 * 1024
const literal = /"((?:[^"\\\n]|\\[\s\S]){0,100000})"|'((?:[^'\\\n]|\\[\s\S]){0,100000})'|`((?:[^`\\]|\\[\s\S]){0,100000})`/g

/** The string literals of a script, without their quotes. Roughly: a regular expression with a quote in it may shift them. */
export function literalsOf(source: string, max = 4_000): string[] {
  const found: string[] = []
  for (const match of source.matchAll(literal)) {
    found.push(match[1] ?? match[2] ?? match[3] ?? '')
    if (found.length >= max) break
  }
  return found
}

/** Everything a script visibly decodes from what stands in it, one layer deep. Nothing of it is run. */
export function revealedBy(source: string, literals: readonly string[]): Revealed[] {
  return [
    ...charCodes(source),
    ...fromLiterals(source, literals),
    ...joined(source),
    ...joinedLists(source),
    ...withoutJunk(source),
    ...unpacked(source),
  ].filter(({ text }) => text.length >= 3)
}

const fromCodes = (codes: readonly number[]): string =>
  codes
    .slice(0, revealedLengthMax)
    .map((code) => String.fromCharCode(code))
    .join('')

const isReadable = (text: string): boolean => {
  const sample = text.slice(0, 2_000)
  return sample.length > 0 && (sample.match(/[\t\n\r\x20-\x7e]/g)?.length ?? 0) / sample.length > 0.95
}

const numbers = (list: string): number[] => list.split(',').map((each) => Number(each.trim()))

/** What looks like text once it is text again. */
const telling = /https?:|\/\/|document|function|script|eval|window|<\w|\.js\b/i

const isTelling = (text: string): boolean =>
  telling.test(text) ||
  /^(?:write(?:ln)?|unescape|createElement|appendChild|innerHTML|getElementById|fromCharCode|location|atob|iframe)$/.test(text)

/** Lists of numbers that are characters: as they stand, or moved by a constant, or combined with one. */
function charCodes(source: string): Revealed[] {
  if (!/fromCharCode|fromCodePoint|TextDecoder/.test(source)) return []
  const found: Revealed[] = []
  const list = /(?:0x[0-9a-f]{1,4}|\d{1,5})(?:\s{0,3},\s{0,3}(?:0x[0-9a-f]{1,4}|\d{1,5})){3,60000}/gi
  for (const match of source.matchAll(list)) {
    const codes = numbers(match[0])
    const text = fromCodes(codes)
    const moved = codes.length >= 16 && !(isReadable(text) && telling.test(text)) ? shifted(codes, match[0].length) : []
    if (moved.length > 0) found.push(...moved)
    else if (isReadable(text)) found.push({ via: 'char_codes', text, length: match[0].length })
    if (found.length >= perKindMax) break
  }
  return found
}

/** Of all ways to move a list of numbers one may give a short word by chance, but none of these. */
const surelyCode = /https?:\/\/|document[.[]|function ?\(|script|window[.[]|var \w+ ?=|eval\(/

function shifted(codes: readonly number[], length: number): Revealed[] {
  const head = codes.slice(0, 400)
  for (let by = 1; by < 256; by += 1) {
    for (const move of [(code: number) => code - by, (code: number) => code + by, (code: number) => code ^ by]) {
      const text = fromCodes(head.map(move))
      if (surelyCode.test(text) && isReadable(text)) return [{ via: 'char_codes', text: fromCodes(codes.map(move)), length }]
    }
  }
  return []
}

const base64 = /^[A-Za-z0-9+/_-]{12,100000}={0,2}$/
/** Octal ones only of letters, brackets and the like: colours of terminals are written so as well. */
const escapedLetters = /(?:\\x[2-7][0-9a-f]|\\u00[2-7][0-9a-f]|\\u\{[2-7][0-9a-f]\}){6,}|(?:\\(?:1[0-7]{2}|[4-7][0-7])){6,}/i
const dataScript = /^data:(?:text|application)\/(?:x-)?(?:java|ecma)script[^,]{0,60};base64,(?=[A-Za-z0-9+/]{40})/i

function fromLiterals(source: string, literals: readonly string[]): Revealed[] {
  const found: Revealed[] = []
  const decodesBase64 = /\batob\b|['"]at['"]\s*\+|ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop|base64/i.test(source)
  const decodesPercent = /\bunescape\b|\bdecodeURI(?:Component)?\b/.test(source)
  const reverses = /\breverse\b/.test(source)
  for (const each of literals) {
    if (found.length >= perKindMax) break
    const length = each.length
    if (escapedLetters.test(each)) found.push({ via: 'hex', text: unescaped(each), length })
    const plain = each.includes('\\') ? unescaped(each) : each
    const inData = dataScript.exec(plain)?.[0].length ?? 0
    if (inData > 0 || (decodesBase64 && plain.length >= 12 && base64.test(plain))) {
      const text = Buffer.from(plain.slice(inData), 'base64').toString('latin1')
      if (text.length >= 6 && isReadable(text)) found.push({ via: 'base64', text, length })
    }
    if (decodesPercent && mostlyPercent(plain)) found.push({ via: 'percent', text: percentDecoded(plain), length })
    if (reverses && /ptth|tpircs|tnemucod|\(lave|emarfi/.test(plain))
      found.push({ via: 'reversed', text: plain.slice(0, revealedLengthMax).split('').reverse().join(''), length })
  }
  // Without one of these words nothing is written in letters that are others, or in digits.
  if (!/charCodeAt|fromCharCode|parseInt|%\$1|["']%["']/.test(source)) return found
  const plain = literals.slice(0, ciphersMax).map((each) => (each.includes('\\') ? unescaped(each) : each))
  return [
    ...found,
    ...[...shiftedTexts(source, plain), ...hexTexts(source, plain)].map((each) => ({ via: 'shifted' as const, ...each })),
  ]
}

const ciphersMax = 1_000

/** A script's escapes for plain characters. */
export const unescaped = (text: string): string =>
  text.replace(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\([0-7]{2,3})/gi, (_, hex, unicode, point, octal) =>
    String.fromCodePoint(
      Math.min(0x10ffff, octal === undefined ? Number.parseInt(hex ?? unicode ?? point, 16) : Number.parseInt(octal, 8)),
    ),
  )

/** Letters written as %6c: nobody needs that for an address. `%3Cscript src=` alone is how tags were written once. */
function mostlyPercent(text: string): boolean {
  if (!text.includes('%')) return false
  const letters = text.match(/%(?:u00)?(?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a]|3[0-9])/gi)?.length ?? 0
  return letters >= 8 && letters * 4.5 >= text.length * 0.4
}

const percentDecoded = (text: string): string =>
  text
    .slice(0, revealedLengthMax)
    .replace(/%u([0-9a-f]{4})|%([0-9a-f]{2})/gi, (_, unicode, hex) => String.fromCharCode(Number.parseInt(unicode ?? hex, 16)))

/** Words cut into literals that are glued together when it runs: 'cre'+'ateEl'+'ement'. */
function joined(source: string): Revealed[] {
  const found: Revealed[] = []
  const chain = /(["'])[^"'\\\n]{1,40}\1(?:\s{0,3}\+\s{0,3}(["'])[^"'\\\n]{1,40}\2){1,60}/g
  for (const match of source.matchAll(chain)) {
    const parts = literalsOf(match[0])
    const text = parts.join('')
    if (isSplitWord(text, parts)) found.push({ via: 'joined', text, length: match[0].length })
    if (found.length >= perKindMax) break
  }
  return found
}

const address = /^(?:https?:|wss?:)?\/\/[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}/i

/** ['ht','tps',':/','/cdn','.example'].join(''), and `scr${'ipt'}`. */
function joinedLists(source: string): Revealed[] {
  const found: Revealed[] = []
  const add = (whole: string, parts: readonly string[]) => {
    const text = parts.join('')
    const isSpelled = /^(?:script|iframe)$/.test(text) && parts.every(({ length }) => length <= 2)
    const isAddress = parts.length >= 3 && address.test(text) && !parts.some((part) => address.test(part))
    if (isSpelled || isAddress || isSplitWord(text, parts)) found.push({ via: 'joined', text, length: whole.length })
  }
  if (/\.join\s{0,3}\(\s{0,3}(?:""|'')\s{0,3}\)/.test(source))
    for (const [whole] of source.matchAll(
      /\[\s{0,3}(["'])[^"'\\\n]{1,40}\1(?:\s{0,3},\s{0,3}(["'])[^"'\\\n]{1,40}\2){1,60}\s{0,3}\]/g,
    )) {
      add(whole, literalsOf(whole))
      if (found.length >= perKindMax) break
    }
  if (!source.includes('${')) return found
  for (const [whole, inside = ''] of source.matchAll(
    /`([^`\\\n]{0,200}\$\{\s{0,3}(?:"[^"`\\\n]{1,60}"|'[^'`\\\n]{1,60}')\s{0,3}\}[^`\\\n]{0,200})`/g,
  )) {
    add(whole, inside.split(/\$\{\s{0,3}["']|["']\s{0,3}\}/))
    if (found.length >= perKindMax) break
  }
  return found
}

const telltaleWords =
  /createElement|appendChild|insertBefore|getElementsByTagName|fromCharCode|https?:\/\/|iframe|\beval\b|XMLHttpRequest|ActiveXObject|WScript|unescape|location|document\b|\batob\b/gi

/** '<scr' + 'ipt' keeps a parser of HTML from seeing the end of a script and hides nothing. */
const isSplitWord = (text: string, parts: readonly string[]): boolean =>
  !/</.test(text) && (text.match(telltaleWords) ?? []).some((word) => !parts.some((part) => part.includes(word)))

/** 'h#tt#p#s'.replace(/#/g, ''): junk that is taken out again. */
function withoutJunk(source: string): Revealed[] {
  const found: Revealed[] = []
  const call =
    /(["'])([^"'\\\n]{8,20000})\1\s{0,3}\.\s{0,3}(?:replace(?:All)?\s{0,3}\(\s{0,3}(?:\/(\[[^\]/\n]{1,20}\]|\\?[^\s\\/[\]().*+?{}|^$]{1,8})\/g|(["'])([^"'\n]{1,8})\4)\s{0,3},\s{0,3}["']["']|split\(\s{0,3}(["'])([^"'\n]{1,8})\6\s{0,3}\)\s{0,3}\.\s{0,3}join\(\s{0,3}["']["'])/g
  for (const match of source.matchAll(call)) {
    const text = match[2] ?? ''
    const pattern = match[3]
    const junk = match[5] ?? match[7]
    const cleaned = pattern === undefined ? text.replaceAll(junk ?? '', '') : text.replaceAll(junkPattern(pattern), '')
    if (isTelling(cleaned) && !isTelling(text)) found.push({ via: 'junk', text: cleaned, length: text.length })
    if (found.length >= perKindMax) break
  }
  return found
}

/** Of a character class, or of a few plain characters, as the pattern above allows no others. */
function junkPattern(source: string): RegExp {
  try {
    return new RegExp(source, 'g')
  } catch {
    // Not a class after all: nothing is taken out.
    return /(?!)/g
  }
}

/** eval(function(p,a,c,k,e,d){…}('…',62,100,'a|b|c'.split('|'))): words by number. */
function unpacked(source: string): Revealed[] {
  const found: Revealed[] = []
  const call =
    /function\s{0,3}\(\s{0,3}p\s{0,3},\s{0,3}a\s{0,3},\s{0,3}c\s{0,3},\s{0,3}k\s{0,3},\s{0,3}e\s{0,3},\s{0,3}[dr]\s{0,3}\)/g
  for (const match of source.matchAll(call)) {
    const rest = source.slice(match.index, match.index + 400_000)
    const packed =
      /\}\s{0,3}\(\s{0,3}(?:'((?:[^'\\]|\\[\s\S]){1,300000})'|"((?:[^"\\]|\\[\s\S]){1,300000})")\s{0,3},\s{0,3}(\d{1,2}|\[\])\s{0,3},\s{0,3}\d{1,5}\s{0,3},\s{0,3}(?:'([^']{0,200000})'|"([^"]{0,200000})")\s{0,3}\.\s{0,3}split/.exec(
        rest,
      )
    if (packed) {
      const words = (packed[4] ?? packed[5] ?? '').split('|')
      const payload = (packed[1] ?? packed[2] ?? '').replace(/\\(['"\\])/g, '$1')
      const radix = Number(packed[3])
      const text = payload.replace(/\b\w{1,4}\b/g, (word) => words[numberIn(word, radix)] || word)
      found.push({ via: 'packed', text: text.slice(0, revealedLengthMax), length: packed[0].length })
    } else found.push({ via: 'packed', text: 'function', length: 0 })
    if (found.length >= 5) break
  }
  return found
}

const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

function numberIn(word: string, radix: number): number {
  let value = 0
  for (const letter of word) {
    const digit = digits.indexOf(letter)
    if (digit < 0 || digit >= radix) return -1
    value = value * radix + digit
  }
  return value
}
