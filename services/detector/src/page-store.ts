import type { CrawlSummary, PageObservation } from './crawler/observation.ts'
import type { PageTrace } from './crawler/page-content.ts'
import { factsToKeep, type PageVisit, wholePage } from './crawler/stored-facts.ts'
import { openSpillFile, type Spilled, type SpillFile } from './spill-file.ts'

/** As much of a page as is known without reading it back. */
export type PlacedPage = Pick<PageObservation, 'url' | 'template' | 'status'>

/** And how far it is from the start. */
export type ReachedPage = PlacedPage & Pick<PageObservation, 'depth'>

/** The pages that one scan looked at, as rules see them. */
export interface PagesSeen {
  readonly size: number
  has(url: string): boolean
  /** By address, as `urlAddress` spells it. */
  get(url: string): PageObservation | undefined
  /** One after the other; few are held. */
  values(): Iterable<PageObservation>
  /** Without reading them back. */
  readonly placed: { values(): Iterable<ReachedPage> }
}

/** The pages of a scan while it runs: in a file, so that ten thousand of them need no more memory than their addresses. */
export interface PageStore extends PagesSeen {
  /** Seeing a page again replaces what was seen of it. */
  put(page: PageObservation, trace: PageTrace): void
  /** As `put`, of a page that is as it was when `lasting` was written about it. */
  putUnchanged(visit: PageVisit, lasting: string): void
  /** What is to be kept of each page that was read whole, as text. */
  facts(): Iterable<{ readonly url: string; readonly facts: string }>
  /** From now on pages say who links to them, which is known only when the crawl has ended. */
  place(summary: Pick<CrawlSummary, 'inlinks' | 'inSitemap'>): void
  close(): void
}

interface Entry extends ReachedPage {
  readonly page: Spilled
  readonly facts: Spilled | null
  /** Of a page that has not changed; what lasts of it is what was spilled. */
  readonly visit: PageVisit | null
}

type Writable = { -readonly [Field in keyof PageObservation]: PageObservation[Field] }

/** Pages read of late: detectors go through them side by side, and many rules ask for the start page. Some hundred kilobytes, as facts are bounded. */
const recentMax = 128

export function openPageStore(file: SpillFile = openSpillFile()): PageStore {
  const index = new Map<string, Entry>()
  /** One text for all pages of a template. */
  const templates = new Map<string, string>()
  let places: Pick<CrawlSummary, 'inlinks' | 'inSitemap'> | null = null
  const recent = new Map<string, PageObservation>()
  const parsed = ({ url, page, visit }: Entry, from: (at: Spilled) => string): PageObservation => {
    const text = from(page)
    // Written by `put`, and by nobody else.
    const seen: Writable = visit ? wholePage(visit, text) : (JSON.parse(text) as PageObservation)
    if (places) {
      seen.inlinks = places.inlinks.get(url) ?? 0
      seen.inSitemap = places.inSitemap.has(url)
    }
    return seen
  }
  const read = (entry: Entry, from: (at: Spilled) => string): PageObservation => {
    const known = recent.get(entry.url)
    if (known) return known
    const page = parsed(entry, from)
    const [first] = recent.keys()
    if (first !== undefined && recent.size >= recentMax) recent.delete(first)
    recent.set(entry.url, page)
    return page
  }
  const placed = ({ url, template: own, status, depth }: ReachedPage): ReachedPage => {
    const template = templates.get(own) ?? own
    templates.set(template, template)
    return { url, template, status, depth }
  }
  const keep = (entry: Entry) => {
    recent.delete(entry.url)
    index.set(entry.url, entry)
  }
  return {
    get size() {
      return index.size
    },
    has: (url) => index.has(url),
    get(url) {
      const entry = index.get(url)
      return entry && read(entry, file.read)
    },
    *values() {
      const from = file.reader()
      for (const entry of index.values()) yield read(entry, from)
    },
    placed: index,
    put(page, trace) {
      const facts = factsToKeep(page, trace)
      const spilled = { page: file.add(JSON.stringify(page)), facts: facts === null ? null : file.add(facts) }
      keep({ ...placed(page), ...spilled, visit: null })
    },
    putUnchanged(visit, lasting) {
      keep({ ...placed({ ...visit, status: 200 }), page: file.add(lasting), facts: null, visit })
    },
    *facts() {
      const from = file.reader()
      for (const { url, facts } of index.values()) if (facts) yield { url, facts: from(facts) }
    },
    place(summary) {
      places = summary
      recent.clear()
    },
    close() {
      recent.clear()
      file.close()
    },
  }
}
