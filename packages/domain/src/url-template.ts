/**
 * The pattern a page's address follows, so that faults of one template are reported once: numbers, ids, dates and the last, speaking
 * part of a path become placeholders. Braces cannot occur in a parsed URL, so a template is never mistaken for a page.
 * https://shop.test/products/red-shoe-12?size=4 → https://shop.test/products/{slug}?size
 */
export function templateOf(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed) return url
  const segments = parsed.pathname.split('/').slice(1)
  const last = segments.length - 1
  const pattern = segments.map((segment, index) => placeholderOf(segment, index > 0 && index === last))
  const names = [...new Set([...parsed.searchParams.keys()])].sort()
  return `${parsed.origin}/${pattern.join('/')}${names.length === 0 ? '' : `?${names.map(encodeURIComponent).join('&')}`}`
}

function placeholderOf(segment: string, isLeaf: boolean): string {
  const dot = segment.lastIndexOf('.')
  const extension = dot > 0 && segment.length - dot <= 6 ? segment.slice(dot) : ''
  const name = extension === '' ? segment : segment.slice(0, dot)
  if (/^\d+$/.test(name)) return `{n}${extension}`
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(name)) return `{date}${extension}`
  if (/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(name)) return `{id}${extension}`
  if (/^(?=.*\d)[0-9a-f]{12,}$/i.test(name)) return `{id}${extension}`
  if (/^[a-z]{1,4}[-_]?\d+$/i.test(name)) return `${name.replace(/\d+$/, '{n}')}${extension}`
  // Words joined by hyphens, or anything escaped, are the name of one thing; a bare first word is a section of the site.
  if (isLeaf && name !== '') return `{slug}${extension}`
  if (/%|[a-z0-9]+[-_][a-z0-9]+[-_]/i.test(name)) return `{slug}${extension}`
  return segment
}
