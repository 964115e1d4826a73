import type { ScanFailure } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import { ruleSpec } from '@tocsin/contract/rules/catalog'
import { type RememberedPage, recallSite } from '@tocsin/domain/scans/memory'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { listWatched, type WatchedSubject } from '@tocsin/domain/threats/looks.read'
import type { Foundation } from '@tocsin/journal/foundation'
import type { Findings } from './conclude-scan.ts'
import type { CrawlProgress, CrawlSummary, PageFault, PageObservation } from './crawler/observation.ts'
import { execute } from './executions.ts'
import { watchingPages } from './group-templates.ts'
import type { HeldScan } from './held-scan.ts'
import { type Judgement, judgeAgent, judgingAgents } from './judge-agents.ts'
import { type KnownPages, recallKnownPages } from './known-pages.ts'
import type { Probes } from './probes/probes.ts'
import { importanceOfPages } from './rules/importance.ts'
import { rememberPage, rememberSite } from './rules/remember.ts'
import { emptySiteMemory, SiteMemory } from './rules/site-memory.ts'
import { type JudgeContext, type Registry, type Verdict, type Watch, type WatchList, watchKey } from './rules/verdict.ts'
import type { Progress } from './scan-progress.ts'

/** A polite visit of a whole site; every page that was looked at is handed over, also one that failed. */
export type Crawl = (
  site: { url: string; pageBudget: number; connections: number },
  hear: { onPage(page: PageObservation): void; onProgress(progress: CrawlProgress): void },
  signal: AbortSignal,
) => Promise<CrawlSummary>

export interface InspectDeps extends Pick<Foundation, 'journal' | 'clock' | 'log'> {
  readonly crawl: Crawl
  readonly probes: Probes
  readonly registry: Registry
}

/** The share of a scan that is crawling, in per cent; the rest is judging and recording. */
const crawlPercent = 85

/** Looks at the site and judges what was seen. Null when it was told to stop. */
export async function inspectSite(
  deps: InspectDeps,
  held: HeldScan,
  progress: Progress,
  signal: AbortSignal,
): Promise<Findings | null> {
  const known = await recall(deps, held)
  const crawled = await execute(
    deps,
    held,
    'crawler',
    () => crawlSite(deps, known.site, progress, signal),
    (each) => each.pages.size,
    signal,
  )
  if (signal.aborted) return null
  // Without a crawl there is nothing to judge: another detector tries, until the scan is given up.
  if (!crawled.ok) throw crawled.error
  progress.set({ percentage: crawlPercent, step: 'Judging' })
  const judgement = await prepare(deps, known, crawled.result, signal)
  const parts = await Promise.all(
    judgingAgents.map((agent) =>
      execute(
        deps,
        held,
        agent,
        () => judgeAgent(deps.registry, agent, judgement, signal),
        (verdicts) => verdicts.filter(isBad).length,
        signal,
      ),
    ),
  )
  if (signal.aborted) return null
  const verdicts = parts.flatMap((part) => (part.ok ? part.result : []))
  return findingsOf(
    judgement,
    verdicts,
    known,
    parts.every((part) => part.ok),
  )
}

const isBad = (verdict: Verdict): boolean => verdict.level === 'bad'

interface Known {
  readonly site: Site
  readonly watched: WatchList
  readonly memory: SiteMemory
  readonly pages: KnownPages
}

function recall(deps: InspectDeps, held: HeldScan): Promise<Known> {
  return deps.journal.read(held.orgId, async (sql) => ({
    site: await getSite(sql, held.siteId),
    watched: watchList(await listWatched(sql, held.siteId)),
    memory: SiteMemory.parse((await recallSite(sql, held.siteId)) ?? emptySiteMemory),
    pages: await recallKnownPages(sql, held.siteId),
  }))
}

const watchOf = {
  suspected: 'suspected',
  hygiene: 'hygiene',
  active: 'open',
  acknowledged: 'acknowledged',
} as const satisfies Record<WatchedSubject['state'], Watch>

function watchList(subjects: readonly WatchedSubject[]): WatchList {
  return new Map(subjects.map(({ rule, subject, state }) => [watchKey(rule, subject), watchOf[state]]))
}

interface Crawled {
  readonly summary: CrawlSummary
  /** By identity; small facts of as many pages as the budget allows, so tens of megabytes at the very most. */
  readonly pages: ReadonlyMap<string, PageObservation>
}

