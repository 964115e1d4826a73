import type { CrawlSummary, PageObservation } from './crawler/observation.ts'
import { openSpillFile, type SpillFile, type Spilled } from './spill-file.ts'

/** What is known of a page without reading it back. */
export interface PageEntry {
  readonly url: string
  readonly template: string
}

/** The pages that one scan looked at, as rules see them. */
export interface PagesSeen {
  readonly size: number
  /** By identity. Read anew at each call. */
  get(url: string): PageObservation | undefined
  has(url: string): boolean
  /** One after the other; none is held. */
  values(): Iterable<PageObservation>
  entries(): Iterable<PageEntry>
  /** How many pages each template has. */
  readonly templates: ReadonlyMap<string, number>
}

/** The pages of a scan while it runs: in a file, so that ten thousand of them need no more memory than their addresses. */
export interface PageStore extends PagesSeen {
  /** With everything it links to, as identities. Seeing a page again replaces what was seen of it. */
  put(page: PageObservation, links: readonly string[]): void
  linksOf(url: string): readonly string[]
  /** From now on pages say who links to them, which is known only when the crawl has ended. */
  place(summary: Pick<CrawlSummary, 'inlinks' | 'inSitemap'>): void
  close(): void
}

interface Entry extends PageEntry {
  page: Spilled
  links: Spilled
}

export function openPageStore(file: SpillFile = openSpillFile()): PageStore {
  const index = new Map<string, Entry>()
  const templates = new Map<string, number>()
  /** One text for all pages of a template. */
  const names = new Map<string, string>()
  let places: Pick<CrawlSummary, 'inlinks' | 'inSitemap'> | null = null
  const read = ({ url, page }: Entry): PageObservation => {
    // Written by `put`, and by nobody else.
    const seen = file.read(page) as PageObservation
    return places ? { ...seen, inlinks: places.inlinks.get(url) ?? 0, inSitemap: places.inSitemap.has(url) } : seen
  }
  return {
    get size() {
      return index.size
    },
    templates,
    put(page, links) {
      const before = index.get(page.url)
      if (before) templates.set(before.template, (templates.get(before.template) ?? 1) - 1)
      const template = names.get(page.template) ?? page.template
      names.set(template, template)
      templates.set(template, (templates.get(template) ?? 0) + 1)
      index.set(page.url, { url: page.url, template, page: file.add(page), links: file.add(links) })
    },
    get(url) {
      const entry = index.get(url)
      return entry && read(entry)
    },
    has: (url) => index.has(url),
    *values() {
      for (const entry of index.values()) yield read(entry)
    },
    entries: () => index.values(),
    linksOf(url) {
      const entry = index.get(url)
      return entry ? (file.read(entry.links) as string[]) : []
    },
    place(summary) {
      places = summary
    },
    close: () => file.close(),
  }
}
