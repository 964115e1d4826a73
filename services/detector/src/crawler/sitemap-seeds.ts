import type { Outbound } from '@tocsin/outbound/guarded-http'
import { readSitemap } from '../judges/sitemap.ts'
import { urlIdentity } from '../judges/url-identity.ts'

export interface SitemapDeps {
  readonly outbound: Outbound
  readonly userAgent: string
  readonly signal: AbortSignal
  readonly mayVisit: (url: string) => boolean
}

/** Sitemaps read in one crawl, those that an index names included. */
const sitemapsMax = 50
/** Seeds only: a larger sitemap is read as far as this. */
const sitemapBytesMax = 10 * 1024 * 1024
/** An index inside an index is not allowed and exists; from the third on it is a way to go round in circles. */
const indexDepthMax = 2
/** A sitemap may move, as pages do. */
const redirectsMax = 3
const timeoutMs = 30_000

/**
 * Hands on the pages that the site's sitemaps list, with the date of their last change, until enough are found or a limit is reached.
 * What cannot be read is passed over.
 */
export async function readSitemapSeeds(
  first: readonly string[],
  deps: SitemapDeps,
  onPage: (url: string, changedAt: Date | null) => 'more' | 'enough',
): Promise<void> {
  const queue = [...new Set(first)].map((url) => ({ url, depth: 0 }))
  const seen = new Set(first)
  for (let read = 0; read < sitemapsMax && !deps.signal.aborted; read += 1) {
    const next = queue.shift()
    if (!next) return
    const answer = await request(next.url, deps, seen)
    if (!answer) continue
    const sitemap = readSitemap(answer.body)
    for (const entry of sitemap.entries) {
      const url = urlIdentity(entry.url, answer.url)
      if (url === null) continue
      if (sitemap.kind === 'pages' && onPage(url, dateOf(entry.lastModified)) === 'enough') return
      if (sitemap.kind === 'index' && next.depth < indexDepthMax && !seen.has(url) && seen.size < sitemapsMax) {
        seen.add(url)
        queue.push({ url, depth: next.depth + 1 })
      }
    }
  }
}

/** Null: it is not there, may not be asked for, or was read already under the address to which it moved. */
async function request(first: string, deps: SitemapDeps, seen: Set<string>): Promise<{ url: string; body: Buffer } | null> {
  let url = first
  for (let redirects = 0; redirects <= redirectsMax && deps.mayVisit(url); redirects += 1) {
    const answer = await deps.outbound.request(url, {
      headers: { 'user-agent': deps.userAgent, accept: 'application/xml,text/xml,text/plain,*/*;q=0.5' },
      totalTimeoutMs: timeoutMs,
      maxBytes: sitemapBytesMax,
      signal: deps.signal,
    })
    if (!answer.ok) return null
    if (answer.status === 200) return { url, body: answer.body }
    const location = answer.headers['location']
    const next = typeof location === 'string' ? urlIdentity(location, url) : null
    if (answer.status < 301 || answer.status > 308 || next === null || seen.has(next)) return null
    seen.add(next)
    url = next
  }
  return null
}

/** Dates of sitemaps are W3C dates, and whatever people write. A date alone is the beginning of its day: what is surely newer counts. */
function dateOf(text: string | null): Date | null {
  if (text === null) return null
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? null : date
}
