import type { Revealed } from './script-decode.ts'
import { hostsIn, isService } from './script-hosts.ts'
import { type Signal, signal } from './script-signal.ts'

const lengthMax = 20_000
/** Of everything but the text that is hidden: enough for the loop that decodes it, and for little more. */
const decoderLengthMax = 700
const hiddenLengthMin = 60

/**
 * Services that stand before a site, and tools that hide addresses of mail, put into pages what is unreadable by intention. Their names
 * are no proof, as anybody can write them: what is told apart is the whole script, and what comes out of it.
 */
export function lowered(source: string, revealed: readonly Revealed[], found: readonly Signal[]): readonly Signal[] {
  if (source.length > lengthMax) return found
  if (isDoorkeeper(source, revealed)) return [signal('encoding', 'weak', 'asks for a cookie or a script of the site itself')]
  return isMailHider(source) ? found.map((each) => ({ ...each, strength: 'weak' })) : found
}

/** One hidden text and the loop that decodes it; what comes out sets a cookie and loads again, or loads a script of the site itself. */
function isDoorkeeper(source: string, revealed: readonly Revealed[]): boolean {
  const [only, ...others] = revealed
  if (only === undefined || others.length > 0 || (only.via !== 'shifted' && only.via !== 'base64')) return false
  const decoder = withoutHidden(source)
  return (
    decoder.length <= decoderLengthMax &&
    hasOneHidden(source) &&
    !reaches.test(decoder) &&
    !/(?:\d{1,5}\s{0,3},\s{0,3}){4}|fromCharCode\s{0,3}\(\s{0,3}\d/.test(decoder) &&
    (setsCookie(only.text) || loadsFromSite(only.text))
  )
}

const hidden = /(["'])[A-Za-z0-9+/=]{60,19000}\1/g
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const withoutHidden = (source: string): string => source.replaceAll(alphabet, '').replace(hidden, "''")
const hasOneHidden = (source: string): boolean =>
  (source
    .replaceAll(alphabet, '')
    .match(hidden)
    ?.filter(({ length }) => length >= hiddenLengthMin).length ?? 0) === 1
/** A decoder of its own needs none of this. */
const reaches =
  /\batob\b|unescape|decodeURI|reverse|\.(?:split|replace)\s{0,3}\(|\bFunction\b|constructor|document|location|window\s{0,3}[.[]|\bfetch\b|XMLHttp|import|WebSocket|createElement|\bname\b|https?:/

const runsMore =
  /\beval\b|\bFunction\b|\batob\b|unescape|constructor|\.write|innerHTML|\bfetch\b|import|WebSocket|sendBeacon|<\s{0,3}(?:script|iframe|SCRIPT|IFRAME)/
const isHere = (text: string): boolean => !runsMore.test(text) && !hostsIn(text).some((host) => !isService(host))

const setsCookie = (text: string): boolean =>
  isHere(text) &&
  /document\.cookie\s{0,3}=/.test(text) &&
  /location\.reload\s{0,3}\(\s{0,3}\)/.test(text) &&
  !/createElement|\.src\b|\.href\b|XMLHttp|new\s{1,3}Image|location\s{0,3}=|\.(?:replace|assign|open)\s{0,3}\(/.test(text)

const ofSite = /^\.(?:src\s{0,3}=|open\s{0,3}\(\s{0,3}["']\w{1,10}["']\s{0,3},)\s{0,3}["']\/_Incapsula_Resource\?\w{1,20}=/

const loadsFromSite = (text: string): boolean => {
  const targets = text.match(/\.src\s{0,3}=\s{0,3}[^;]{0,120}|\.open\s{0,3}\([^)]{0,120}/g) ?? []
  return (
    isHere(text) &&
    targets.length > 0 &&
    targets.every((each) => ofSite.test(each)) &&
    !/\.href\b|setAttribute|\[\s{0,3}["'`]|location\s{0,3}=|location\.(?:replace|assign)/.test(text)
  )
}

/** A script that is nothing but the address and the loop that brings it out, step by step, in a variable that the tool calls so. */
const isMailHider = (source: string): boolean =>
  source.length < 6_000 &&
  /^\s{0,20}(?:\/\*\s{0,3}<!\[CDATA\[\s{0,3}\*\/|\/\/\s{0,3}<!\[CDATA\[|<!--)?\s{0,20}(?:function\s{1,3}hivelogic_enkoder\s{0,3}\(\s{0,3}\)\s{0,3}\{\s{0,20})?(?:var\s{1,3})?kode\s{0,3}=/.test(
    source,
  ) &&
  /while\s{0,3}\(\s{0,3}eval\s{0,3}\(\s{0,3}kode\s{0,3}\)\s{0,3}\)\s{0,3};?\s{0,20}\}?\s{0,3};?\s{0,20}(?:hivelogic_enkoder\s{0,3}\(\s{0,3}\)\s{0,3};?)?\s{0,20}(?:(?:\/\*|\/\/)[\]\s>*/-]{0,12}|-->)?\s{0,20}$/.test(
    source,
  )
