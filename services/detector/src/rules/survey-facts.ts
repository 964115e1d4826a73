import type { VersionedPage } from '../judges/hreflang.ts'
import type { SiteRunning } from './running-facts.ts'

/** What rules about the whole site want to know of all of its pages: gathered in one pass, because the pages themselves are not held. */
export interface SiteSurvey {
  /** Was this address looked at? */
  has(url: string): boolean
  /** Pages that say noindex. */
  readonly noindexed: readonly string[]
  /** Pages that were looked at, and of which nobody could see what they say. */
  readonly unclear: ReadonlySet<string>
  /** For hreflang; empty when no page names versions. */
  readonly versions: ReadonlyMap<string, VersionedPage>
  readonly coverage: SeenCoverage
  /** Pages of a sitemap that have no place in one. */
  readonly misplaced: readonly MisplacedPage[]
  readonly running: SiteRunning
}

export interface SeenCoverage {
  /** Pages and redirects that answered well. */
  readonly reached: number
  /** Those that answered with an error or not at all. */
  readonly failing: { readonly count: number; readonly examples: readonly string[] }
}

export type Misplacement = 'noindex' | 'redirects' | 'gone'
export interface MisplacedPage {
  readonly url: string
  readonly reason: Misplacement
  readonly status: number | null
}
