import type { Site } from '@tocsin/contract/api/sites'
import { errorCode } from '@tocsin/process/error-code'
import type { CrawlProgress, CrawlSummary, PageObservation } from './crawler/observation.ts'
import type { PageTrace } from './crawler/page-content.ts'
import type { PageVisit, StoredFacts } from './crawler/stored-facts.ts'
import type { HeldScan } from './held-scan.ts'
import { type KnownFacts, recallFacts } from './known-facts.ts'
import { openPageStore, type PageStore } from './page-store.ts'
import type { WatchList } from './rules/verdict.ts'

/** A polite visit of a whole site; every page that was looked at is handed over, also one that failed. */
export type Crawl = (
  site: { url: string; pageBudget: number; connections: number },
  hear: {
    known(url: string): StoredFacts | null
    onPage(page: PageObservation, trace: PageTrace): void
    onUnchanged(visit: PageVisit, lasting: string): void
    onProgress(progress: CrawlProgress): void
  },
  signal: AbortSignal,
) => Promise<CrawlSummary>

export interface Crawled {
  readonly summary: CrawlSummary
  readonly pages: PageStore
}

export interface CrawlDeps extends Pick<Parameters<typeof recallFacts>[0], 'journal' | 'clock'> {
  readonly crawl: Crawl
}

/** The pages lie in files until `scratch` is disposed of. */
export async function crawlSite(
  deps: CrawlDeps,
  about: { held: HeldScan; site: Site; watched: WatchList; scratch: DisposableStack },
  onProgress: (progress: CrawlProgress) => void,
  signal: AbortSignal,
): Promise<Crawled> {
  const { held, site, watched, scratch } = about
  try {
    const pages = scratch.adopt(openPageStore(), (store) => store.close())
    const facts = scratch.adopt(await recallFacts(deps, held), (known) => known.close())
    const { url, pageBudget, connections } = site
    const hear = {
      known: factsOfUnwatched(facts, watched),
      onPage: (page: PageObservation, trace: PageTrace) => pages.put(page, trace),
      onUnchanged: (visit: PageVisit, lasting: string) => pages.putUnchanged(visit, lasting),
      onProgress,
    }
    const summary = await deps.crawl({ url, pageBudget, connections }, hear, signal)
    pages.place(summary)
    return { summary, pages }
  } catch (error) {
    if (errorCode(error) === 'ENOSPC')
      throw new Error('The disk of the detector is full: there is no room for what it sees.', { cause: error })
    throw error
  }
}

/** Whoever waits for a page is not told what a server says of changes, but what is there. */
function factsOfUnwatched(facts: KnownFacts, watched: WatchList): (url: string) => StoredFacts | null {
  const waitedFor = new Set(
    [...watched].filter(([, watch]) => watch !== 'hygiene').map(([key]) => key.slice(key.indexOf(' ') + 1)),
  )
  return (url) => (waitedFor.has(url) ? null : facts.get(url))
}
