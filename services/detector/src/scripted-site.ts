import { type RuleId, ruleSpec, rules } from '@tocsin/contract/rules/catalog'
import type { Crawl } from './crawl-site.ts'
import type { CrawlSummary, PageObservation } from './crawler/observation.ts'
import { noTrace } from './crawler/page-content.ts'
import type { Probes } from './probes/probes.ts'
import type { Registry, Rule, SiteRule, Verdict } from './rules/verdict.ts'

/** For tests: a site of which only the statuses matter, one rule that judges them, and crawls that end when they are told to. */
export const siteUrl = 'http://shop.example/'

/** What a crawl would see: path → status. */
export type Seen = Record<string, number | PageObservation['fault']>

function observed(path: string, status: Seen[string]): PageObservation {
  const url = new URL(path, siteUrl).href
  return {
    url,
    requestedUrl: url,
    hops: typeof status === 'number' ? [{ url, status }] : [],
    finalUrl: url,
    status: typeof status === 'number' ? status : null,
    fault: typeof status === 'number' ? null : status,
    detail: null,
    contentType: 'text/html',
    directives: [],
    canonicals: [],
    canonicalsIgnored: 0,
    alternates: [],
    mixed: [],
    title: null,
    errorShell: null,
    running: null,
    spam: null,
    h1: null,
    lang: null,
    words: null,
    textSketch: null,
    hashes: null,
    etag: null,
    lastModified: null,
    retryAfterSeconds: null,
    headerScore: null,
    depth: 1,
    inlinks: 1,
    inSitemap: false,
    template: url,
    bytes: 0,
    truncated: false,
    elapsedMs: 1,
  }
}
const summary = (pages: PageObservation[], complete: boolean): CrawlSummary => ({
  startUrl: siteUrl,
  startFault: pages[0]?.fault ?? null,
  homeUrl: siteUrl,
  hosts: ['shop.example'],
  robots: {
    host: 'shop.example',
    url: `${siteUrl}robots.txt`,
    availability: 'missing',
    status: 404,
    fault: null,
    detail: null,
    text: '',
  },
  pages: pages.length,
  unknownPages: 0,
  stopped: 'done',
  complete,
  linkTargets: [],
  inlinks: new Map(pages.map((page) => [page.url, 1])),
  inSitemap: new Set(),
  sitemaps: [],
  sitemapOf: new Map(),
  externalLinks: [],
  headerSamples: [],
  traps: [],
  revalidated: 0,
  distrusted: false,
  requests: pages.length,
  bytes: 0,
  elapsedMs: 1,
})
export const crawlOf =
  (seen: Seen, complete = true): Crawl =>
  async (_site, hear) => {
    const pages = Object.entries(seen).map(([path, status]) => observed(path, status))
    for (const [n, page] of pages.entries()) {
      hear.onPage(page, noTrace)
      hear.onProgress({ pagesDone: n + 1, pagesTotal: pages.length })
    }
    return summary(pages, complete)
  }
/** A crawl that lasts until it is aborted; `begun` tells when it is under way. */
export function endlessCrawl(): { crawl: Crawl; begun: Promise<void> } {
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const crawl: Crawl = async (_site, _hear, signal) => {
    resolve()
    await new Promise<void>((end) => signal.addEventListener('abort', () => end(), { once: true }))
    return summary([], false)
  }
  return { crawl, begun }
}

export const probes: Probes = {
  page: async (url) => observed(url, 200),
  pageWithCookies: async (url) => observed(url, 200),
  pageAs: async (url) => observed(url, 200),
  missing: async () => observed('/missing', 404),
  script: async () => ({ kind: 'unknown' }),
  robots: async () => summary([], true).robots,
  sitemap: async () => {
    throw new Error('No sitemap here.')
  },
  tls: async () => {
    throw new Error('No https here.')
  },
}
export const verdictOn = (url: string, level: Verdict['level'], severity: Verdict['severity']): Verdict => ({
  rule: 'http.5xx',
  subject: url,
  level,
  severity,
  title: 'Answers 500',
  description: `${url} answered 500.`,
  evidence: { url },
  look: { kind: 'page', urls: [url] },
})

export type LookAgain = SiteRule['lookAgain']
const replay: SiteRule['replay'] = () => ({ level: 'unknown', severity: null })

/** One rule that judges the status of pages; the others have nothing to say. What it sees at a second look is given. */
export function rulesOf(more: Partial<Record<RuleId, Rule>> = {}, again: Verdict['level'] = 'bad'): Registry {
  const lookAgain: LookAgain = async (finding) => verdictOn(finding.subject, again, finding.severity)
  const silent = Object.fromEntries(
    rules.map((spec): [string, Rule] => [spec.id, { spec, lookAgain, replay, scope: 'site', judge: () => [] }]),
  )
  const serverErrors: Rule = {
    spec: specOf('http.5xx').spec,
    lookAgain,
    replay,
    scope: 'page',
    judge(page) {
      if (page.status === 500 || page.fault === 'timeout')
        return verdictOn(page.url, 'bad', page.url === siteUrl ? 'critical' : 'high')
      return verdictOn(page.url, page.status === null ? 'unknown' : 'ok', 'low')
    },
  }
  // Every rule of the catalogue is a key.
  return { ...silent, 'http.5xx': serverErrors, ...more } as Registry
}

/** What every rule has, whatever it judges. */
export function specOf(id: RuleId): Pick<SiteRule, 'spec' | 'lookAgain' | 'replay'> {
  const spec = ruleSpec(id)
  if (!spec) throw new Error(`No rule ${id}.`)
  return { spec, replay, lookAgain: async (finding) => verdictOn(finding.subject, 'bad', finding.severity) }
}
