import type { ScanFailure } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { type RuleConfigs, ruleSpec } from '@tocsin/contract/rules/catalog'
import { dataMarks } from '@tocsin/domain/data-watch/data-watch'
import { ruleConfigs } from '@tocsin/domain/rules/rules.read'
import { recallSite } from '@tocsin/domain/scans/memory'
import { clicksByPage } from '@tocsin/domain/search-console/search-console.read'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { listAccepted, listWatched } from '@tocsin/domain/threats/looks.read'
import type { Foundation } from '@tocsin/journal/foundation'
import { askForCloaks } from './ask-as-others.ts'
import { assessData, type Detecting, detectors } from './assess-data.ts'
import type { Findings, Judged } from './conclude-scan.ts'
import { type CrawlDeps, type Crawled, crawlSite } from './crawl-site.ts'
import { externalTargetsMax } from './crawler/external-targets.ts'
import type { CrawlProgress, CrawlSummary, PageFault, PageObservation } from './crawler/observation.ts'
import { isUnknown } from './crawler/unknown.ts'
import { withConfigs } from './data-pass.ts'
import { execute, type Tell, within } from './executions.ts'
import { watchingPages } from './group-templates.ts'
import type { HeldScan } from './held-scan.ts'
import { type Judgement, judgeAgent, judgesPages } from './judge-agents.ts'
import { keepFacts } from './known-facts.ts'
import { type KnownPages, recallKnownPages } from './known-pages.ts'
import { rowOfPage } from './page-inventory.ts'
import type { PagesSeen } from './page-store.ts'
import type { Probes } from './probes/probes.ts'
import { readScripts } from './read-scripts.ts'
import { countingResponseTimes } from './response-times.ts'
import { isServerError } from './rules/http-5xx.ts'
import { importanceOfPages } from './rules/importance.ts'
import { rememberSite } from './rules/remember.ts'
import { emptySiteMemory, SiteMemory } from './rules/site-memory.ts'
import { surveySite } from './rules/site-survey.ts'
import { missingPageOf, notProbed } from './rules/soft404.ts'
import { type JudgeContext, type MissingPage, type Registry, type Verdict, type WatchList, watchKey } from './rules/verdict.ts'
import type { Progress } from './scan-progress.ts'
import { unlinkedPages } from './unlinked-pages.ts'
import { watchList } from './watch-list.ts'

export interface InspectDeps extends Pick<Foundation, 'journal' | 'clock' | 'log'>, CrawlDeps {
  readonly probes: Probes
  readonly registry: Registry
  /** Asks the outside sources of one detector that are due, and records what they say. */
  readonly refreshSources: (about: { orgId: OrgId; siteId: SiteId; agent: Detecting }, signal: AbortSignal) => Promise<void>
}

/** The share of a scan that is crawling, in per cent; the rest is judging and recording. */
const crawlPercent = 85

/** What one detector may take for records and for pages each. Waiting for the crawl does not count. */
const detectMsMax = 5 * 60_000

/**
 * The crawl and the six detectors, side by side: those that judge pages wait for them, the others do not. Whoever breaks or hangs ends
 * alone. Null when it was told to stop. What was seen lies in files until `scratch` is disposed of.
 */
export async function inspectSite(
  deps: InspectDeps,
  held: HeldScan,
  progress: Progress,
  scratch: DisposableStack,
  signal: AbortSignal,
): Promise<Findings | null> {
  const known = await recall(deps, held)
  // If the record goes away under one, all end.
  const broken = new AbortController()
  const going = AbortSignal.any([signal, broken.signal])
  const crawling = execute(
    deps,
    held,
    'crawler',
    (tell) => {
      progress.set({ step: 'Crawling' })
      const { site, watched } = known
      return crawlSite(deps, { held, site, watched, scratch }, progressing(progress, tell), going)
    },
    (each) => each.pages.size,
    going,
  )
  const readAt = deps.clock.now()
  const judging = crawling.then(async (crawled) => {
    going.throwIfAborted()
    if (!crawled.ok) throw new Error('There are no pages to judge: the crawl broke.')
    progress.set({ percentage: crawlPercent, step: 'Judging' })
    return prepare(deps, known, crawled.result, going)
  })
  const detecting = detectors.map((agent) =>
    execute(
      deps,
      held,
      agent,
      (tell) => detect(deps, { held, agent, known, judging, tell }, going),
      (verdicts) => verdicts.filter(isBad).length,
      going,
    ),
  )
  // The record writes while we judge.
  const keeping = crawling.then((crawled) => (crawled.ok ? keepRead(deps, held, crawled.result, readAt, going) : undefined))
  const [, , ...parts] = await allOrNone([judging.then(noted, noted), keeping.then(noted), ...detecting], broken)
  if (signal.aborted) return null
  const verdicts = parts.flatMap((part) => (part?.ok ? part.result : []))
  const crawled = await crawling
  if (!crawled.ok) return findingsWithoutPages(known, verdicts)
  const everyAgent = detectors.every((agent, n) => !judgesPages(agent) || parts[n]?.ok)
  return findingsOf(await judging, verdicts, known, everyAgent)
}

