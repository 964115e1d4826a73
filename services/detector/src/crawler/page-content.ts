import type { ResponseHead } from '@tocsin/outbound/outbound-request'
import { canonicalLinks } from '../judges/canonical.ts'
import { isChallenge, isRateLimit } from '../judges/challenge.ts'
import { upgradesInsecure } from '../judges/content-security-policy.ts'
import { headersScore } from '../judges/headers-score.ts'
import { alternatesOf } from '../judges/hreflang-collector.ts'
import { type HtmlSignals, signalsOf } from '../judges/html-signals.ts'
import { directivesOf } from '../judges/indexability.ts'
import { mixedItemsOf } from '../judges/mixed-content.ts'
import { hashesOfHeaders, hashOfHeaders, hashOfLinks } from '../judges/page-hashes.ts'
import { retryAfterSeconds } from '../judges/retry-after.ts'
import { urlAddress } from '../judges/url-address.ts'
import { templateOf } from '../judges/url-template.ts'
import type { PageFault, PageObservation } from './observation.ts'
import type { HtmlFacts } from './page-collectors.ts'

/** What one request knows of a page. Where it stands in the site, the crawl adds. */
export type PageFacts = Omit<PageObservation, 'depth' | 'inlinks' | 'inSitemap'>

export type Asked = Pick<PageFacts, 'url' | 'requestedUrl' | 'finalUrl' | 'elapsedMs'>

/** What is taken from a page besides what it says: for the crawl to go on, and for the next one to know the page again. */
export interface PageTrace {
  /** Everything it links to, as `urlAddress` spells it. */
  readonly links: readonly string[]
  /** A hash of each header that lasts. */
  readonly headers: Readonly<Record<string, string>>
}

export const noTrace: PageTrace = { links: [], headers: {} }

/** The last answer for a page. */
export interface Answered {
  readonly head: ResponseHead
  readonly bytes: number
  readonly truncated: boolean
  /** Null when it was no HTML. */
  readonly html: HtmlFacts | null
  readonly beginning: string
  /** As written, each once. */
  readonly links: ReadonlySet<string>
}

/** What the last answer says, and what is taken from it besides. */
export function contentOf(
  asked: Asked,
  answered: Answered,
  { now, scoresHeaders }: { now: Date; scoresHeaders: boolean },
): { facts: PageFacts; trace: PageTrace } {
  const { status, headers } = answered.head
  const { html } = answered
  const signals = html && signalsOf(html)
  const url = asked.finalUrl
  const wall = isChallenge(status, headers, signals?.title ?? null, answered.beginning)
  const fault: PageFault | null = isRateLimit(status) ? 'rate_limited' : wall ? 'challenge' : null
  const own = emptyFacts({
    ...asked,
    status,
    fault,
    contentType: single(headers['content-type']) ?? null,
    retryAfterSeconds: retryAfterSeconds(headers['retry-after'], now),
    bytes: answered.bytes,
    truncated: answered.truncated,
  })
  // What an error page says of itself is wanted too: a page that answers 200 may look like it.
  if (fault || status >= 300)
    return { facts: { ...own, title: signals?.title ?? null, ...(fault || !html ? {} : saidBy(html)) }, trace: noTrace }
  const read = signals ?? noSignals
  const links = linksOf(url, read, answered.links)
  const lasting = hashesOfHeaders(headers)
  const facts: PageFacts = {
    ...own,
    ...(html ? textFacts(url, html, links, lasting) : {}),
    etag: validator(headers['etag']),
    lastModified: validator(headers['last-modified']),
    title: read.title,
    directives: directivesOf(headers, read),
    ...canonicalLinks(headers, read, url),
    alternates: alternatesOf(headers, html?.alternates ?? [], url, read.baseHref),
    mixed: mixedItemsOf(read, url, upgradesInsecure(String(headers['content-security-policy'] ?? ''))),
    headerScore: signals && scoresHeaders ? headersScore(headers, url) : null,
  }
  return { facts, trace: { links: [...links], headers: lasting } }
}

/** Where a page leads, as `urlAddress` spells it. */
function linksOf(url: string, signals: HtmlSignals, written: ReadonlySet<string>): Set<string> {
  const base = URL.parse(signals.baseHref ?? '', url) ?? url
  const found = new Set<string>()
  for (const href of signals.refresh === null ? written : [...written, signals.refresh]) {
    const link = urlAddress(href, base)
    if (link !== null) found.add(link)
  }
  return found
}

function textFacts(
  url: string,
  html: HtmlFacts,
  links: ReadonlySet<string>,
  lasting: Record<string, string>,
): Partial<PageFacts> {
  const { lang, hash } = html.text
  const hashes = {
    head: html.headHash,
    text: hash,
    links: hashOfLinks(links),
    scripts: html.scriptHash,
    headers: hashOfHeaders(lasting),
  }
  const running = { ...html.running, addresses: resolved(html.running.addresses, url) }
  return { ...saidBy(html), lang, hashes, running, spam: html.spam }
}

function resolved(addresses: readonly string[], url: string): string[] {
  const urls = addresses.flatMap((each) => URL.parse(each, url) ?? [])
  return [...new Set(urls.flatMap(({ protocol, href }) => (/^https?:$/.test(protocol) ? (href.split('#')[0] ?? []) : [])))]
}

const saidBy = ({ text: { words, h1, textSketch }, errorShell }: HtmlFacts) => ({ words, h1, textSketch, errorShell })

/** Nobody's are longer; one that is would only be sent back for nothing. */
const validatorLengthMax = 200
const validator = (value: string | string[] | undefined): string | null => {
  const text = single(value)
  return text !== undefined && text.length <= validatorLengthMax ? text : null
}

/** What is known of a page of which no content was seen. */
export function emptyFacts(known: Asked & Partial<PageFacts>): PageFacts {
  return {
    hops: [],
    status: null,
    fault: null,
    detail: null,
    contentType: null,
    directives: [],
    canonicals: [],
    canonicalsIgnored: 0,
    alternates: [],
    mixed: [],
    title: null,
    errorShell: null,
    running: null,
    spam: null,
    h1: null,
    lang: null,
    words: null,
    textSketch: null,
    hashes: null,
    etag: null,
    lastModified: null,
    retryAfterSeconds: null,
    headerScore: null,
    template: templateOf(known.url),
    bytes: 0,
    truncated: false,
    ...known,
  }
}

const noSignals: HtmlSignals = {
  title: null,
  baseHref: null,
  directives: [],
  canonicals: [],
  refresh: null,
  references: [],
}

export const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]
