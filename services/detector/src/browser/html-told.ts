import { Parser } from 'htmlparser2'

const contentLengthMax = 200
const metasMax = 10
const canonicalLengthMax = 2_048

/** The contents of meta robots and googlebot, in lower case: as in-page.ts reads them from the DOM. */
export function readMetaRobots(html: string): string[] {
  const found: string[] = []
  read(html, (name, attributes) => {
    if (name === 'meta' && /^(robots|googlebot)$/i.test(attributes['name'] ?? '') && found.length < metasMax)
      found.push((attributes['content'] ?? '').toLowerCase().slice(0, contentLengthMax))
  })
  return found
}

/** The first canonical link, resolved; as much of it as in-page.ts reads. */
export function readCanonicals(html: string, pageUrl: string): string | null {
  let href: string | null = null
  let base = pageUrl
  read(html, (name, attributes) => {
    if (name === 'base' && attributes['href']) base = URL.parse(attributes['href'], pageUrl)?.href ?? base
    if (href === null && name === 'link' && /(^|\s)canonical(\s|$)/i.test(attributes['rel'] ?? '') && attributes['href'])
      href = attributes['href']
  })
  return href === null ? null : (URL.parse(href, base)?.href.slice(0, canonicalLengthMax) ?? null)
}

function read(html: string, hear: (name: string, attributes: Record<string, string>) => void): void {
  const parser = new Parser({ onopentag: hear })
  parser.write(html)
  parser.end()
}
