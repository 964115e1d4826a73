import { createHash, type Hash, hash as hashOnce } from 'node:crypto'
import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import type { Attributes, Collector, Place } from './collector.ts'
import { withoutVolatile } from './volatile.ts'

/** One short hash for each side of a page, so that "it changed" also says what changed. Nonces, tokens and dates do not count. */
export interface PageHashes {
  /** Title, meta tags, canonical and alternate links. */
  readonly head: string
  readonly text: string
  /** Where the page leads, in any order. */
  readonly links: string
  /** Scripts, by address and by content. */
  readonly scripts: string
  /** Headers that say something about the page or protect it. */
  readonly headers: string
}

const hashLength = 16
const hex = (hash: Hash): string => hash.digest('hex').slice(0, hashLength)
const hexOf = (text: string): string => hashOnce('sha256', text, 'hex').slice(0, hashLength)

/** Meta tags about one delivery of the page. */
const volatileMeta =
  /csrf|xsrf|nonce|token|modified_time|updated_time|published_time|request-?id|build|generated|timestamp|^date$/i
const headLinks = /\b(canonical|alternate|amphtml|next|prev|shortlink|manifest)\b/i
/** A page that repeats a tag for ever costs no more. */
const perKindMax = 2_000
const valueMax = 2_000

const headTags = new Set(['base', 'link', 'meta'])

export class HeadHashCollector implements Collector<string> {
  readonly tags = headTags
  readonly #hash = createHash('sha256')
  #count = 0

  onTitle(text: string): void {
    this.#hash.update(`title ${withoutVolatile(text)}\n`)
  }

  onOpenTag(name: string, attributes: Attributes, { inHead }: Place): void {
    const line = inHead
      ? headLine(name, attributes)
      : name === 'meta' && attributes['name'] === 'robots'
        ? headLine(name, attributes)
        : null
    if (line === null || this.#count >= perKindMax) return
    this.#count += 1
    this.#hash.update(`${withoutVolatile(line.slice(0, valueMax))}\n`)
  }

  facts(): string {
    return hex(this.#hash)
  }
}

function headLine(name: string, attributes: Attributes): string | null {
  if (name === 'base') return `base ${attributes['href']}`
  if (name === 'link' && headLinks.test(attributes['rel'] ?? ''))
    return `link ${attributes['rel']} ${attributes['hreflang'] ?? ''} ${attributes['media'] ?? ''} ${withoutVersion(attributes['href'] ?? '')}`
  if (name !== 'meta') return null
  const named = attributes['name'] ?? attributes['property'] ?? attributes['http-equiv']
  return named === undefined || volatileMeta.test(named) ? null : `meta ${named.toLowerCase()} ${attributes['content'] ?? ''}`
}

const scriptTags = new Set(['script'])

export class ScriptHashCollector implements Collector<string> {
  readonly tags = scriptTags
  readonly #hash = createHash('sha256')
  #count = 0

  onOpenTag(name: string, attributes: Attributes): void {
    if (name === 'script' && attributes['src'] !== undefined) this.#add(`src ${withoutVersion(attributes['src'])}`)
  }

  onInline(kind: 'script' | 'style', text: string, attributes: Attributes): void {
    // Data is content, not script; what a page shows of it is text.
    if (kind === 'script' && !/json|template|importmap/i.test(attributes['type'] ?? '')) this.#add(`inline ${text}`)
  }

  #add(line: string): void {
    if (this.#count >= perKindMax) return
    this.#count += 1
    this.#hash.update(`${withoutVolatile(line)}\n`)
  }

  facts(): string {
    return hex(this.#hash)
  }
}

/** @param links as `urlAddress` spells them, each once */
export const hashOfLinks = (links: Iterable<string>): string => hexOf([...links].map(withoutVersion).sort().join('\n'))

/** A few say what a page is; most others are about this answer alone. */
const lastingHeaders = [
  'content-type',
  'content-language',
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'link',
  'permissions-policy',
  'referrer-policy',
  'strict-transport-security',
  'vary',
  'x-content-type-options',
  'x-frame-options',
  'x-robots-tag',
  'x-xss-protection',
]

/** A hash of each header that lasts. @param headers names in lower case */
export function hashesOfHeaders(headers: ResponseHeaders): Record<string, string> {
  const hashes: Record<string, string> = {}
  for (const name of lastingHeaders) {
    const value = headers[name]
    if (value === undefined) continue
    const lasting = withoutVolatile(
      [value]
        .flat()
        .join(', ')
        .replace(/'nonce-[^']{1,200}'/g, "'nonce'"),
    )
    hashes[name] = hexOf(lasting)
  }
  return hashes
}

/** @param hashes of each header that lasts */
export const hashOfHeaders = (hashes: Record<string, string>): string => hexOf(JSON.stringify(hashes))

/** Parameters that carry a version or a one-time code: the address without them leads to the same. */
const withoutVersion = (url: string): string =>
  url.includes('?')
    ? withoutVolatile(url.replace(/([?&](?:v|ver|version|t|ts|_|cb|nonce|token|sid|phpsessid|rnd|rand)=)[^&#]*/gi, '$1'))
    : url
