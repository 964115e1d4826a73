import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { isChallenge, isRateLimit } from '../judges/challenge.ts'
import { readSitemap, type Sitemap, sitemapBytesMax } from '../judges/sitemap.ts'
import { urlAddress } from '../judges/url-address.ts'
import type { SitemapObservation } from './observation.ts'

export interface SitemapFetchDeps {
  readonly outbound: Outbound
  readonly userAgent: string
  readonly signal: AbortSignal
  readonly fresh: boolean
  readonly mayVisit: (url: string) => boolean
}

export interface FetchedSitemap {
  readonly seen: Omit<SitemapObservation, 'named' | 'blocked'>
  /** Null when there is nothing that could be read. */
  readonly sitemap: Sitemap | null
}

/** Of a larger one the rest is counted and not kept. */
const keptBytesMax = 10 * 1024 * 1024
/** A sitemap may move, as pages do. */
const redirectsMax = 3
const timeoutMs = 30_000
/** Of answers that are no sitemap, to recognise walls against bots. */
const errorBytesMax = 64 * 1024
const beginningMax = 8 * 1024

/** One sitemap, redirects followed. Never throws for what the outside does. */
export async function fetchSitemap(url: string, deps: SitemapFetchDeps): Promise<FetchedSitemap> {
  let at = url
  for (let redirects = 0; ; redirects += 1) {
    const reading = createReading()
    const answer = await deps.outbound.request(at, {
      headers: { 'user-agent': deps.userAgent, accept: 'application/xml,text/xml,text/plain,*/*;q=0.5' },
      totalTimeoutMs: timeoutMs,
      // One byte more tells that it is too large.
      maxBytes: sitemapBytesMax + 1,
      signal: deps.signal,
      fresh: deps.fresh,
      onHead: ({ status }) => ({ maxBytes: status === 200 ? sitemapBytesMax + 1 : errorBytesMax }),
      onBody: (chunk) => reading.add(chunk),
    })
    if (!answer.ok) return nothing(url, at, { status: null, fault: answer.fault })
    const { status, headers } = answer
    if (isWall(status, headers, reading.body())) return nothing(url, at, { status, fault: 'challenge' })
    if (status === 200) return read(url, at, reading)
    const location = headers['location']
    const next = typeof location === 'string' ? urlAddress(location, at) : null
    if (status < 301 || status > 308 || next === null || redirects >= redirectsMax || !deps.mayVisit(next))
      return nothing(url, at, { status, fault: isRateLimit(status) ? 'rate_limited' : null })
    at = next
  }
}

function isWall(status: number, headers: ResponseHeaders, body: Buffer): boolean {
  const beginning = body.subarray(0, beginningMax).toString()
  return isChallenge(status, headers, /<title[^>]{0,200}>([^<]{0,200})/i.exec(beginning)?.[1] ?? null, beginning)
}

const nothing = (url: string, finalUrl: string, answer: Pick<SitemapObservation, 'status' | 'fault'>): FetchedSitemap => ({
  seen: { url, finalUrl, ...answer, problem: null, entries: 0, bytes: 0 },
  sitemap: null,
})

function read(url: string, finalUrl: string, { body, bytes, entries }: ReturnType<typeof createReading>): FetchedSitemap {
  const sitemap = readSitemap(body())
  const isCut = bytes() > keptBytesMax
  const counted = isCut ? Math.max(entries(), sitemap.entries.length) : sitemap.entries.length
  // What we have cut off ourselves is no fault of the file.
  const problem = isCut && sitemap.fault === 'unparseable' && sitemap.entries.length > 0 ? null : sitemap.fault
  return { seen: { url, finalUrl, status: 200, fault: null, problem, entries: counted, bytes: bytes() }, sitemap }
}

/** Keeps the beginning, and of the rest no more than the count of its bytes and entries. */
function createReading() {
  const chunks: Buffer[] = []
  let kept = 0
  let bytes = 0
  let entries = 0
  /** An entry's tag may lie across two chunks. */
  let tail = ''
  return {
    add(chunk: Buffer): void {
      const room = keptBytesMax - kept
      if (room > 0) {
        chunks.push(chunk.subarray(0, room))
        kept += Math.min(room, chunk.length)
      }
      bytes += chunk.length
      const text = tail + chunk.toString('latin1')
      entries += text.match(/<loc[\s>]/g)?.length ?? 0
      tail = text.slice(-4)
    },
    body: () => Buffer.concat(chunks),
    bytes: () => bytes,
    entries: () => entries,
  }
}
