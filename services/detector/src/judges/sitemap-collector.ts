export interface SitemapEntry {
  /** As written, without white space around it; it may be relative or no address at all. */
  readonly url: string
  readonly lastModified: string | null
}

export type SitemapFormat = 'sitemap' | 'index' | 'rss' | 'atom'

/** Longer than any address that servers take, and than the 2,048 that the protocol allows. */
const textMax = 8_192

const roots: Readonly<Record<string, SitemapFormat>> = {
  urlset: 'sitemap',
  sitemapindex: 'index',
  rss: 'rss',
  rdf: 'rss',
  feed: 'atom',
}

/** Elements that stand for one entry, and where in them the address and the date are. */
const containers: Readonly<Record<string, { readonly url: readonly string[]; readonly date: readonly string[] }>> = {
  url: { url: ['loc'], date: ['lastmod'] },
  sitemap: { url: ['loc'], date: ['lastmod'] },
  item: { url: ['link', 'guid'], date: ['pubdate', 'date'] },
  entry: { url: ['link'], date: ['updated', 'modified', 'published'] },
}

interface Open {
  readonly name: string
  readonly prefix: string
}

/** Sees the elements of one document pass by, well-formed or not, and hands on its entries. */
export class SitemapCollector {
  format: SitemapFormat | null = null
  /** The root's namespace; null when it names none. */
  namespace: string | null = null
  isHtml = false
  /** The root came to its end; what follows is noise. */
  isClosed = false
  tooLong = 0
  readonly #onEntry: (entry: SitemapEntry, container: string) => void
  readonly #path: Open[] = []
  #container: number | null = null
  #found = new Map<string, string>()
  #text: string | null = null
  /** A guid is an address unless it says that it is none. */
  #isPermanent = true

  constructor(onEntry: (entry: SitemapEntry, container: string) => void) {
    this.#onEntry = onEntry
  }

  get depth(): number {
    return this.#path.length
  }

  open(qualified: string, attributes: Readonly<Record<string, string>>): void {
    const { name, prefix } = split(qualified)
    const parent = this.#path.at(-1)
    this.#path.push({ name, prefix })
    if (this.format === null && (roots[name] !== undefined || name === 'html')) this.#onRoot(name, prefix, attributes)
    if (this.#container === null) {
      // Some leave the root out; RSS 1.0 has a root with a prefix and entries without.
      if (containers[name] && (!parent || prefix === parent.prefix || parent.name === 'rdf')) this.#start()
      return
    }
    // Only what belongs to the entry itself: an image or a video inside has a loc of its own.
    if (this.#path.length !== this.#container + 1 || !this.#isField(name, prefix)) {
      this.#text = null
      return
    }
    this.#text = ''
    if (name === 'guid') this.#isPermanent = attributes['isPermaLink']?.toLowerCase() !== 'false'
    if (name === 'link' && attributes['href'] !== undefined) this.#onAtomLink(attributes['href'], attributes['rel'])
  }

  #onRoot(name: string, prefix: string, attributes: Readonly<Record<string, string>>): void {
    this.format = roots[name] ?? null
    this.isHtml ||= name === 'html'
    this.namespace = attributes[prefix === '' ? 'xmlns' : `xmlns:${prefix}`] ?? null
  }

  #start(): void {
    this.#container = this.#path.length
    this.#found = new Map()
  }

  /** Dublin Core's date is the only foreign field that means something here. */
  #isField(name: string, prefix: string): boolean {
    const container = this.#path[(this.#container ?? 0) - 1]
    const fields = container && containers[container.name]
    if (!container || !fields || this.#found.has(name)) return false
    if (prefix !== container.prefix && !(prefix === 'dc' && name === 'date')) return false
    return fields.url.includes(name) || fields.date.includes(name)
  }

  #onAtomLink(href: string, rel: string | undefined): void {
    this.#text = null
    if (rel === undefined || rel === '' || rel === 'alternate') this.#found.set('link', href.trim())
  }

  text(part: string): void {
    if (this.#text !== null && this.#text.length <= textMax) this.#text += part
  }

  close(qualified: string): void {
    const { name } = split(qualified)
    const closed = this.#path.length
    this.#path.pop()
    this.isClosed ||= roots[name] !== undefined
    if (this.#container === null) return
    if (closed === this.#container + 1 && this.#text !== null) this.#onField(name, this.#text.trim())
    this.#text = null
    if (closed !== this.#container) return
    this.#container = null
    this.#onEnd(name)
  }

  #onField(name: string, value: string): void {
    if (value.length > textMax) this.tooLong += 1
    else if (value !== '' && (name !== 'guid' || this.#isPermanent)) this.#found.set(name, value)
  }

  #onEnd(name: string): void {
    const fields = containers[name]
    if (!fields) return
    const first = (names: readonly string[]) => names.map((each) => this.#found.get(each)).find((value) => value !== undefined)
    const url = first(fields.url)
    if (url !== undefined) this.#onEntry({ url, lastModified: first(fields.date) ?? null }, name)
  }
}

function split(qualified: string): { name: string; prefix: string } {
  const colon = qualified.indexOf(':')
  return colon < 0
    ? { name: qualified.toLowerCase(), prefix: '' }
    : { name: qualified.slice(colon + 1).toLowerCase(), prefix: qualified.slice(0, colon).toLowerCase() }
}
