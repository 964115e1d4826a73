import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { boundedEvidence, evidenceBytesMax } from '@tocsin/domain/threats/evidence'
import type { CrawlSummary, PageObservation, RobotsObservation } from '../crawler/observation.ts'
import type { ScriptAnswer } from '../probes/fetch-script.ts'
import type { ProbedSitemap, Probes } from '../probes/probes.ts'
import type { TlsObservation } from '../probes/tls.ts'
import type { PageMemory } from './page-memory.ts'
import { registry } from './registry.ts'
import { emptySiteMemory } from './site-memory.ts'
import { createSurvey } from './site-survey.ts'
import type { SiteSurvey } from './survey-facts.ts'
import type {
  Finding,
  LookContext,
  PageContext,
  ReplayContext,
  Rule,
  SiteContext,
  SiteObservation,
  Verdict,
  Watch,
} from './verdict.ts'

/** For the tables of the rules: a page, a robots.txt and a crawl without faults, to be given some. */
export const home = 'https://shop.test/'
export const at = (path: string): string => new URL(path, home).href
export const now = new Date('2026-11-20T12:00:00Z')

export function page(over: Partial<PageObservation> = {}): PageObservation {
  const url = over.url ?? at('/a')
  return {
    url,
    requestedUrl: url,
    hops: [],
    finalUrl: url,
    status: 200,
    fault: null,
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
    template: `${home}{slug}`,
    bytes: 0,
    truncated: false,
    elapsedMs: 100,
    ...over,
  }
}

export const hops = (...paths: string[]) => paths.map((path) => ({ url: at(path), status: 301 }))

export const memory = (over: Partial<PageMemory> = {}): PageMemory => ({
  status: 200,
  lastOkAt: '2026-11-20T06:00:00.000Z',
  indexable: true,
  allowedByRobots: true,
  noindex: false,
  inlinks: 1,
  inSitemap: false,
  importance: 5,
  ...over,
})

export const robots = (text: string, over: Partial<RobotsObservation> = {}): RobotsObservation => ({
  host: 'shop.test',
  url: at('/robots.txt'),
  availability: 'read',
  status: 200,
  fault: null,
  detail: null,
  text,
  ...over,
})

export const watching = (rule: string, subject: string, watch: Watch = 'open') => new Map([[`${rule} ${subject}`, watch]])

export const pageContext = (over: Partial<PageContext> & { pages?: readonly PageObservation[] } = {}): PageContext => ({
  siteUrl: home,
  now,
  baseline: false,
  watched: new Map(),
  accepted: new Set(),
  config: defaultConfigs,
  importance: () => 5,
  robots: robots(''),
  missing: { probed: true, sketch: null },
  known: (url) => over.pages?.find((each) => each.url === url),
  crawl: { pages: 100, serverErrors: 0, canonicalToHome: 0 },
  ...over,
})

export const siteContext = (over: Partial<SiteContext> = {}): SiteContext => ({
  siteUrl: home,
  now,
  baseline: false,
  watched: new Map(),
  accepted: new Set(),
  config: defaultConfigs,
  importance: () => 5,
  robots: robots(''),
  memory: emptySiteMemory,
  pages: new Map(),
  ...over,
})

export const summary = (over: Partial<CrawlSummary> = {}): CrawlSummary => ({
  startUrl: home,
  startFault: null,
  homeUrl: home,
  hosts: ['shop.test'],
  robots: robots(''),
  pages: 10,
  unknownPages: 0,
  stopped: 'done',
  complete: true,
  linkTargets: [],
  inlinks: new Map(),
  inSitemap: new Set(),
  sitemaps: [],
  sitemapOf: new Map(),
  externalLinks: [],
  headerSamples: [],
  traps: [],
  revalidated: 0,
  distrusted: false,
  requests: 10,
  bytes: 0,
  elapsedMs: 0,
  ...over,
})

/** What a scan saw of a site; whatever the pages say together is gathered from those given. */
export const seen = (
  over: Partial<CrawlSummary> = {},
  tls: readonly TlsObservation[] = [],
  pages: readonly PageObservation[] = [],
): SiteObservation => ({ summary: summary(over), tls, survey: surveyOf(pages), cloaks: [], files: [] })

export function surveyOf(pages: readonly PageObservation[]): SiteSurvey {
  const survey = createSurvey(now)
  for (const each of pages) survey.add(each)
  return { has: (url) => pages.some((each) => each.url === url), ...survey.facts() }
}

/** What a look would see: pages by address, one robots.txt, one host. Whatever is not given breaks the look, loudly. */
export function probes(world: {
  pages?: readonly PageObservation[]
  robots?: RobotsObservation
  tls?: TlsObservation
  missing?: PageObservation
  sitemap?: ProbedSitemap
  scripts?: Readonly<Record<string, ScriptAnswer>>
}): Probes {
  const given = <Thing>(thing: Thing | undefined, what: string): Thing => {
    if (thing === undefined) throw new Error(`${what} is not part of this world.`)
    return thing
  }
  const page = async (url: string) =>
    given(
      world.pages?.find((each) => each.url === url),
      url,
    )
  return {
    page,
    pageWithCookies: page,
    pageAs: page,
    missing: async () => given(world.missing, 'What does not exist'),
    robots: async () => given(world.robots, 'robots.txt'),
    script: async (url) => given(world.scripts?.[url], url),
    sitemap: async () => given(world.sitemap, 'The sitemap'),
    tls: async () => given(world.tls, 'TLS'),
  }
}

export const lookContext = (over: Partial<LookContext> = {}): LookContext => ({
  siteUrl: home,
  now,
  config: defaultConfigs,
  memory: emptySiteMemory,
  pages: new Map(),
  signal: new AbortController().signal,
  ...over,
})

/** What is kept of a verdict until it is looked at again. */
export function findingOf(verdict: Verdict | null | undefined): Finding {
  if (verdict?.level !== 'bad') throw new Error('There is nothing to look at again.')
  const { subject, severity, evidence, look } = verdict
  // As the database gives it back.
  return { subject, severity, look, okSince: null, evidence: JSON.parse(JSON.stringify(evidence)) }
}

/** A verdict in one line, for tables. A bad one says so when its own evidence, as the database gives it back, is judged otherwise. */
export function short(verdict: Verdict | null | undefined, about: Partial<ReplayContext> = {}): string {
  if (!verdict) return 'nothing'
  if (verdict.level !== 'bad') return verdict.level
  const said = `bad ${verdict.severity}`
  const again = replayed(verdict, about)
  return again === said ? said : `${said}, judged again ${again}`
}

function replayed({ rule: id, evidence }: Verdict, about: Partial<ReplayContext>): string {
  const rule: Rule = registry[id]
  const stored = JSON.parse(JSON.stringify(boundedEvidence(evidence, evidenceBytesMax)))
  const { level, severity } = rule.replay(stored, { config: defaultConfigs, now, ...about })
  return severity === null ? level : `${level} ${severity}`
}
