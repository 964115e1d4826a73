import { Parser } from 'htmlparser2'
import { SaxesParser } from 'saxes'
import { SitemapCollector, type SitemapEntry, type SitemapFormat } from './sitemap-collector.ts'
import { decodeXml, unpack } from './sitemap-unpack.ts'

export type SitemapProblem =
  /** Neither XML of a known kind nor a list of addresses. */
  | 'not_a_sitemap'
  /** No XML parser that keeps to the rules reads it. */
  | 'malformed'
  | 'truncated'
  | 'broken_archive'
  | 'too_many'
  | 'too_large'
  /** Entries that are no http addresses, or only parts of one. */
  | 'invalid_url'
  | 'url_too_long'
  /** Tolerated: search engines read it nevertheless. */
  | 'namespace'
  | 'root'
  | 'no_loc'

export interface Sitemap {
  /** `index`: the entries are sitemaps. */
  readonly kind: 'pages' | 'index'
  readonly format: 'sitemap' | 'rss' | 'atom' | 'text' | null
  readonly entries: readonly SitemapEntry[]
  /** Everything that is not as the protocol says; what could be read nevertheless is in the entries. */
  readonly problems: readonly SitemapProblem[]
  /** The problem that search engines refuse a sitemap for. */
  readonly fault: 'unparseable' | 'too_many' | 'too_large' | null
}

export const sitemapEntriesMax = 50_000
export const sitemapBytesMax = 50 * 1024 * 1024
/** What the protocol allows. */
const urlLengthMax = 2_048
/** What servers may still take. */
const urlLengthKept = 8_192

/** XML, a feed or plain text, gzipped or not, in the charsets that occur. */
export function readSitemap(bytes: Buffer | Uint8Array): Sitemap {
  const { bytes: unpacked, state } = unpack(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), sitemapBytesMax)
  const text = decodeXml(unpacked)
  const entries = new Entries()
  const start = /[^\s\uFEFF\0]/.exec(text)?.index ?? text.length
  const document = text[start] === '<' ? start : behindNoise(text)
  const format = document === null ? readPlainText(text, entries) : readXml(text.slice(document), entries)
  if (document !== null && document !== start) entries.problems.add('malformed')
  if (state === 'broken') entries.problems.add('broken_archive')
  // Cut by us, the end is missing.
  if (state === 'cut') {
    entries.problems.delete('truncated')
    entries.problems.add('too_large')
  }
  const isIndex = format === 'index' || (entries.list.length > 0 && entries.ofSitemaps === entries.list.length)
  return {
    kind: isIndex ? 'index' : 'pages',
    format: format === 'index' ? 'sitemap' : format,
    entries: entries.list,
    problems: [...entries.problems],
    fault: faultOf(entries.problems),
  }
}

/** A server that is in trouble may say so before the document; null when there is none. */
function behindNoise(text: string): number | null {
  const found = /<(?:\?xml|(?:\w+:)?(?:urlset|sitemapindex)|rss|feed)[\s>]/i.exec(text.slice(0, noiseLengthMax))
  return found?.index ?? null
}

const noiseLengthMax = 20_000

function faultOf(problems: ReadonlySet<SitemapProblem>): Sitemap['fault'] {
  if ((['not_a_sitemap', 'malformed', 'truncated', 'broken_archive'] as const).some((each) => problems.has(each)))
    return 'unparseable'
  return problems.has('too_large') ? 'too_large' : problems.has('too_many') ? 'too_many' : null
}

class Entries {
  readonly list: SitemapEntry[] = []
  readonly problems = new Set<SitemapProblem>()
  ofSitemaps = 0

  add(entry: SitemapEntry, container: string): void {
    if (this.list.length >= sitemapEntriesMax) {
      this.problems.add('too_many')
      return
    }
    if (!/^https?:\/\/[^/]/i.test(entry.url)) this.problems.add('invalid_url')
    if (entry.url.length > urlLengthMax) this.problems.add('url_too_long')
    if (entry.url.length > urlLengthKept) return
    if (container === 'sitemap') this.ofSitemaps += 1
    this.list.push(entry)
  }

  clear(): void {
    this.list.length = 0
    this.problems.clear()
    this.ofSitemaps = 0
  }
}

