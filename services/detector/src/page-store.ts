import type { CrawlSummary, PageObservation } from './crawler/observation.ts'
import type { PageTrace } from './crawler/page-content.ts'
import { factsToKeep } from './crawler/stored-facts.ts'
import { openSpillFile, type Spilled, type SpillFile } from './spill-file.ts'

/** As much of a page as is known without reading it back. */
export type PlacedPage = Pick<PageObservation, 'url' | 'template' | 'status'>

/** And how far it is from the start. */
export type ReachedPage = PlacedPage & Pick<PageObservation, 'depth'>

/** The pages that one scan looked at, as rules see them. */
export interface PagesSeen {
  readonly size: number
  has(url: string): boolean
  /** By identity. */
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
  /** What is to be kept of each page that was read whole, as text. */
  facts(): Iterable<{ readonly url: string; readonly facts: string }>
  /** From now on pages say who links to them, which is known only when the crawl has ended. */
  place(summary: Pick<CrawlSummary, 'inlinks' | 'inSitemap'>): void
  close(): void
}

interface Entry extends ReachedPage {
  readonly page: Spilled
  readonly facts: Spilled | null
}

/** Pages read of late: detectors go through them side by side, and many rules ask for the start page. Some hundred kilobytes, as facts are bounded. */
const recentMax = 128

export function openPageStore(file: SpillFile = openSpillFile()): PageStore {
  const index = new Map<string, Entry>()
  /** One text for all pages of a template. */
  const templates = new Map<string, string>()
  let places: Pick<CrawlSummary, 'inlinks' | 'inSitemap'> | null = null
  const recent = new Map<string, PageObservation>()
  const parsed = ({ url, page }: Entry, from: (at: Spilled) => string): PageObservation => {
    // Written by `put`, and by nobody else.
    const seen = JSON.parse(from(page)) as { -readonly [Field in keyof PageObservation]: PageObservation[Field] }
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
      const template = templates.get(page.template) ?? page.template
      templates.set(template, template)
      const facts = trace.revalidated ? null : factsToKeep(page, trace)
      const spilled = { page: file.add(JSON.stringify(page)), facts: facts === null ? null : file.add(facts) }
      recent.delete(page.url)
      index.set(page.url, { url: page.url, template, status: page.status, depth: page.depth, ...spilled })
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
