export interface LinkHeaderEntry {
  /** As written. */
  readonly target: string
  readonly hreflang: string | undefined
}

/** The targets of a Link header (RFC 8288) with this relation, as written. Those about another page (`anchor`) are left out. */
export const linkHeaderTargets = (header: string | readonly string[] | undefined, relation: string): string[] =>
  linkHeaderEntries(header, relation).map(({ target }) => target)

/** As many versions of a page as are kept. */
const entriesMax = 100

export function linkHeaderEntries(header: string | readonly string[] | undefined, relation: string): LinkHeaderEntry[] {
  if (header === undefined) return []
  const text = (typeof header === 'string' ? header : header.join(', ')).slice(0, 20_000)
  const entries: LinkHeaderEntry[] = []
  // A target may contain commas and semicolons, and so may quoted parameters.
  // Between two semicolons there may be nothing.
  const link = /<([^<>]*)>((?:\s*;\s*[^\s=;,]*(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g
  const parameter = /;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g
  for (const [, target = '', parameters = ''] of text.matchAll(link)) {
    const named = new Map(
      [...parameters.matchAll(parameter)]
        .reverse()
        .map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']),
    )
    const relations = (named.get('rel') ?? '').toLowerCase().split(/\s+/)
    if (relations.includes(relation) && !named.has('anchor'))
      entries.push({ target: target.trim(), hreflang: named.get('hreflang') })
  }
  return entries.slice(0, entriesMax)
}
