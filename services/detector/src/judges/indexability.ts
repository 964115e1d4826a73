import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { type CanonicalLink, canonicalLinks } from './canonical.ts'
import { headerLines } from './header-lines.ts'
import { type HtmlSignals, readHtml } from './html-signals.ts'
import { matchRobots, type RobotsAnswer } from './robots.ts'
import { type NoindexReason, noindexReasons, type RobotsDirective, readRobotsHeader } from './robots-directives.ts'

export interface Indexability {
  /** May the page appear in search results? */
  readonly indexable: boolean
  /** Why not; a noindex on a page that robots.txt blocks cannot be seen by search engines, but is listed. */
  readonly noindex: readonly NoindexReason[]
  readonly robots: RobotsAnswer
  readonly canonicals: readonly CanonicalLink[]
  readonly canonicalsIgnored: number
}

export interface IndexabilityOptions {
  /** What `unavailable_after` is measured against; the answer's own Date without it, and without that too, today. */
  readonly now?: Date
  readonly crawler?: string
}

/** What headers, HTML and robots.txt together tell a search engine about one page. `robotsTxt` is null when there is none. */
export function indexability(
  headers: ResponseHeaders,
  html: string,
  robotsTxt: string | null,
  url: string,
  { now = dateOf(headers), crawler = 'googlebot' }: IndexabilityOptions = {},
): Indexability {
  const signals = readHtml(html, { onLink() {}, wantsReferences: false })
  const noindex = noindexReasons(directivesOf(headers, signals), crawler, now)
  const robots: RobotsAnswer = robotsTxt === null ? { allowed: true, line: null } : matchRobots(robotsTxt, crawler, url)
  return { indexable: noindex.length === 0 && robots.allowed, noindex, robots, ...canonicalLinks(headers, signals, url) }
}

export function directivesOf(headers: ResponseHeaders, signals: HtmlSignals): RobotsDirective[] {
  const fromHeader = readRobotsHeader(headerLines(headers, 'x-robots-tag'))
  return [...fromHeader, ...signals.directives.map(({ agent, value }) => ({ source: 'meta' as const, agent, value }))]
}

function dateOf(headers: ResponseHeaders): Date {
  const written = Date.parse(headerLines(headers, 'date')[0] ?? '')
  return Number.isNaN(written) ? new Date() : new Date(written)
}
