import { gunzipSync } from 'node:zlib'
import { SaxesParser } from 'saxes'

export interface SitemapEntry {
  readonly url: string
  readonly lastModified: string | null
}

export interface Sitemap {
  /** `index`: the entries are sitemaps. */
  readonly kind: 'pages' | 'index'
  readonly entries: readonly SitemapEntry[]
  /** Why reading stopped early; what was read until then is kept. */
  readonly fault: 'unparseable' | 'too_many' | 'too_large' | null
}

export const sitemapEntriesMax = 50_000
export const sitemapBytesMax = 50 * 1024 * 1024

/** XML or plain text, gzipped or not, in the charsets that occur. Tolerant: a wrong namespace or missing header is no fault. */
export function readSitemap(bytes: Buffer): Sitemap {
  const unpacked = unpack(bytes)
  if (!unpacked) return { kind: 'pages', entries: [], fault: 'unparseable' }
  const isTooLarge = unpacked.length > sitemapBytesMax
  const text = decode(isTooLarge ? unpacked.subarray(0, sitemapBytesMax) : unpacked)
  const sitemap = text.trimStart().startsWith('<') ? readXml(text) : readPlainText(text)
  return isTooLarge ? { ...sitemap, fault: 'too_large' } : sitemap
}

function unpack(bytes: Buffer): Buffer | null {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: sitemapBytesMax + 1 })
  } catch {
    // A broken archive, or a bomb: neither can be read.
    return null
  }
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const declared = /^[^>]{0,100}encoding=["']([\w-]+)["']/.exec(bytes.subarray(0, 200).toString('latin1'))?.[1]
  return new TextDecoder(declared && /^(iso-8859-1|windows-1252|us-ascii)$/i.test(declared) ? 'latin1' : 'utf-8').decode(bytes)
}

function readPlainText(text: string): Sitemap {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim())
  const urls = lines.filter((line) => /^https?:\/\//i.test(line))
  const entries = urls.slice(0, sitemapEntriesMax).map((url) => ({ url, lastModified: null }))
  const fault = urls.length > sitemapEntriesMax ? 'too_many' : urls.length === 0 && text.trim() !== '' ? 'unparseable' : null
  return { kind: 'pages', entries, fault }
}

function readXml(text: string): Sitemap {
  const entries: SitemapEntry[] = []
  let kind: Sitemap['kind'] = 'pages'
  let fault: Sitemap['fault'] = null
  let field: 'loc' | 'lastmod' | null = null
  let value = ''
  let location = ''
  let modified = ''
  let roots = 0
  // Without namespaces: half of the sitemaps in the wild get theirs wrong.
  const parser = new SaxesParser({ xmlns: false })
  parser.on('opentag', ({ name }) => {
    const local = localName(name)
    if (local === 'sitemapindex') kind = 'index'
    if (local === 'sitemapindex' || local === 'urlset') roots += 1
    // An image or video inside an entry has a loc of its own, with a prefix.
    field =
      name.includes(':') && /^(image|video|news|xhtml):/i.test(name)
        ? null
        : local === 'loc' || local === 'lastmod'
          ? local
          : null
    value = ''
  })
  const collect = (part: string) => {
    if (field && value.length < 4_096) value += part
  }
  parser.on('text', collect)
  parser.on('cdata', collect)
  parser.on('closetag', ({ name }) => {
    const local = localName(name)
    if (field === 'loc' && local === 'loc') location = value.trim()
    if (field === 'lastmod' && local === 'lastmod') modified = value.trim()
    field = null
    if (local !== 'url' && local !== 'sitemap') return
    if (location !== '' && entries.length < sitemapEntriesMax)
      entries.push({ url: location, lastModified: modified === '' ? null : modified })
    else if (location !== '') fault = 'too_many'
    location = ''
    modified = ''
  })
  parser.on('error', () => {
    fault ??= 'unparseable'
  })
  parser.write(text.replace(/^[\uFEFF\s]+/, '')).close()
  return { kind, entries, fault: roots === 0 ? 'unparseable' : fault }
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1).toLowerCase()
