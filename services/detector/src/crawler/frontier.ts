import { identityOfAddress } from '../judges/url-identity.ts'
import { templateOf } from '../judges/url-template.ts'
import type { LinkTarget } from './observation.ts'
import { createUrlQueue } from './url-queue.ts'

/** All that is kept of an address while a crawl runs. */
interface Entry {
  readonly url: string
  depth: number
  inlinks: number
  inSitemap: boolean
  /** The number of the first sitemap that lists it. */
  sitemap: number | null
  /** Of the last answer; null before, and when there was none. */
  status: number | null
  isTaken: boolean
  /** Counts as a page of the site: it was looked at. */
  isPage: boolean
  readonly sources: string[]
}

export interface Place {
  readonly depth: number
  readonly inlinks: number
  readonly inSitemap: boolean
}

/** Pages beyond this many of one pattern are taken for a trap: a calendar without end, a filter with itself inside. */
export const perTemplateMax = 1_000
const sourcesMax = 5
/** Deeper or longer addresses are made by machines for nobody. */
const segmentsMax = 20
const urlLengthMax = 2_000
/** For importance: what only a sitemap knows is far away. */
const sitemapDepth = 10

/**
 * The addresses of a site: each is looked at once, those that are linked before those that are only listed, and another spelling of an
 * address that is known when nothing else is left.
 */
export class Frontier {
  readonly #isInScope: (url: string) => boolean
  readonly #knownMax: number
  readonly #entries = new Map<string, Entry>()
  readonly #perTemplate = new Map<string, number>()
  readonly #traps = new Set<string>()
  readonly #linked = createUrlQueue()
  readonly #listed = createUrlQueue()
  readonly #respelled = createUrlQueue()
  /** Identities that were met in another spelling than their own. */
  readonly #spelled = new Set<string>()

  constructor(options: { readonly isInScope: (url: string) => boolean; readonly knownMax: number }) {
    this.#isInScope = options.isInScope
    this.#knownMax = options.knownMax
  }

  /** Links of one page, each once: remembered as such, and queued where their target is new. Those that lead out of the site are told. */
  link(urls: Iterable<string>, from: string, onOutside: (url: string) => void): void {
    const depth = (this.#entries.get(from)?.depth ?? 0) + 1
    for (const url of urls) {
      const known = this.#entries.get(url)
      if (!known && !this.#isInScope(url)) {
        onOutside(url)
        continue
      }
      const entry = known ?? this.#open(url, depth)
      if (!entry || url === from) continue
      if (entry.depth > depth) entry.depth = depth
      entry.inlinks += 1
      if (entry.sources.length < sourcesMax) entry.sources.push(from)
      if (!known) this.#queueLinked(url)
    }
  }

  /** A place to look at that no link led to. */
  seed(url: string, from: 'start' | 'sitemap' | 'reference', sitemap: number | null = null): void {
    const isNew = !this.#entries.has(url)
    const entry = this.#open(url, from === 'start' ? 0 : sitemapDepth)
    if (!entry) return
    if (from === 'sitemap') entry.inSitemap = true
    entry.sitemap ??= sitemap
    if (isNew) (from === 'start' ? this.#linked : this.#listed).push(url)
  }

  /** The next address to look at; null when there is none at the moment. */
  take(): string | null {
    for (;;) {
      const url = this.#linked.take() ?? this.#listed.take() ?? this.#respelled.take()
      if (url === undefined) return null
      const entry = this.#entries.get(url)
      if (!entry || entry.isTaken) continue
      entry.isTaken = true
      return url
    }
  }

  /** To the end of the queue, to be taken again. */
  putBack(url: string): void {
    const entry = this.#entries.get(url)
    if (entry) entry.isTaken = false
    this.#listed.push(url)
  }

  /** A redirect ended here: it is looked at now. False if it is in hand or done already. */
  claim(url: string, from: string): boolean {
    const entry = this.#open(url, this.#entries.get(from)?.depth ?? 0)
    if (!entry || entry.isTaken) return false
    entry.isTaken = true
    return true
  }

  /** What came of looking at it. */
  record(url: string, status: number | null): void {
    const entry = this.#entries.get(url)
    if (!entry) return
    entry.status = status
    entry.isPage = true
  }

  placeOf(url: string): Place {
    const { depth, inlinks, inSitemap } = this.#entries.get(url) ?? { depth: sitemapDepth, inlinks: 0, inSitemap: false }
    return { depth, inlinks, inSitemap }
  }

  linkTargets(): LinkTarget[] {
    return [...this.#entries.values()].flatMap(({ url, status, sources, inlinks, inSitemap }) =>
      status !== null && status >= 400 && inlinks > 0 ? [{ url, status, sources, inlinks, inSitemap }] : [],
    )
  }

  pages(): (Place & { url: string; sitemap: number | null })[] {
    return [...this.#entries.values()].filter((entry) => entry.isPage)
  }

  get known(): number {
    return this.#entries.size
  }

  get waiting(): number {
    return this.#linked.length + this.#listed.length + this.#respelled.length
  }

  get traps(): readonly string[] {
    return [...this.#traps]
  }

  #open(url: string, depth: number): Entry | null {
    const known = this.#entries.get(url)
    if (known) return known
    if (this.#entries.size >= this.#knownMax || url.length > urlLengthMax || !this.#isInScope(url)) return null
    const entry: Entry = {
      url,
      depth,
      inlinks: 0,
      inSitemap: false,
      sitemap: null,
      status: null,
      isTaken: false,
      isPage: false,
      sources: [],
    }
    this.#entries.set(url, entry)
    return entry
  }

  /** A filter that lists its parameters in every order must not use up what a scan may look at, nor what a template may have. */
  #queueLinked(url: string): void {
    const isRespelled = this.#isRespelled(url)
    if (!this.#isTrap(url, isRespelled)) (isRespelled ? this.#respelled : this.#linked).push(url)
  }

  #isRespelled(url: string): boolean {
    const identity = identityOfAddress(url)
    const isMet = this.#spelled.has(identity) || (identity !== url && this.#entries.has(identity))
    if (identity !== url) this.#spelled.add(identity)
    return isMet
  }

  /** Pages that the owner lists in a sitemap are no trap, however many they are. */
  #isTrap(url: string, isRespelled: boolean): boolean {
    const segments = new URL(url).pathname.split('/')
    if (segments.length > segmentsMax || repeats(segments)) return true
    const template = templateOf(url)
    const kind = isRespelled ? `respelled ${template}` : template
    const count = (this.#perTemplate.get(kind) ?? 0) + 1
    this.#perTemplate.set(kind, count)
    if (count > perTemplateMax) this.#traps.add(template)
    return count > perTemplateMax
  }
}

/** /a/b/a/b/a/b/a: a relative link that leads one step further each time. */
function repeats(segments: readonly string[]): boolean {
  const counts = new Map<string, number>()
  for (const segment of segments) if (segment !== '') counts.set(segment, (counts.get(segment) ?? 0) + 1)
  return Math.max(0, ...counts.values()) >= 4
}
