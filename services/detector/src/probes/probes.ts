import type { PageObservation, RobotsObservation, SitemapObservation } from '../crawler/observation.ts'
import type { ScriptAnswer, ScriptQuestion } from './fetch-script.ts'
import type { TlsObservation } from './tls.ts'

export interface ProbedSitemap {
  readonly seen: Omit<SitemapObservation, 'named' | 'blocked'>
  readonly urls: ReadonlySet<string>
}

export type Visitor = 'googlebot' | 'searcher'

/** Single looks, each on a connection of its own. A fault of the outside is part of the observation, never thrown. */
export interface Probes {
  /** Where the page stands in the site is not known here: depth and inlinks are 0. */
  page(url: string, signal: AbortSignal): Promise<PageObservation>
  /** The same page for a visitor who keeps the cookies that are set on the way, as browsers do. */
  pageWithCookies(url: string, signal: AbortSignal): Promise<PageObservation>
  /** The same page for somebody else: Google's crawler by name, or a person who comes from a search. */
  pageAs(url: string, visitor: Visitor, signal: AbortSignal): Promise<PageObservation>
  /** What the site answers for an address that does not exist; another one each time. */
  missing(siteUrl: string, signal: AbortSignal): Promise<PageObservation>
  /** A file of script, on a connection that is kept. */
  script(url: string, question: ScriptQuestion, signal: AbortSignal): Promise<ScriptAnswer>
  robots(siteUrl: string, signal: AbortSignal): Promise<RobotsObservation>
  /** What it is like, and the pages it lists, as `urlAddress` spells them. */
  sitemap(url: string, signal: AbortSignal): Promise<ProbedSitemap>
  /** Every address of the URL's host. */
  tls(url: string, signal: AbortSignal): Promise<TlsObservation>
}