function readPlainText(text: string, entries: Entries): 'text' | null {
  let hasOther = false
  for (const line of linesOf(text)) {
    const url = line.replace(/^\uFEFF/, '').trim()
    if (/^https?:\/\//i.test(url)) entries.add({ url, lastModified: null }, 'url')
    else hasOther ||= url !== ''
  }
  if (entries.list.length > 0 && hasOther) entries.problems.add('invalid_url')
  if (entries.list.length === 0) entries.problems.add('not_a_sitemap')
  return entries.list.length > 0 ? 'text' : null
}

/** By hand: a pattern that takes a line of tens of millions of characters in one go runs out of stack. */
function* linesOf(text: string): Generator<string> {
  let from = 0
  for (let at = 0; at <= text.length; at += 1) {
    const unit = at === text.length ? 10 : text.charCodeAt(at)
    if (unit !== 10 && unit !== 13) continue
    if (at > from) yield text.slice(from, at)
    from = at + 1
  }
}

/** Strictly first: that is the fast and exact way. A document with faults is read again by a parser that has seen worse. */
function readXml(text: string, entries: Entries): SitemapFormat | null {
  const onEntry = (entry: SitemapEntry, container: string) => entries.add(entry, container)
  let collector = new SitemapCollector(onEntry)
  const strictly = readStrictly(text, collector)
  if (strictly !== 'well_formed') {
    entries.clear()
    collector = new SitemapCollector(onEntry)
    readTolerantly(text, collector)
    const isTruncated = collector.depth > 0 && !collector.isClosed
    if (isTruncated) entries.problems.add('truncated')
    if (strictly === 'malformed' || !isTruncated) entries.problems.add('malformed')
  }
  if (collector.tooLong > 0) entries.problems.add('url_too_long')
  if (collector.withoutLoc > 0) entries.problems.add('no_loc')
  if (collector.format === null) entries.problems.add(entries.list.length > 0 ? 'root' : 'not_a_sitemap')
  if (collector.isHtml && entries.list.length === 0) entries.problems.add('not_a_sitemap')
  const isProtocol = collector.format === 'sitemap' || collector.format === 'index'
  if (isProtocol && !namespaces.test(collector.namespace ?? '')) entries.problems.add('namespace')
  return collector.format
}

const namespaces = /^http:\/\/www\.sitemaps\.org\/schemas\/sitemap\/0\.9$/

/** Parsed piece by piece, so that reading can stop. */
const pieceLength = 64 * 1024
/** Sitemaps have four levels, feeds with pages inside them some more. Each level and each attribute costs memory until it ends. */
const depthMax = 256
const attributesMax = 1_000

/** `unfinished`: something was still open at the end. */
function readStrictly(text: string, collector: SitemapCollector): 'well_formed' | 'malformed' | 'unfinished' {
  // Without namespaces: half of the sitemaps in the wild get theirs wrong.
  const parser = new SaxesParser({ xmlns: false })
  const limits = new Limits(collector)
  let hasErrors = false
  parser.on('attribute', () => limits.onAttribute())
  parser.on('opentag', ({ name, attributes }) => {
    limits.onOpenTag()
    collector.open(name, attributes)
  })
  parser.on('text', (part) => collector.text(part))
  parser.on('cdata', (part) => collector.text(part))
  parser.on('closetag', ({ name }) => collector.close(name))
  parser.on('error', () => {
    hasErrors = true
  })
  for (const piece of piecesOf(text)) {
    parser.write(piece)
    if (hasErrors || limits.areExceeded) return 'malformed'
  }
  parser.close()
  return hasErrors ? 'unfinished' : 'well_formed'
}

function readTolerantly(text: string, collector: SitemapCollector): void {
  const limits = new Limits(collector)
  let isEnd = false
  const parser = new Parser(
    {
      onattribute: () => limits.onAttribute(),
      onopentag: (name, attributes) => {
        limits.onOpenTag()
        collector.open(name, attributes)
      },
      ontext: (part) => collector.text(part),
      // What only the end of the text closes was cut off.
      onclosetag: (name) => {
        if (!isEnd) collector.close(name)
      },
    },
    // Tags that do not agree about their case are one of the faults.
    { xmlMode: true, decodeEntities: true, lowerCaseTags: true },
  )
  // A declaration that is not ended as one would go on until the next that is.
  for (const piece of piecesOf(text.replace(/^<\?xml[^<>]{0,200}>/i, ''))) {
    parser.write(piece)
    if (limits.areExceeded) return
  }
  isEnd = true
  parser.end()
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength)
}

class Limits {
  readonly #collector: SitemapCollector
  #attributes = 0

  constructor(collector: SitemapCollector) {
    this.#collector = collector
  }

  onAttribute(): void {
    this.#attributes += 1
  }

  onOpenTag(): void {
    if (this.#attributes <= attributesMax) this.#attributes = 0
  }

  get areExceeded(): boolean {
    return this.#collector.depth > depthMax || this.#attributes > attributesMax
  }
}
