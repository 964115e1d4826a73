import { type Signal, signal } from './script-signal.ts'

/** Signs of tools whose only purpose is that nobody can read the result. */
export function obfuscation(source: string): Signal[] {
  const found: Signal[] = []
  const names = new Set(source.match(/\b_0x[0-9a-f]{2,8}\b/gi)?.slice(0, 2_000))
  if (names.size >= 6) found.push(signal('obfuscation', 'decisive', 'names such as _0x3f2a'))
  else if (names.size >= 2) found.push(signal('obfuscation', 'strong', 'names such as _0x3f2a'))
  if (
    /while\s{0,3}\(\s{0,3}(?:!!\[\]|!0|true)\s{0,3}\)\s{0,3}\{\s{0,3}try\s{0,3}\{/.test(source) &&
    count(source, /parseInt\(/g) >= 5
  )
    found.push(signal('obfuscation', 'decisive', 'a shuffled list of strings'))
  if (
    /\b_\$_[0-9a-f]{4}\s{0,3}\[\s{0,3}\d/.test(source) ||
    (/fromCharCode\s{0,3}\(\s{0,3}127\s{0,3}\)/.test(source) &&
      /=\s{0,3}\(\s{0,3}\w{1,3}\s{0,3}\+\s{0,3}\w{1,3}\s{0,3}\)\s{0,3}%\s{0,3}\d{5,8}/.test(source))
  )
    found.push(signal('obfuscation', 'decisive', 'a list of strings with its letters shuffled'))
  if (
    /while\s{0,3}\(\s{0,3}(\w{1,20})\s{0,3}!==?\s{0,3}\d{1,3}\s{0,3}\)\s{0,3}\{\s{0,3}switch\s{0,3}\(\s{0,3}\1\s{0,3}\)/.test(
      source,
    ) &&
    /fromCharCode\s{0,3}\(\s{0,3}\w{1,20}\.charCodeAt\s{0,3}\(\s{0,3}\w{1,20}\s{0,3}\)\s{0,3}\^\s{0,3}\w{1,20}\.charCodeAt/.test(
      source,
    )
  )
    found.push(signal('obfuscation', 'decisive', 'an order of steps and a list of strings that are hidden'))
  // A list of strings that hides behind a function, which puts another one in its own place.
  if (
    /\]\s{0,3};?\s{0,3}(?:return\s{0,3}\(?)?([\w$]{1,40})\s{0,3}=\s{0,3}function\s{0,3}\(\s{0,3}\)\s{0,3}\{\s{0,3}return\s{1,3}[\w$]{1,40};?\s{0,3}\}\s{0,3}[;,)]?\s{0,3}\)?\s{0,3}(?:return\s{1,3})?\1\s{0,3}\(\s{0,3}\)/.test(
      source,
    )
  )
    found.push(signal('obfuscation', 'decisive', 'a hidden list of strings'))
  if (count(source, /\[\s{0,3}'[^'\\\n]{1,12}'(?:\s{0,3}\+\s{0,3}'[^'\\\n]{1,12}'){1,20}\s{0,3}\]\s{0,3}[(=,;)[.]/g) >= 4)
    found.push(signal('obfuscation', 'decisive', 'names that are cut into pieces'))
  if (
    source.includes('\\x') &&
    count(source, /[\w$)\]]\s{0,3}\[\s{0,3}(?:'(?:\\x[4-7][0-9a-f]){3,40}'|"(?:\\x[4-7][0-9a-f]){3,40}")\s{0,3}\]/gi) >= 2
  )
    found.push(signal('obfuscation', 'decisive', 'names that are written in escapes'))
  if (hidesOrder(source)) found.push(signal('obfuscation', 'decisive', 'an order of steps that is hidden'))
  if (/jsjiami\.com|sojson\.(?:com )?v\d|encode_version\s{0,3}=\s{0,3}['"]/i.test(source))
    found.push(signal('obfuscation', 'decisive', 'a tool that makes scripts unreadable'))
  if (/\(ﾟ[Дωｰ]ﾟ\)|ﾟωﾟﾉ\s{0,3}=/.test(source)) found.push(signal('obfuscation', 'decisive', 'written in faces'))
  if (/[$\w]{1,20}\s{0,3}=\s{0,3}~\[\];\s{0,3}[$\w]{1,20}\s{0,3}=\s{0,3}\{\s{0,3}___/.test(source))
    found.push(signal('obfuscation', 'decisive', 'written in signs'))
  if (source.length >= 200 && onlyBrackets(source)) found.push(signal('obfuscation', 'decisive', 'written in brackets'))
  return found
}

const stepping =
  /while\s{0,3}\(\s{0,3}(?:!!\[\]|!0|true)\s{0,3}\)\s{0,3}\{\s{0,3}switch\s{0,3}\(\s{0,3}\w{1,40}\[\w{1,40}\+\+\]\s{0,3}\)/g
/** How far before its use the list of steps stands. */
const orderLength = 600
const steppingMax = 50

/** The order is a text such as '2|0|1'. What only steps through a list of numbers may be any machine that runs byte code. */
function hidesOrder(source: string): boolean {
  let seen = 0
  for (const { 0: whole, index } of source.matchAll(stepping)) {
    const before = source.slice(Math.max(0, index - orderLength), index)
    const after = source.slice(index + whole.length, index + whole.length + 40)
    if (/["'\]]\s{0,3}\(\s{0,3}["'](?:\||\\x7c)["']\s{0,3}\)|\.split\s{0,3}\(\s{0,3}["'](?:\||\\x7c)["']\s{0,3}\)/i.test(before))
      return true
    if (/^\s{0,3}\{\s{0,3}case\s{0,3}["'](?:\d|\\x3)/.test(after)) return true
    seen += 1
    if (seen >= steppingMax) break
  }
  return false
}

const onlyBrackets = (source: string): boolean => {
  const text = source.replace(/\s+/g, '')
  return text.length >= 200 && (text.match(/[[\]()!+]/g)?.length ?? 0) / text.length > 0.95
}

const execSink =
  /\beval\b|\bexecScript\b|\bnew\s+Function\b|\bFunction\s{0,3}\(|\.constructor\s{0,3}\(|document\.write|\.innerHTML\s{0,3}[+]?=|createElement\s{0,3}\(\s{0,3}["']script|\.insertAdjacentHTML|\.appendChild\s{0,3}\(|set(?:Timeout|Interval)\s{0,3}\(\s{0,3}["'\w$]{1,40}\s{0,3}[,)]/
const decoder =
  /charCodeAt|fromCharCode|\batob\b|\bunescape\b|decodeURIComponent|parseInt\s{0,3}\([^)]{1,60},\s{0,3}(?:16|36|0x10)\s{0,3}\)|\.charAt\s{0,3}\(|substr/

/** One long unreadable string that is most of the script, something that decodes it and something that runs the result. */
export function blobs(source: string, literals: readonly string[]): Signal[] {
  if (source.length > 200_000 || /WebAssembly|sourceMappingURL=data:/.test(source) || !decoder.test(source)) return []
  const blob = literals.filter(isBlob).reduce((length, each) => length + each.length, 0)
  if (blob < 120 || blob / source.length < 0.35) return []
  if (/\beval\b|\bnew\s+Function\b|\bFunction\s{0,3}\(|\.constructor\s{0,3}\(|execScript/.test(source))
    return [signal('decoded_execution', 'decisive', 'most of it is one unreadable string that is decoded and run')]
  return execSink.test(source)
    ? [signal('decoded_execution', 'strong', 'most of it is one unreadable string that is decoded')]
    : []
}

/** No words, no tags, no path: a payload. */
const isBlob = (text: string): boolean =>
  text.length >= 100 &&
  !/^(?:%[0-9a-f]{2}){8}/i.test(text) &&
  !/^(?:data:|https?:|\/|[Mm]-?[\d.]+[ ,]|eyJ|<)/.test(text) &&
  (text.match(/ /g)?.length ?? 0) / text.length < 0.02 &&
  !/[<>{};]\s{0,3}[a-z]{3,}/i.test(text)

const count = (source: string, pattern: RegExp): number => source.match(pattern)?.length ?? 0
