import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { ResponseHead } from '@tocsin/outbound/outbound-request'
import type { Clock } from '@tocsin/process/clock'
import { type Hop, isRedirect, nextHop } from '../judges/redirects.ts'
import { urlAddress } from '../judges/url-address.ts'
import { templateOf } from '../judges/url-template.ts'
import type { Cookies } from './cookies.ts'
import { createExtractor, type Extractor, isHtml } from './extract.ts'
import type { PageFault } from './observation.ts'
import {
  type Answered,
  type Asked,
  contentOf,
  emptyFacts,
  noTrace,
  type PageFacts,
  type PageTrace,
  single,
} from './page-content.ts'
import { agrees, conditionsOf, type StoredFacts } from './stored-facts.ts'

export interface FetchDeps {
  readonly outbound: Outbound
  readonly clock: Clock
  readonly userAgent: string
  readonly signal: AbortSignal
  /** On connections of its own, hop by hop. */
  readonly fresh: boolean
  /** For a visitor who keeps cookies on the way; without, nothing is kept. */
  readonly cookies?: Cookies
  /** Where the visitor comes from; without, nothing is said. */
  readonly referrer?: string
  /** May this hop be requested at all? */
  readonly mayVisit: (url: string) => boolean
  /** Asked when a redirect has ended at another page: are its facts wanted as well? */
  readonly wantsLanding: (address: string) => boolean
  readonly timeoutMs?: number
  /** False where nobody asks for the score of its headers: it takes as long as everything else that is read from them. */
  readonly scoresHeaders?: boolean
  /** What is known of the page, if it may be asked for a newer version only. */
  readonly known?: StoredFacts | null
}

export interface Fetched {
  readonly asked: PageFacts
  /** The page at which a redirect ended, if its facts were wanted. */
  readonly landing: PageFacts | null
  /** Of the page whose content was seen. */
  readonly trace: PageTrace
  /** The server says that the page is as it was when this was read; `asked` then tells of the visit alone. */
  readonly unchanged: StoredFacts | null
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
  const spelled = urlAddress(address) ?? address
  const startedAt = performance.now()
  const hops: Hop[] = []
  /** Who has got another cookie may come back to where they have been: it may answer them differently. */
  let visitedFrom = 0
  let url = address
  let known = deps.known ?? null
  for (;;) {
    const visit = await visitOnce(url, { known, isRedirected: hops.length > 0 }, deps)
    const asked: Asked = {
      url: spelled,
      requestedUrl: address,
      finalUrl: url,
      elapsedMs: Math.round(performance.now() - startedAt),
    }
    if (!visit.ok)
      return {
        asked: emptyFacts({ ...asked, hops, fault: visit.fault, detail: visit.detail }),
        landing: null,
        trace: noTrace,
        unchanged: null,
        ...measured(visit),
      }
    const { status, headers } = visit.head
    const before = known
    known = null
    if (before && status === 304) {
      if (!agrees(before, headers)) continue
      return {
        asked: emptyFacts({ ...asked, status: 200 }),
        landing: null,
        trace: noTrace,
        unchanged: before,
        ...measured(visit),
      }
    }
    if (deps.cookies?.take(url, headers['set-cookie'])) visitedFrom = hops.length + 1
    const way = [...hops, { url, status }]
    const step = nextHop(way, single(headers['location']), way.slice(visitedFrom))
    if ('end' in step && step.end !== 'loop' && step.end !== 'limit') return atTheEnd(asked, hops, visit, deps)
    hops.push({ url, status })
    const next = 'next' in step ? step.next.href : null
    if (next === null || !deps.mayVisit(next)) {
      const fault = 'next' in step ? 'robots_disallowed' : step.end === 'loop' ? 'redirect_loop' : 'redirect_limit'
      const finalUrl = next ?? URL.parse(single(headers['location']) ?? '', url)?.href ?? url
      const facts = emptyFacts({ ...asked, hops, status, fault, finalUrl })
      return { asked: facts, landing: null, trace: noTrace, unchanged: null, ...measured(visit) }
    }
    url = next
  }
}

/** The last answer: the page itself, or, behind redirects, the status of the first and the facts of the other. */
function atTheEnd(asked: Asked, hops: readonly Hop[], visit: Visit & { ok: true }, deps: FetchDeps): Fetched {
  const { facts, trace } = contentOf(asked, visit, { now: deps.clock.now(), scoresHeaders: deps.scoresHeaders ?? true })
  if (hops.length === 0) return { asked: facts, landing: null, trace, unchanged: null, ...measured(visit) }
  const { status, fault, detail, retryAfterSeconds: wait } = facts
  const landing = visit.isWanted && urlAddress(asked.finalUrl) !== asked.url
  return {
    asked: emptyFacts({ ...asked, hops, status, fault, detail, retryAfterSeconds: wait }),
    landing: landing
      ? {
          ...facts,
          url: urlAddress(asked.finalUrl) ?? asked.finalUrl,
          requestedUrl: asked.finalUrl,
          template: templateOf(asked.finalUrl),
        }
      : null,
    trace,
    unchanged: null,
    ...measured(visit),
  }
}

const measured = (visit: Visit): { firstByteMs: number; bytes: number } =>
  visit.ok ? { firstByteMs: visit.firstByteMs, bytes: visit.bytes } : { firstByteMs: 0, bytes: 0 }

type Visit =
  | { readonly ok: false; readonly fault: PageFault; readonly detail: string }
  | (Answered & { readonly ok: true; readonly firstByteMs: number; readonly isWanted: boolean })

async function visitOnce(
  url: string,
  asked: { known: StoredFacts | null; isRedirected: boolean },
  deps: FetchDeps,
): Promise<Visit> {
  const links = new Set<string>()
  const reading: { extractor: Extractor | null; isWanted: boolean } = { extractor: null, isWanted: !asked.isRedirected }
  const onHead = ({ status, headers }: ResponseHead) => {
    const contentType = single(headers['content-type']) ?? null
    if (isRedirect(status) || status === 304) return { maxBytes: discardBytesMax }
    if (asked.isRedirected) reading.isWanted = deps.wantsLanding(urlAddress(url) ?? url)
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
      ...(asked.known ? conditionsOf(asked.known) : {}),
      'user-agent': deps.userAgent,
      ...(deps.referrer === undefined ? {} : { referer: deps.referrer }),
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'accept-language': 'en,*;q=0.5',
    },
    totalTimeoutMs: deps.timeoutMs ?? requestTimeoutMs,
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
  // A connection that is kept holds its last request until the next one, and this would be held with it.
  reading.extractor = null
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