async function crawlSite(deps: InspectDeps, site: Site, progress: Progress, signal: AbortSignal): Promise<Crawled> {
  progress.set({ step: 'Crawling' })
  const pages = new Map<string, PageObservation>()
  const hear = {
    onPage: (page: PageObservation) => void pages.set(page.url, page),
    onProgress: ({ pagesDone, pagesTotal }: CrawlProgress) =>
      progress.set({ pagesDone, pagesTotal, percentage: (crawlPercent * pagesDone) / Math.max(1, pagesTotal) }),
  }
  const { url, pageBudget, connections } = site
  const summary = await deps.crawl({ url, pageBudget, connections }, hear, signal)
  // Who links to a page is known only now.
  for (const [identity, page] of pages)
    pages.set(identity, { ...page, inlinks: summary.inlinks.get(identity) ?? 0, inSitemap: summary.inSitemap.has(identity) })
  return { summary, pages }
}

async function prepare(deps: InspectDeps, known: Known, { summary, pages }: Crawled, signal: AbortSignal): Promise<Judgement> {
  const tls = await Promise.all(httpsUrls(summary, known.site.url).map((url) => deps.probes.tls(url, signal)))
  const context: JudgeContext = {
    siteUrl: known.site.url,
    now: deps.clock.now(),
    baseline: known.site.baselineAt === null,
    watched: known.watched,
    importance: importanceOfPages(pages.values(), summary.homeUrl),
    robots: summary.robots,
  }
  return {
    seen: { summary, tls },
    pages,
    known: known.pages,
    siteContext: { ...context, memory: known.memory, pages: known.pages },
    pageContext: {
      ...context,
      watched: watchingPages(known.watched, pages),
      known: (url) => pages.get(url),
      crawl: crawlCounts(summary, pages),
    },
  }
}

/** One address of each https host; `hosts` holds no scheme, so what was crawled over http alone is left out. */
function httpsUrls(summary: CrawlSummary, siteUrl: string): string[] {
  const https = [siteUrl, summary.homeUrl].some((url) => url.startsWith('https:'))
  return https ? summary.hosts.map((host) => `https://${host}/`) : []
}

function crawlCounts(summary: CrawlSummary, pages: ReadonlyMap<string, PageObservation>) {
  const counts = { pages: 0, serverErrors: 0, canonicalToHome: 0 }
  for (const page of pages.values()) {
    if (page.status === null) continue
    counts.pages += 1
    if (page.status >= 500) counts.serverErrors += 1
    if (page.url !== summary.homeUrl && page.canonicals.some((canonical) => canonical.url === summary.homeUrl))
      counts.canonicalToHome += 1
  }
  return counts
}

function findingsOf(judgement: Judgement, verdicts: readonly Verdict[], known: Known, everyAgent: boolean): Findings {
  const { seen, pages, pageContext } = judgement
  const failure = failureOf(seen.summary)
  const complete = everyAgent && failure === null && seen.summary.complete
  return {
    verdicts: verdicts.filter((verdict) => mayConclude(failure, verdict)),
    pages: [
      ...[...pages.values()].map((page) => ({
        url: page.url,
        memory: rememberPage(known.pages.get(page.url) ?? null, page, pageContext),
      })),
      ...(complete && seen.summary.stopped === 'done' ? unlinkedPages(known, pages) : []),
    ],
    memory: rememberSite(known.memory, seen, judgement.siteContext),
    pagesDone: pages.size,
    complete,
    failure,
  }
}

/**
 * Pages that somebody waits for and that a crawl to the end has not met: nothing leads to them any more. A single look cannot see that,
 * so it is remembered for it.
 */
function unlinkedPages(known: Known, pages: ReadonlyMap<string, PageObservation>): RememberedPage[] {
  const waitedFor = new Set([...known.watched.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))
  return [...known.pages]
    .filter(([url]) => waitedFor.has(url) && !pages.has(url))
    .map(([url, memory]) => ({ url, memory: { ...memory, inlinks: 0, inSitemap: false } }))
}

/** An address inside our network says nothing about a site; a site that is silent says that, and not that its robots.txt is gone as well. */
function mayConclude(failure: ScanFailure | null, verdict: Verdict): boolean {
  if (failure === null) return true
  return failure === 'unreachable' && ruleSpec(verdict.rule)?.type === 'technical_error'
}

const failureByFault: Partial<Record<PageFault, ScanFailure>> = {
  blocked_address: 'blocked_address',
  timeout: 'unreachable',
  refused: 'unreachable',
  dns: 'unreachable',
  tls: 'unreachable',
}

/** The start page decides whether there was a site to look at. One that answers, however badly, is there. */
const failureOf = ({ startFault }: CrawlSummary): ScanFailure | null => (startFault && failureByFault[startFault]) ?? null