/** What is kept of pages is true of the moment at which they were read, whatever becomes of the scan. */
const keepRead = (deps: InspectDeps, held: HeldScan, { pages, summary }: Crawled, readAt: Date, signal: AbortSignal) =>
  keepFacts(deps, held, { pages, distrusted: summary.distrusted, readAt }, signal)

/** Whoever needs the judgement asks for it again. */
const noted = () => null

async function allOrNone<Result>(parts: readonly Promise<Result>[], broken: AbortController): Promise<Result[]> {
  try {
    return await Promise.all(parts)
  } catch (error) {
    broken.abort(error)
    await Promise.allSettled(parts)
    throw error
  }
}

async function detect(
  deps: InspectDeps,
  about: { held: HeldScan; agent: Detecting; known: Known; judging: Promise<Judgement>; tell: Tell },
  signal: AbortSignal,
): Promise<Judged[]> {
  const { held, agent, known, judging, tell } = about
  const { site, watched, config } = known
  const context = { site, now: deps.clock.now(), watched, config }
  const recorded = await within(detectMsMax, signal, async (inTime) => {
    tell(0, 'Asking its sources')
    await deps.refreshSources({ orgId: held.orgId, siteId: held.siteId, agent }, inTime)
    const marks = await deps.journal.read(held.orgId, (sql) => dataMarks(sql, held.siteId))
    const verdicts = await assessData(deps, { orgId: held.orgId, agent, context }, inTime, tell)
    return verdicts.map((verdict) => ({ ...verdict, marks }))
  })
  if (!judgesPages(agent)) return recorded
  tell(10, 'Waiting for the pages')
  const judgement = await judging
  const seen = await within(detectMsMax, signal, (inTime) => judgeAgent(deps.registry, agent, judgement, inTime, tell))
  return [...recorded, ...seen]
}

const isBad = (verdict: Verdict): boolean => verdict.level === 'bad'

interface Known {
  readonly site: Site
  readonly watched: WatchList
  readonly accepted: ReadonlySet<string>
  readonly config: RuleConfigs
  readonly memory: SiteMemory
  readonly pages: KnownPages
  /** Of what the inventory says. */
  readonly hashes: ReadonlyMap<string, string>
  /** That Google led to each page of late; empty where nobody knows. */
  readonly clicks: ReadonlyMap<string, number>
}

/** Final days that decide how much a page matters: four weeks, so that no weekday counts more than another. */
const clickDays = 28

function recall(deps: InspectDeps, held: HeldScan): Promise<Known> {
  const { siteId } = held
  return deps.journal.read(held.orgId, async (sql) => {
    const [site, watched, accepted, memory, config, pages, clicks] = await Promise.all([
      getSite(sql, siteId),
      listWatched(sql, siteId),
      listAccepted(sql, siteId),
      recallSite(sql, siteId),
      ruleConfigs(sql, siteId),
      recallKnownPages(sql, siteId),
      clicksByPage(sql, siteId, clickDays),
    ])
    return {
      site,
      watched: watchList(watched),
      accepted: new Set(accepted.map(({ rule, subject }) => watchKey(rule, subject))),
      memory: SiteMemory.parse(memory ?? emptySiteMemory),
      config,
      ...pages,
      clicks,
    }
  })
}

const progressing =
  (progress: Progress, tell: Tell) =>
  ({ pagesDone, pagesTotal }: CrawlProgress): void => {
    const share = pagesDone / Math.max(1, pagesTotal)
    progress.set({ pagesDone, pagesTotal, percentage: crawlPercent * share })
    tell(100 * share, 'Crawling')
  }

async function prepare(deps: InspectDeps, known: Known, { summary, pages }: Crawled, signal: AbortSignal): Promise<Judgement> {
  const tls = await Promise.all(httpsUrls(summary, known.site.url).map((url) => deps.probes.tls(url, signal)))
  const now = deps.clock.now()
  const counting = countingPages(summary.homeUrl)
  const responseTimes = countingResponseTimes()
  const seePage = (page: PageObservation) => {
    counting.add(page)
    responseTimes.add(page)
  }
  const survey = await surveySite(passing(pages, seePage), now, signal)
  const { addresses } = survey.running
  const context: JudgeContext = {
    siteUrl: known.site.url,
    now,
    baseline: known.site.baselineAt === null,
    watched: known.watched,
    accepted: known.accepted,
    config: known.config,
    importance: importanceOfPages(placesOf(pages, summary), summary.homeUrl, known.clicks),
    robots: summary.robots,
  }
  return {
    seen: {
      summary,
      tls,
      survey,
      cloaks: await askForCloaks(deps.probes, summary, pages, signal),
      files: await readScripts(deps, { summary, addresses, memory: known.memory }, signal),
    },
    pages,
    known: known.pages,
    responseTimes: responseTimes.histogram(),
    siteContext: { ...context, memory: known.memory, pages: known.pages },
    pageContext: {
      ...context,
      watched: watchingPages(known.watched, pages.placed),
      known: (url) => pages.get(url),
      crawl: counting.counts,
      missing: await askForMissing(deps, known.config, summary, pages, signal),
    },
  }
}

