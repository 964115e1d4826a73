import type { CanonicalLink } from '../judges/canonical.ts'
import type { HeaderScore } from '../judges/headers-score.ts'
import type { HiddenSpam } from '../judges/hidden-spam.ts'
import type { Alternate } from '../judges/hreflang-collector.ts'
import type { MixedItem } from '../judges/mixed-content.ts'
import type { PageHashes } from '../judges/page-hashes.ts'
import type { PageRunning } from '../judges/page-running.ts'
import type { Hop } from '../judges/redirects.ts'
import type { RobotsAvailability } from '../judges/robots-availability.ts'
import type { RobotsDirective } from '../judges/robots-directives.ts'

/**
 * Why there is no answer that could be judged. `rate_limited` (429, 999), `challenge` (a bot wall), `dns`, `aborted`,
 * `blocked_address` and `protocol` say nothing about the page: they are unknown, never bad.
 */
export type PageFault =
  | 'timeout'
  | 'refused'
  | 'tls'
  | 'dns'
  | 'blocked_address'
  | 'aborted'
  | 'protocol'
  | 'redirect_loop'
  | 'redirect_limit'
  | 'rate_limited'
  | 'challenge'
  | 'robots_disallowed'

/** The small facts of one page. A redirecting address has its hops and the last status, and no facts about content. */
export interface PageObservation {
  /** The requested address in its one spelling (judges/url-address.ts). */
  readonly url: string
  readonly requestedUrl: string
  readonly hops: readonly Hop[]
  readonly finalUrl: string
  /** Of the last answer; null when there was none. */
  readonly status: number | null
  readonly fault: PageFault | null
  readonly detail: string | null
  readonly contentType: string | null
  readonly directives: readonly RobotsDirective[]
  readonly canonicals: readonly CanonicalLink[]
  /** Canonical links outside the head, which search engines ignore. */
  readonly canonicalsIgnored: number
  /** The versions for other languages and countries that the page names. */
  readonly alternates: readonly Alternate[]
  readonly mixed: readonly MixedItem[]
  readonly title: string | null
  readonly h1: string | null
  /** As the page says, in lower case. */
  readonly lang: string | null
  /** Of the main text; null when no HTML was read. */
  readonly words: number | null
  /** Likeness of the main text: see judges/text-sketch.ts. */
  readonly textSketch: string | null
  readonly hashes: PageHashes | null
  /** What the server named this version of the page, to be asked for another one only. */
  readonly etag: string | null
  readonly lastModified: string | null
  /** The mark of an error template (judges/soft404.ts). */
  readonly errorShell: string | null
  /** What it runs; null of what was no HTML, or an error. */
  readonly running: PageRunning | null
  readonly spam: HiddenSpam | null
  readonly retryAfterSeconds: number | null
  /** Of HTML that was answered 2xx. The crawl keeps it for a few pages only. */
  readonly headerScore: HeaderScore | null
  readonly depth: number
  readonly inlinks: number
  readonly inSitemap: boolean
  readonly template: string
  readonly bytes: number
  readonly truncated: boolean
  readonly elapsedMs: number
}

export interface RobotsObservation {
  readonly host: string
  readonly url: string
  readonly availability: RobotsAvailability
  readonly status: number | null
  readonly fault: PageFault | null
  readonly detail: string | null
  /** At most 500 KiB; empty unless it was read. */
  readonly text: string
}

/** One sitemap, as the crawl met it. */
export interface SitemapObservation {
  readonly url: string
  /** Where its redirects end. */
  readonly finalUrl: string
  /** Who says that it is one. A guess that is not there is no fault. */
  readonly named: 'robots' | 'index' | 'guess'
  readonly status: number | null
  readonly fault: PageFault | null
  readonly problem: 'unparseable' | 'too_many' | 'too_large' | null
  readonly entries: number
  readonly bytes: number
  /** Pages that it lists and that robots.txt closes to Googlebot. */
  readonly blocked: { readonly count: number; readonly examples: readonly string[] }
}

/** An address that was linked and answered with an error. */
export interface LinkTarget {
  readonly url: string
  readonly status: number
  /** Pages that link to it, five at most. */
  readonly sources: readonly string[]
  readonly inlinks: number
  readonly inSitemap: boolean
}

/** An address of another site. */
export interface ExternalTarget {
  readonly url: string
  /** Pages that link to it, five at most. */
  readonly sources: readonly string[]
  readonly inlinks: number
}

export interface CrawlProgress {
  readonly pagesDone: number
  /** Known so far, within the budget. */
  readonly pagesTotal: number
}

export interface CrawlSummary {
  readonly startUrl: string
  /** The page where the start address ends. */
  readonly homeUrl: string
  /** Hosts (with port) inside the scope. */
  readonly hosts: readonly string[]
  readonly robots: RobotsObservation
  readonly pages: number
  /** Pages that could not be judged: see PageFault. */
  readonly unknownPages: number
  /** Why the start page could not be judged; null when it could. */
  readonly startFault: PageFault | null
  /** `throttled`: the site keeps answering that we ask too much. `timeout`: the crawl took too long. */
  readonly stopped: 'done' | 'budget' | 'timeout' | 'throttled' | 'aborted'
  /** False when so much could not be measured that nothing may be concluded from an absence. */
  readonly complete: boolean
  readonly linkTargets: readonly LinkTarget[]
  /** Final counts, by address, of every page that was looked at. */
  readonly inlinks: ReadonlyMap<string, number>
  readonly inSitemap: ReadonlySet<string>
  readonly sitemaps: readonly SitemapObservation[]
  /** Of the pages that were looked at, by address: the first of `sitemaps` that lists it. */
  readonly sitemapOf: ReadonlyMap<string, number>
  /** Addresses of other sites, as many as are checked. */
  readonly externalLinks: readonly ExternalTarget[]
  readonly headerSamples: readonly { readonly url: string; readonly host: string; readonly score: HeaderScore }[]
  /** Path patterns of which no more pages were taken. */
  readonly traps: readonly string[]
  /** Pages of which the server said that they have not changed. */
  readonly revalidated: number
  /** The server said so of a page that had changed: nothing may be kept of this site to be asked for again. */
  readonly distrusted: boolean
  readonly requests: number
  readonly bytes: number
  readonly elapsedMs: number
}
