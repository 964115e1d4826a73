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
const timeoutMs = 30_000

/** Hands on the pages that the site's sitemaps list, until enough are found or a limit is reached. What cannot be read is passed over. */
export async function readSitemapSeeds(
  first: readonly string[],
  deps: SitemapDeps,
  onPage: (url: string) => 'more' | 'enough',
): Promise<void> {
  const queue = [...new Set(first)].map((url) => ({ url, isChild: false }))
  const seen = new Set(first)
  for (let read = 0; read < sitemapsMax && !deps.signal.aborted; read += 1) {
    const next = queue.shift()
    if (!next) return
    if (!deps.mayVisit(next.url)) continue
    const answer = await deps.outbound.request(next.url, {
      headers: { 'user-agent': deps.userAgent, accept: 'application/xml,text/xml,text/plain,*/*;q=0.5' },
      totalTimeoutMs: timeoutMs,
      maxBytes: sitemapBytesMax,
      signal: deps.signal,
    })
    if (!answer.ok || answer.status !== 200) continue
    const sitemap = readSitemap(answer.body)
    for (const entry of sitemap.entries) {
      const url = urlIdentity(entry.url, next.url)
      if (url === null) continue
      if (sitemap.kind === 'pages' && onPage(url) === 'enough') return
      // An index inside an index is not allowed, and how loops are made.
      if (sitemap.kind === 'index' && !next.isChild && !seen.has(url)) {
        seen.add(url)
        queue.push({ url, isChild: true })
      }
    }
  }
}
