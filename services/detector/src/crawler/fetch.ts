import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { ResponseHead } from '@tocsin/outbound/outbound-request'
import type { Clock } from '@tocsin/process/clock'
import { canonicalLinks } from '../judges/canonical.ts'
import { isChallenge, isRateLimit } from '../judges/challenge.ts'
import { headersScore } from '../judges/headers-score.ts'
import { type HtmlSignals, signalsOf } from '../judges/html-signals.ts'
import { directivesOf } from '../judges/indexability.ts'
import { mixedItemsOf } from '../judges/mixed-content.ts'
import { hashOfHeaders, hashOfLinks } from '../judges/page-hashes.ts'
import { type Hop, isRedirect, nextHop } from '../judges/redirects.ts'
import { retryAfterSeconds } from '../judges/retry-after.ts'
import { urlIdentity } from '../judges/url-identity.ts'
import { templateOf } from '../judges/url-template.ts'
import type { Cookies } from './cookies.ts'
import { createExtractor, type Extractor, isHtml } from './extract.ts'
import type { PageFault, PageObservation } from './observation.ts'
import type { HtmlFacts } from './page-collectors.ts'

export interface FetchDeps {
  readonly outbound: Outbound
  readonly clock: Clock
  readonly userAgent: string
  readonly signal: AbortSignal
  /** On connections of its own, hop by hop. */
  readonly fresh: boolean
  /** For a visitor who keeps cookies on the way; without, nothing is kept. */
  readonly cookies?: Cookies
  /** May this hop be requested at all? */
  readonly mayVisit: (url: string) => boolean
  /** Asked when a redirect has ended at another page: are its facts wanted as well? */
  readonly wantsLanding: (identity: string) => boolean
  /** A link on a page that answered 2xx, as an identity. */
  readonly onLink: (link: string, from: string) => void
}

/** What one request knows of a page. Where it stands in the site, the crawl adds. */
export type PageFacts = Omit<PageObservation, 'depth' | 'inlinks' | 'inSitemap'>

export interface Fetched {
  readonly asked: PageFacts
  /** The page at which a redirect ended, if its facts were wanted. */
  readonly landing: PageFacts | null
  /** How long the site took to begin its last answer; the politeness of a crawl is measured by it. */
  readonly firstByteMs: number
  readonly bytes: number
}

export const requestTimeoutMs = 15_000
export const bodyBytesMax = 5 * 1024 * 1024
/** Of bodies that are not looked at: small ones are read to keep the connection, others cost it. */
const discardBytesMax = 16 * 1024
/** No page for people has more; each is parsed as an address, on the thread that does everything else. */
const linksPerPageMax = 10_000
/** Of error pages, to recognise walls against bots. */
const errorBytesMax = 64 * 1024

/** One page, redirects followed hop by hop, its body streamed through the parser. Never throws for what the outside does. */
export async function fetchPage(address: string, deps: FetchDeps): Promise<Fetched> {
  const identity = urlIdentity(address) ?? address
  const startedAt = performance.now()
  const hops: Hop[] = []
  /** Who has got another cookie may come back to where they have been: it may answer them differently. */
  let visitedFrom = 0
  let url = address
  for (;;) {
    const visit = await visitOnce(url, { identity, isRedirected: hops.length > 0 }, deps)
    const asked: Asked = {
      url: identity,
      requestedUrl: address,
      finalUrl: url,
      elapsedMs: Math.round(performance.now() - startedAt),
    }
    if (!visit.ok)
      return {
        asked: emptyFacts({ ...asked, hops, fault: visit.fault, detail: visit.detail }),
        landing: null,
        ...measured(visit),
      }
    const { status, headers } = visit.head
    if (deps.cookies?.take(url, headers['set-cookie'])) visitedFrom = hops.length + 1
    const way = [...hops, { url, status }]
    const step = nextHop(way, single(headers['location']), way.slice(visitedFrom))
    if ('end' in step && step.end !== 'loop' && step.end !== 'limit') return atTheEnd(asked, hops, visit, deps)
    hops.push({ url, status })
    const next = 'next' in step ? step.next.href : null
    if (next === null || !deps.mayVisit(next)) {
      const fault = 'next' in step ? 'robots_disallowed' : step.end === 'loop' ? 'redirect_loop' : 'redirect_limit'
      const finalUrl = next ?? URL.parse(single(headers['location']) ?? '', url)?.href ?? url
      return { asked: emptyFacts({ ...asked, hops, status, fault, finalUrl }), landing: null, ...measured(visit) }
    }
    url = next
  }
}

/** The last answer: the page itself, or, behind redirects, the status of the first and the facts of the other. */
function atTheEnd(asked: Asked, hops: readonly Hop[], visit: Visit & { ok: true }, deps: FetchDeps): Fetched {
  const facts = contentFacts(asked, visit, deps)
  if (hops.length === 0) return { asked: facts, landing: null, ...measured(visit) }
  const { status, fault, detail, retryAfterSeconds: wait } = facts
  const landing = visit.isWanted && urlIdentity(asked.finalUrl) !== asked.url
  return {
    asked: emptyFacts({ ...asked, hops, status, fault, detail, retryAfterSeconds: wait }),
    landing: landing
      ? {
          ...facts,
          url: urlIdentity(asked.finalUrl) ?? asked.finalUrl,
          requestedUrl: asked.finalUrl,
          template: templateOf(asked.finalUrl),
        }
      : null,
    ...measured(visit),
  }
}

