import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { headerLines } from './header-lines.ts'
import type { HtmlSignals } from './html-signals.ts'
import { linkHeaderTargets } from './link-header.ts'
import { urlAddress } from './url-address.ts'

export interface CanonicalLink {
  readonly source: 'html' | 'header'
  readonly href: string
  /** As `urlAddress` spells it; null when that gives no http address. */
  readonly url: string | null
}

/** The canonical links of a page that search engines heed, and how many there are that they do not. */
export function canonicalLinks(
  headers: ResponseHeaders,
  signals: HtmlSignals,
  url: string,
): { canonicals: CanonicalLink[]; canonicalsIgnored: number } {
  const base = URL.parse(signals.baseHref ?? '', url) ?? url
  const inHeader = linkHeaderTargets(headerLines(headers, 'link'), 'canonical')
  const inHtml = signals.canonicals.filter((each) => each.counts)
  return {
    canonicals: [
      // A header knows nothing of the document's base.
      ...inHeader.map((href) => ({ source: 'header' as const, href, url: urlAddress(href, url) })),
      ...inHtml.map(({ href }) => ({ source: 'html' as const, href: href.trim(), url: urlAddress(href, base) })),
    ],
    canonicalsIgnored: signals.canonicals.length - inHtml.length,
  }
}

/** What is known of the page that a canonical link names. */
export interface CanonicalTarget {
  readonly status: number | null
  readonly redirects: boolean
  readonly noindex: boolean
  readonly blocked: boolean
  /** Its own canonical, as `urlAddress` spells it; null if it has none. */
  readonly canonical: string | null
}

export type CanonicalFault =
  | 'invalid'
  | 'several'
  | 'header_differs'
  | 'target_error'
  | 'target_redirects'
  | 'target_noindex'
  | 'target_blocked'
  | 'loop'
  | 'chain'
  | 'relative'

/** Worst first. A target that nobody looked at has no faults. */
export function canonicalFaults(
  url: string,
  canonicals: readonly CanonicalLink[],
  target: (url: string) => CanonicalTarget | null,
): CanonicalFault[] {
  const named = [...new Set(canonicals.map((each) => each.url))]
  if (canonicals.length === 0) return []
  if (named.includes(null)) return ['invalid']
  const faults: CanonicalFault[] = []
  if (named.length > 1) faults.push(differsBySource(canonicals) ? 'header_differs' : 'several')
  const [only] = named
  if (named.length === 1 && only && only !== url) faults.push(...targetFaults(url, only, target))
  if (canonicals.some((each) => !/^[a-z][a-z0-9+.-]*:/i.test(each.href))) faults.push('relative')
  return faults
}

function differsBySource(canonicals: readonly CanonicalLink[]): boolean {
  const of = (source: CanonicalLink['source']) =>
    new Set(canonicals.filter((each) => each.source === source).map((each) => each.url))
  return of('html').size === 1 && of('header').size === 1
}

function targetFaults(url: string, named: string, target: (url: string) => CanonicalTarget | null): CanonicalFault[] {
  const seen = target(named)
  if (!seen) return []
  if (seen.redirects) return ['target_redirects']
  if (seen.status !== null && seen.status >= 400) return ['target_error']
  if (seen.blocked) return ['target_blocked']
  if (seen.noindex) return ['target_noindex']
  if (seen.canonical === url) return ['loop']
  return seen.canonical !== null && seen.canonical !== named ? ['chain'] : []
}
