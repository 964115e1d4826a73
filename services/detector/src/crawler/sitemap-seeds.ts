import { urlAddress } from '../judges/url-address.ts'
import { fetchSitemap, type SitemapFetchDeps } from './fetch-sitemap.ts'
import type { SitemapObservation } from './observation.ts'

export interface SitemapDeps extends SitemapFetchDeps {
  /** Is this page closed to search engines by robots.txt? */
  readonly isForbidden: (url: string) => boolean
}

export interface FirstSitemap {
  readonly url: string
  readonly named: 'robots' | 'guess'
}

/** Sitemaps read in one crawl, those that an index names included. */
const sitemapsMax = 50
/** An index inside an index is not allowed and exists; from the third on it is a way to go round in circles. */
const indexDepthMax = 2
const examplesMax = 10

/**
 * Hands on the pages that the site's sitemaps list, with the date of their last change and the number of their sitemap, until enough are
 * found or a limit is reached. Says what each sitemap was like, in the order of these numbers.
 */
export async function readSitemapSeeds(
  first: readonly FirstSitemap[],
  deps: SitemapDeps,
  onPage: (url: string, changedAt: Date | null, sitemap: number) => 'more' | 'enough',
): Promise<SitemapObservation[]> {
  const queue = first.map((each) => ({ ...each, depth: 0 }) as { url: string; named: SitemapObservation['named']; depth: number })
  const known = new Set(first.map(({ url }) => url))
  const observed: SitemapObservation[] = []
  for (let next = queue.shift(); next && observed.length < sitemapsMax && !deps.signal.aborted; next = queue.shift()) {
    if (!deps.mayVisit(next.url)) continue
    const { seen, sitemap } = await fetchSitemap(next.url, deps)
    if (seen.finalUrl !== next.url && known.has(seen.finalUrl)) continue
    known.add(seen.finalUrl)
    const blocked = { count: 0, examples: [] as string[] }
    observed.push({ ...seen, named: next.named, blocked })
    for (const entry of sitemap?.entries ?? []) {
      const url = urlAddress(entry.url, seen.finalUrl)
      if (url === null) continue
      if (sitemap?.kind === 'index') {
        if (next.depth >= indexDepthMax || known.has(url) || known.size >= sitemapsMax) continue
        known.add(url)
        queue.push({ url, named: 'index', depth: next.depth + 1 })
        continue
      }
      if (deps.isForbidden(url)) {
        blocked.count += 1
        if (blocked.examples.length < examplesMax) blocked.examples.push(url)
      }
      if (onPage(url, dateOf(entry.lastModified), observed.length - 1) === 'enough') return observed
    }
  }
  return observed
}

/** Dates of sitemaps are W3C dates, and whatever people write. A date alone is the beginning of its day: what is surely newer counts. */
function dateOf(text: string | null): Date | null {
  if (text === null) return null
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? null : date
}
