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

/** An element of an entry whose text counts. */
interface Field {
  readonly name: string
  readonly depth: number
  text: string
  hasText: boolean
  /** Another element began after its text, so its end tag is missing and what follows belongs to others. */
  isOver: boolean
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
  /** Entries whose address stands in the entry itself. */
  withoutLoc = 0
  readonly #onEntry: (entry: SitemapEntry, container: string) => void
  readonly #path: Open[] = []
  #rootPrefix = ''
  #container: number | null = null
  #found = new Map<string, string>()
  #field: Field | null = null
  /** The text of the entry itself, in which nothing but white space belongs. */
  #ownText = ''

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
      if (containers[name] && (!parent || parent.name === 'rdf' || this.#isKin(prefix, parent.prefix))) this.#start()
      return
    }
    if (this.#isNextEntry(name, prefix)) {
      this.#finish()
      this.#start()
    } else if (this.#field) {
      // Markup around the address is passed over.
      this.#field.isOver ||= this.#field.hasText
    } else if (this.#path.length === this.#container + 1 && this.#isField(name, prefix)) {
      // Only what belongs to the entry itself: an image or a video inside has a loc of its own.
      if (name === 'link' && attributes['href'] !== undefined) this.#onAtomLink(attributes['href'], attributes['rel'])
      else this.#field = { name, depth: this.#path.length, text: '', hasText: false, isOver: false }
    }
  }

  #onRoot(name: string, prefix: string, attributes: Readonly<Record<string, string>>): void {
    this.format = roots[name] ?? null
    this.isHtml ||= name === 'html'
    this.#rootPrefix = prefix
    this.namespace = attributes[prefix === '' ? 'xmlns' : `xmlns:${prefix}`] ?? null
  }

  /** Prefixes that are given to some elements of a sitemap and forgotten at others. Those of images and videos are neither. */
  #isKin(prefix: string, other: string): boolean {
    return prefix === other || prefix === '' || prefix === this.#rootPrefix
  }

  #start(): void {
    this.#container = this.#path.length
    this.#found = new Map()
    this.#ownText = ''
  }

  /** An entry that begins inside of one of its kind: the end tag between them is missing. */
  #isNextEntry(name: string, prefix: string): boolean {
    const container = this.#path[(this.#container ?? 0) - 1]
    if (name !== container?.name || prefix !== container.prefix) return false
    return this.#field ? this.#field.hasText : this.#path.length === (this.#container ?? 0) + 1
  }

  /** Dublin Core's date is the only foreign field that means something here. */
  #isField(name: string, prefix: string): boolean {
    const container = this.#path[(this.#container ?? 0) - 1]
    const fields = container && containers[container.name]
    if (!container || !fields || this.#found.has(name)) return false
    if (!this.#isKin(prefix, container.prefix) && !(prefix === 'dc' && name === 'date')) return false
    return fields.url.includes(name) || fields.date.includes(name)
  }

  #onAtomLink(href: string, rel: string | undefined): void {
    if (rel === undefined || rel === '' || rel === 'alternate') this.#found.set('link', href.trim())
  }

  text(part: string): void {
    const field = this.#field
    if (field) {
      if (field.isOver || field.text.length > textMax) return
      field.text += part
      field.hasText ||= /\S/.test(part)
    } else if (this.#path.length === this.#container && this.#ownText.length <= textMax) this.#ownText += part
  }

  close(qualified: string): void {
    const { name } = split(qualified)
    const closed = this.#path.length
    this.#path.pop()
    this.isClosed ||= roots[name] !== undefined
    if (this.#field?.depth === closed) this.#onField()
    if (closed === this.#container) this.#finish(name)
  }

  #onField(): void {
    if (!this.#field) return
    const { name, text } = this.#field
    this.#field = null
    const value = text.trim()
    if (value.length > textMax) this.tooLong += 1
    // A guid may be anything, whatever it says of itself.
    else if (value !== '' && (name !== 'guid' || isHttp(value))) this.#found.set(name, value)
  }

  #finish(name = this.#path[(this.#container ?? 0) - 1]?.name ?? ''): void {
    this.#onField()
    this.#container = null
    const fields = containers[name]
    if (!fields) return
    const first = (names: readonly string[]) => names.map((each) => this.#found.get(each)).find((value) => value !== undefined)
    const url = first(fields.url) ?? this.#addressInEntry()
    if (url !== undefined) this.#onEntry({ url, lastModified: first(fields.date) ?? null }, name)
  }

  /** Not in feeds: there an image has a url too. */
  #addressInEntry(): string | undefined {
    const text = this.#ownText.trim()
    if (this.format === 'rss' || this.format === 'atom' || text.length > textMax || !isHttp(text)) return undefined
    this.withoutLoc += 1
    return text
  }
}

const isHttp = (text: string): boolean => /^https?:\/\//i.test(text) && !/\s/.test(text)

function split(qualified: string): { name: string; prefix: string } {
  const colon = qualified.indexOf(':')
  return colon < 0
    ? { name: qualified.toLowerCase(), prefix: '' }
    : { name: qualified.slice(colon + 1).toLowerCase(), prefix: qualified.slice(0, colon).toLowerCase() }
}