function* placesOf({ placed }: PagesSeen, { inlinks }: CrawlSummary) {
  for (const { url, depth } of placed.values()) yield { url, depth, inlinks: inlinks.get(url) ?? 0 }
}

/** One question for a scan, and only of a site that answers and may be visited. */
async function askForMissing(
  deps: InspectDeps,
  config: RuleConfigs,
  { complete, homeUrl }: CrawlSummary,
  pages: Crawled['pages'],
  signal: AbortSignal,
): Promise<MissingPage> {
  if (!complete) return notProbed
  return missingPageOf(await deps.probes.missing(homeUrl, signal), pages.get(homeUrl), config.soft404)
}

/** One address of each https host; `hosts` holds no scheme, so what was crawled over http alone is left out. */
function httpsUrls(summary: CrawlSummary, siteUrl: string): string[] {
  const https = [siteUrl, summary.homeUrl].some((url) => url.startsWith('https:'))
  return https ? summary.hosts.map((host) => `https://${host}/`) : []
}

function countingPages(homeUrl: string) {
  const counts = { pages: 0, serverErrors: 0, canonicalToHome: 0 }
  const add = (page: PageObservation) => {
    if (isUnknown(page)) return
    counts.pages += 1
    if (isServerError(page)) counts.serverErrors += 1
    if (page.url !== homeUrl && page.canonicals.some((canonical) => canonical.url === homeUrl)) counts.canonicalToHome += 1
  }
  return { counts, add }
}

/** To go through all pages costs as much as to judge them: who needs each once looks over the shoulder of who reads them. */
const passing = (pages: PagesSeen, see: (page: PageObservation) => void): Pick<PagesSeen, 'size' | 'has' | 'values'> => ({
  size: pages.size,
  has: (url) => pages.has(url),
  *values() {
    for (const page of pages.values()) {
      see(page)
      yield page
    }
  },
})

function findingsOf(judgement: Judgement, verdicts: readonly Judged[], known: Known, everyAgent: boolean): Findings {
  const { seen, pages } = judgement
  const failure = failureOf(seen.summary)
  const complete = everyAgent && failure === null && seen.summary.complete
  return {
    verdicts: withConfigs(
      verdicts.filter((verdict) => mayConclude(failure, verdict)),
      known,
    ),
    pages: rowsOf(judgement, known, complete && seen.summary.stopped === 'done'),
    memory: rememberSite(known.memory, seen, judgement.siteContext),
    externalLinks: seen.summary.externalLinks,
    everyExternalLink: complete && seen.summary.stopped === 'done' && seen.summary.externalLinks.length < externalTargetsMax,
    pagesDone: pages.size,
    responseTimes: judgement.responseTimes,
    complete,
    failure,
  }
}

/** Read back one by one while they are written, as often as they are asked for. */
const rowsOf = (judgement: Judgement, known: Known, sawAll: boolean): Findings['pages'] => ({
  *[Symbol.iterator]() {
    for (const page of judgement.pages.values()) {
      const before = { memory: known.pages.get(page.url) ?? null, hash: known.hashes.get(page.url) ?? null }
      yield rowOfPage(page, before, judgement.pageContext)
    }
    if (sawAll) yield* unlinkedPages(known, judgement.pages, judgement.seen.summary.traps)
  },
})

/** What was recorded can be judged without a crawl; nothing may be concluded from what was not seen. */
const findingsWithoutPages = (known: Known, verdicts: readonly Judged[]): Findings => ({
  verdicts: withConfigs(verdicts, known),
  pages: [],
  memory: known.memory,
  externalLinks: [],
  everyExternalLink: false,
  pagesDone: 0,
  responseTimes: { buckets: [], counts: [] },
  complete: false,
  failure: null,
})

/** An address inside our network says nothing about a site; a site that is silent says that, and not that its robots.txt is gone as well. */
function mayConclude(failure: ScanFailure | null, verdict: Verdict): boolean {
  if (failure === null || verdict.look.kind === 'data') return true
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
