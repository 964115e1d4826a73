import type { Attributes, Collector } from './collector.ts'
import { walkHtml } from './html-walk.ts'
import type { ScriptPart } from './script-part.ts'

/** What runs on a page, and whether cards or passwords are typed there. */
export interface PageScripts {
  readonly parts: readonly ScriptPart[]
  readonly isSensitive: boolean
}

/** More than any page for people has; together at most 16 MB of a page that tries, and usually tens of kilobytes. */
const partsMax = 500
const partsBytesMax = 2 * 1024 * 1024
const addressLengthMax = 2_000
/** Handlers are everywhere; only those that could hide something are looked at. */
const oddHandler = /eval|atob|fromCharCode|unescape|createElement|\\x[0-9a-f]{2}|_0x|document\.write|https?:\/\/|getScript/i

/** Where a page is taken to stand whose address nobody knows: what it refers to without a host is its own. */
export const nowhere = 'https://page.invalid/'

const executable = /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma|j)script)(?:\s*;.*)?$/i
/** Types with which optimisers put a script off until the page is there; it runs all the same. */
const deferred =
  /^(?:text\/(?:rocketscript|rocketlazyloadscript|delayscript|plain|lazyload)|rocketlazyloadscript|litespeed\/javascript|wpfc-text\/javascript|[0-9a-f]{24}-(?:text\/javascript|module))$/i

/** Or is it a template, or data? */
export const runsAsScript = (type: string | undefined): boolean => {
  const value = (type ?? '').trim()
  return executable.test(value) || deferred.test(value)
}

export class ScriptCollector implements Collector<boolean> {
  readonly #onPart: (part: ScriptPart) => void
  readonly #base: string
  #count = 0
  #baseHref: string | null = null
  #bytes = 0
  #isSensitive = false
  /** Of the tag before: a frame is moved off the screen with what it stands in. */
  #before: Attributes | null = null

  /** Parts are handed on as they come; the facts are whether secrets are typed. */
  constructor(onPart: (part: ScriptPart) => void, pageUrl: string = nowhere) {
    this.#onPart = onPart
    this.#base = pageUrl
  }

  onOpenTag(name: string, attributes: Attributes): void {
    if (name === 'base') this.#baseHref ??= attributes['href'] ?? null
    else if (name === 'script' && attributes['src'] !== undefined && runsAsScript(attributes['type']))
      this.#addExternal(attributes['src'])
    else if ((name === 'iframe' || name === 'frame') && attributes['src'])
      this.#addAddress('frame', attributes['src'], isHiddenFrame(attributes) || isOffScreen(this.#before?.['style']))
    else if (name === 'input' || name === 'form') this.#isSensitive ||= asksForSecrets(name, attributes)
    this.#before = attributes
    for (const key in attributes)
      if (key.startsWith('on')) {
        const code = attributes[key] ?? ''
        if (code.length > 20 && oddHandler.test(code)) this.#add({ kind: 'handler', text: code, isHidden: false })
      } else if (key === 'href' && /^\s*javascript:/i.test(attributes[key] ?? '') && oddHandler.test(attributes[key] ?? ''))
        this.#add({ kind: 'handler', text: attributes[key] ?? '', isHidden: false })
  }

  onInline(kind: 'script' | 'style', text: string, attributes: Attributes): void {
    if (kind === 'script' && text.trim() !== '' && runsAsScript(attributes['type']))
      this.#add({ kind: 'inline', text, isHidden: false })
  }

  facts(): boolean {
    return this.#isSensitive
  }

  #addExternal(src: string): void {
    const inline = /^\s*data:(?:text|application)\/(?:x-)?javascript[^,]{0,80},/i.exec(src)
    if (inline)
      this.#add({ kind: 'inline', text: decodedData(src, inline[0].length, /;base64,$/i.test(inline[0])), isHidden: false })
    else this.#addAddress('external', src, false)
  }

  #addAddress(kind: 'external' | 'frame', src: string, isHidden: boolean): void {
    const base = this.#baseHref === null ? this.#base : (URL.parse(this.#baseHref, this.#base)?.href ?? this.#base)
    const url = URL.parse(src.slice(0, addressLengthMax), base)
    if (url && /^https?:$/.test(url.protocol)) this.#add({ kind, text: url.href, isHidden })
  }

  #add(part: ScriptPart): void {
    if (this.#count >= partsMax || this.#bytes > partsBytesMax) return
    this.#bytes += part.text.length
    this.#count += 1
    this.#onPart(part)
  }
}

function decodedData(src: string, start: number, isBase64: boolean): string {
  const text = src.slice(start)
  if (isBase64)
    return Buffer.from(
      text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      'base64',
    ).toString('utf8')
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const isOffScreen = (style: string | undefined): boolean => style !== undefined && /(?:left|top)\s*:\s*-\d{3,}/i.test(style)

/** A frame that is there for no eye. */
export function isHiddenFrame({ width, height, style = '', hidden }: Attributes): boolean {
  if (hidden !== undefined || /display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top)\s*:\s*-\d{3,}/i.test(style)) return true
  const tiny = (value: string | undefined, name: string) =>
    /^\s*[01](?:px)?\s*$/.test(value ?? '') || new RegExp(`(?:^|;|\\s)${name}\\s*:\\s*[01](?:px)?\\s*(?:;|$|!)`, 'i').test(style)
  return tiny(width, 'width') && tiny(height, 'height')
}

const secretFields =
  /^cc-(?:number|csc|exp)|card[-_]?num|cc[-_]?num|cvv|cvc|credit[-_]?card|payment\[cc|current-password|new-password/i

/** Passwords and cards: what is typed here is worth stealing. */
function asksForSecrets(name: string, attributes: Attributes): boolean {
  if (name === 'form') return /checkout|payment|login|signin/i.test(attributes['action'] ?? '')
  if (attributes['type']?.toLowerCase() === 'password') return true
  return [attributes['autocomplete'], attributes['name'], attributes['id']].some(
    (value) => value !== undefined && secretFields.test(value),
  )
}

/** The scripts of a page that is held as text. */
export function htmlScripts(html: string, pageUrl = nowhere): PageScripts {
  const parts: ScriptPart[] = []
  const walk = walkHtml<{ isSensitive: boolean }>({ isSensitive: new ScriptCollector((part) => parts.push(part), pageUrl) })
  walk.write(html)
  return { parts, ...walk.end() }
}

/** A page, a part of one, or a bare script? */
export function looksLikeHtml(text: string): boolean {
  const start = text.slice(0, 2_000).trimStart()
  if (
    /^(?:\uFEFF)?<(?:!doctype|html|head|body|script|iframe|div|meta|link|!--|\?xml|title|a|p|span|img|svg|style|noscript|form|input|center|table|marquee|ul|h\d)[\s>!/-]/i.test(
      start,
    )
  )
    return true
  return /<script\b[^>]{0,500}>/i.test(text) && /<\/script\s*>/i.test(text) && /<(?:html|head|body|!doctype)\b/i.test(text)
}