const measured = (visit: Visit): { firstByteMs: number; bytes: number } =>
  visit.ok ? { firstByteMs: visit.firstByteMs, bytes: visit.bytes } : { firstByteMs: 0, bytes: 0 }

export type Asked = Pick<PageFacts, 'url' | 'requestedUrl' | 'finalUrl' | 'elapsedMs'>

type Visit =
  | { readonly ok: false; readonly fault: PageFault; readonly detail: string }
  | {
      readonly ok: true
      readonly head: ResponseHead
      readonly bytes: number
      readonly firstByteMs: number
      readonly truncated: boolean
      readonly isWanted: boolean
      readonly html: HtmlFacts | null
      readonly beginning: string
      readonly links: ReadonlySet<string>
    }

async function visitOnce(url: string, asked: { identity: string; isRedirected: boolean }, deps: FetchDeps): Promise<Visit> {
  const links = new Set<string>()
  const reading: { extractor: Extractor | null; isWanted: boolean } = { extractor: null, isWanted: !asked.isRedirected }
  const onHead = ({ status, headers }: ResponseHead) => {
    const contentType = single(headers['content-type']) ?? null
    if (isRedirect(status)) return { maxBytes: discardBytesMax }
    if (asked.isRedirected) reading.isWanted = deps.wantsLanding(urlIdentity(url) ?? url)
    if (!reading.isWanted || !isHtml(contentType)) return { maxBytes: discardBytesMax }
    const wantsReferences = url.startsWith('https:')
    const onLink = (href: string) => {
      if (links.size < linksPerPageMax) links.add(href)
    }
    reading.extractor = createExtractor(contentType, { onLink, wantsReferences })
    return { maxBytes: status >= 400 ? errorBytesMax : bodyBytesMax }
  }
  const cookie = deps.cookies?.headerFor(url)
  const answer = await deps.outbound.request(url, {
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      'user-agent': deps.userAgent,
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'accept-language': 'en,*;q=0.5',
    },
    totalTimeoutMs: requestTimeoutMs,
    maxBytes: bodyBytesMax,
    signal: deps.signal,
    fresh: deps.fresh,
    onHead,
    onBody: (chunk) => reading.extractor?.write(chunk),
  })
  if (!answer.ok) return { ok: false, fault: answer.fault, detail: answer.detail }
  const { status, headers, bytes, truncated, timings } = answer
  const html = reading.extractor?.end() ?? null
  const beginning = reading.extractor?.beginning() ?? ''
  return {
    ok: true,
    head: { status, headers },
    bytes,
    firstByteMs: timings.firstByteMs,
    truncated,
    isWanted: reading.isWanted,
    html,
    beginning,
    links,
  }
}

function contentFacts(asked: Asked, visit: Visit & { ok: true }, deps: FetchDeps): PageFacts {
  const { status, headers } = visit.head
  const { html } = visit
  const signals = html && signalsOf(html)
  const url = asked.finalUrl
  const wall = isChallenge(status, headers, signals?.title ?? null, visit.beginning)
  const fault: PageFault | null = isRateLimit(status) ? 'rate_limited' : wall ? 'challenge' : null
  const own = emptyFacts({
    ...asked,
    status,
    fault,
    contentType: single(headers['content-type']) ?? null,
    retryAfterSeconds: retryAfterSeconds(headers['retry-after'], deps.clock.now()),
    bytes: visit.bytes,
    truncated: visit.truncated,
  })
  if (fault || status >= 300) return { ...own, title: signals?.title ?? null }
  const read = signals ?? noSignals
  const links = linksOf(url, read, visit.links)
  // A page counts as one inlink, however often and in whatever spelling it links.
  for (const link of links) deps.onLink(link, urlIdentity(url) ?? url)
  return {
    ...own,
    ...(html ? textFacts(html, links, headers) : {}),
    etag: validator(headers['etag']),
    lastModified: validator(headers['last-modified']),
    title: read.title,
    directives: directivesOf(headers, read),
    ...canonicalLinks(headers, read, url),
    mixed: mixedItemsOf(read, url, /upgrade-insecure-requests/i.test(String(headers['content-security-policy'] ?? ''))),
    headerScore: signals ? headersScore(headers, url) : null,
  }
}

/** Where a page leads, as identities. */
function linksOf(url: string, signals: HtmlSignals, written: ReadonlySet<string>): Set<string> {
  const base = URL.parse(signals.baseHref ?? '', url) ?? url
  const found = new Set<string>()
  for (const href of signals.refresh === null ? written : [...written, signals.refresh]) {
    const link = urlIdentity(href, base)
    if (link !== null) found.add(link)
  }
  return found
}

function textFacts(html: HtmlFacts, links: ReadonlySet<string>, headers: ResponseHead['headers']): Partial<PageFacts> {
  const { words, h1, lang, textSketch, hash } = html.text
  const hashes = {
    head: html.headHash,
    text: hash,
    links: hashOfLinks(links),
    scripts: html.scriptHash,
    headers: hashOfHeaders(headers),
  }
  return { words, h1, lang, textSketch, hashes }
}

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
    mixed: [],
    title: null,
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
  upgradesInsecure: false,
}

const single = (value: string | string[] | undefined): string | undefined => (typeof value === 'string' ? value : value?.[0])
