import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { Clock } from '@tocsin/process/clock'
import type { Log } from '@tocsin/process/log'
import { isRateLimit } from '../judges/challenge.ts'
import { parseRobots, type RobotsMatcher, robotsMatcher } from '../judges/robots.ts'
import { hostOfAddress, urlAddress } from '../judges/url-address.ts'
import { createExternalTargets } from './external-targets.ts'
import { type FetchDeps, type Fetched, fetchPage } from './fetch.ts'
import { fetchRobots } from './fetch-robots.ts'
import { Frontier, type Place } from './frontier.ts'
import type { CrawlProgress, CrawlSummary, PageObservation, RobotsObservation, SitemapObservation } from './observation.ts'
import { createPace, type Pace } from './pace.ts'
import { emptyFacts, noTrace, type PageFacts, type PageTrace } from './page-content.ts'
import { createRevalidation, type Revalidation } from './revalidation.ts'
import { readSitemapSeeds, type SitemapDeps } from './sitemap-seeds.ts'
import type { PageVisit, StoredFacts } from './stored-facts.ts'
import { isUnknown } from './unknown.ts'

export interface CrawlOptions {
  /** Where the site starts. */
  readonly start: string
  /** Pages to look at, at most. */
  readonly budget: number
  /** To a host at once, at most. */
  readonly connections: number
  readonly userAgent: string
  readonly outbound: Outbound
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: Pick<Log, 'debug'>
  /** What earlier crawls know of a page. */
  readonly known?: (url: string) => StoredFacts | null
  /** Takes each page as it was seen. The crawl waits for it. */
  readonly onPage: (page: PageObservation, trace: PageTrace) => void | Promise<void>
  /** Takes each page that has not changed, for `wholePage` to put together. The crawl waits for it. */
  readonly onUnchanged: (visit: PageVisit, lasting: string) => void | Promise<void>
  readonly onProgress?: (progress: CrawlProgress) => void
  /** The whole crawl; what was not reached until then is left out. */
  readonly timeoutMs?: number
  /** One request, its redirects not included. */
  readonly requestTimeoutMs?: number
}

/** A page's facts are small, an address's smaller: this many addresses are remembered for a budget, whatever the site links to. */
const knownPerPage = 10
const knownMin = 10_000
const sitemapsTimeoutMs = 60_000
/** Answers in a row that say "too many requests" before we leave the site alone. */
const throttledMax = 20
const headerSamplesMax = 5
/** Of pages that could not be judged; with more, nothing may be concluded from what was not found. */
const unknownShareMax = 0.2

/** Looks at the pages of one site, politely and within limits, and says what was seen. Never throws for what the outside does. */
export async function crawl(options: CrawlOptions): Promise<CrawlSummary> {
  const startedAt = options.clock.now().getTime()
  const ended = new AbortController()
  const over = new AbortController()
  const signal = AbortSignal.any([options.signal, over.signal])
  const timeout = options.clock
    .sleep(options.timeoutMs ?? 3_600_000, AbortSignal.any([options.signal, ended.signal]))
    .then(() => over.abort())
  const run = new Crawl({ ...options, signal })
  try {
    await run.open()
    await run.seed()
    await run.work()
    const stopped = options.signal.aborted ? 'aborted' : over.signal.aborted ? 'timeout' : run.stopped
    return run.summary(stopped, options.clock.now().getTime() - startedAt)
  } finally {
    ended.abort()
    await timeout
  }
}

class Crawl {
  readonly #options: CrawlOptions
  readonly #frontier: Frontier
  readonly #hosts = new Set<string>()
  /** How addresses of those hosts begin. */
  readonly #beginnings: string[] = []
  readonly #matchers = new Map<string, RobotsMatcher>()
  readonly #retried = new Set<string>()
  readonly #revalidation: Revalidation
  readonly #headerSamples: { url: string; host: string; score: NonNullable<PageFacts['headerScore']> }[] = []
  readonly #external = createExternalTargets()
  #robots: RobotsObservation | null = null
  #sitemaps: readonly SitemapObservation[] = []
  #start: PageFacts | null = null
  #home: string
  /** Pages handed out to be looked at, and those that were. */
  #started = 0
  #done = 0
  #unknown = 0
  #throttled = 0
  #requests = 0
  #bytes = 0
  #inHand = 0
  #bell = Promise.withResolvers<void>()

  constructor(options: CrawlOptions) {
    this.#options = options
    this.#home = urlAddress(options.start) ?? options.start
    this.#addHost(options.start)
    this.#revalidation = createRevalidation({ known: options.known ?? (() => null), clock: options.clock })
    this.#frontier = new Frontier({
      isInScope: (url) => this.#isInScope(url),
      knownMax: Math.max(knownMin, options.budget * knownPerPage),
    })
  }

  /** robots.txt and the start page, which may lead to another host: that is then the site. */
  async open(): Promise<void> {
    this.#robots = await this.#readRobots(this.#options.start)
    this.#frontier.seed(this.#home, 'start')
    this.#frontier.take()
    // A site that is down is to be seen as down, so the start page is asked for also when robots.txt cannot be read.
    if (this.#robots.availability === 'read' && !this.#mayVisit(this.#home)) {
      const asked = { url: this.#home, requestedUrl: this.#home, finalUrl: this.#home, elapsedMs: 0 }
      this.#start = emptyFacts({ ...asked, fault: 'robots_disallowed' })
      return
    }
    this.#started += 1
    const fetched = await fetchPage(this.#home, this.#fetchDeps({ wantsLanding: (url) => this.#moveTo(url) }))
    const page = fetched.landing ?? fetched.asked
    this.#start = page
    this.#home = page.url
    const { host } = new URL(page.url)
    if (host !== this.#robots.host && fetched.landing) this.#robots = await this.#readRobots(page.url)
    await this.#observe(fetched)
  }

  #addHost(url: string): void {
    const { host } = new URL(url)
    if (!this.#hosts.has(host)) this.#beginnings.push(`https://${host}/`, `http://${host}/`)
    this.#hosts.add(host)
  }

  #moveTo(url: string): boolean {
    this.#addHost(url)
    const isNew = this.#frontier.claim(url, this.#home)
    if (isNew) this.#started += 1
    return isNew
  }

  async seed(): Promise<void> {
    const robots = this.#robots
    if (!this.#mayCrawl() || !robots) return
    const limit = new AbortController()
    const seeded = new AbortController()
    const timer = this.#options.clock.sleep(sitemapsTimeoutMs, seeded.signal).then(() => limit.abort())
    const { sitemaps } = parseRobots(robots.text)
    const named = sitemaps.map((each) => ({ url: urlAddress(each, robots.url), named: 'robots' as const }))
    const guess = { url: urlAddress('/sitemap.xml', this.#home), named: 'guess' as const }
    const first = [...named, guess].flatMap(({ url, ...how }, n, all) =>
      url !== null && this.#isInScope(url) && all.findIndex((each) => each.url === url) === n ? [{ ...how, url }] : [],
    )
    this.#sitemaps = await readSitemapSeeds(first, this.#sitemapDeps(robots, limit.signal), (url, changedAt, sitemap) => {
      this.#frontier.seed(url, 'sitemap', sitemap)
      if (changedAt) this.#revalidation.sitemapSays(url, changedAt)
      return this.#frontier.known < Math.max(knownMin, this.#options.budget * knownPerPage) ? 'more' : 'enough'
    })
    seeded.abort()
    await timer
  }

  #sitemapDeps(robots: RobotsObservation, limit: AbortSignal): SitemapDeps {
    const { outbound, userAgent, signal } = this.#options
    const matcher = robotsMatcher(parseRobots(robots.text), 'googlebot')
    return {
      outbound,
      userAgent,
      signal: AbortSignal.any([signal, limit]),
      fresh: false,
      mayVisit: (url) => this.#mayVisit(url),
      isForbidden: (url) => hostOfAddress(url) === robots.host && !matcher.match(url).allowed,
    }
  }

  async work(): Promise<void> {
    if (!this.#mayCrawl()) return
    const { clock, signal, connections } = this.#options
    const matcher = this.#matchers.get(new URL(this.#home).host)
    const pace = createPace({ clock, signal, connections, crawlDelaySeconds: matcher?.crawlDelaySeconds ?? null })
    await Promise.all(Array.from({ length: connections }, (_, worker) => this.#worker(worker, pace)))
  }

  async #worker(worker: number, pace: Pace): Promise<void> {
    while (!this.#isOver()) {
      const url = this.#frontier.take()
      if (url === null) {
        if (this.#inHand === 0) return
        // Another connection may still find links.
        await this.#bell.promise
        continue
      }
      if (!this.#mayVisit(url)) continue
      this.#inHand += 1
      const turn = await pace.turn(worker)
      if (turn === 'go' && !this.#isOver()) {
        this.#started += 1
        await this.#look(url, worker, pace)
      } else this.#frontier.putBack(url)
      this.#inHand -= 1
      this.#ring()
      if (turn === 'retire') return
    }
  }

  async #look(url: string, worker: number, pace: Pace): Promise<void> {
    const claimed: string[] = []
    const wantsLanding = (landing: string) => {
      if (this.#started >= this.#options.budget || !this.#frontier.claim(landing, url)) return false
      this.#started += 1
      claimed.push(landing)
      return true
    }
    const fetched = await this.#fetchKnown(url, wantsLanding)
    pace.answered(worker, fetched.firstByteMs)
    for (const lost of claimed)
      if (fetched.landing?.url !== lost) {
        this.#started -= 1
        this.#frontier.putBack(lost)
      }
    if (this.#isPushedBack(fetched.asked, pace) && !this.#retried.has(url)) {
      this.#retried.add(url)
      this.#started -= 1
      this.#frontier.putBack(url)
      return
    }
    if (this.#options.signal.aborted) return
    await (fetched.unchanged ? this.#observeUnchanged(fetched, fetched.unchanged) : this.#observe(fetched))
  }

  /** The first pages are read whole: their headers are scored. */
  async #fetchKnown(url: string, wantsLanding: FetchDeps['wantsLanding']): Promise<Fetched> {
    const plan = this.#revalidation.planFor(url, this.#headerSamples.length >= headerSamplesMax)
    const fetched = await fetchPage(url, this.#fetchDeps({ wantsLanding, known: plan.ask }))
    plan.heard(fetched)
    return fetched
  }

  #isPushedBack({ status, retryAfterSeconds }: PageFacts, pace: Pace): boolean {
    const isLimit = status !== null && isRateLimit(status)
    this.#throttled = isLimit ? this.#throttled + 1 : 0
    if (!isLimit && status !== 503) return false
    pace.pushedBack(retryAfterSeconds)
    return true
  }

  async #observe({ asked, landing, trace, bytes }: Fetched): Promise<void> {
    this.#count(asked.hops.length + 1, bytes)
    this.#link(trace.links, (landing ?? asked).url)
    for (const facts of landing ? [asked, landing] : [asked]) {
      const canonicals = facts.canonicals.flatMap(({ url }) => url ?? [])
      const { depth, inlinks, inSitemap } = this.#record(facts, canonicals)
      const isSample = facts.headerScore !== null && this.#headerSamples.length < headerSamplesMax
      if (isSample && facts.headerScore)
        this.#headerSamples.push({ url: facts.url, host: new URL(facts.url).host, score: facts.headerScore })
      const page: PageObservation = { ...facts, headerScore: isSample ? facts.headerScore : null, depth, inlinks, inSitemap }
      if (isUnknown(page)) this.#unknown += 1
      await this.#options.onPage(page, facts === (landing ?? asked) ? trace : noTrace)
    }
    this.#tellProgress()
  }

  async #observeUnchanged({ asked, bytes }: Fetched, known: StoredFacts): Promise<void> {
    const { url, requestedUrl, finalUrl, elapsedMs, template } = asked
    this.#count(1, bytes)
    this.#link(known.links, url)
    const { depth, inlinks, inSitemap } = this.#record(asked, known.canonicals)
    const visit = { url, requestedUrl, finalUrl, elapsedMs, template, depth, inlinks, inSitemap }
    await this.#options.onUnchanged(visit, known.lasting)
    this.#tellProgress()
  }

  #count(requests: number, bytes: number): void {
    this.#requests += requests
    this.#bytes += bytes
  }

  /** A page counts as one inlink, however often and in whatever spelling it links. */
  #link(links: readonly string[], from: string): void {
    this.#frontier.link(links, from, (url) => this.#external.add(url, from))
  }

  #record({ url, status }: Pick<PageFacts, 'url' | 'status'>, canonicals: readonly string[]): Place {
    this.#done += 1
    this.#frontier.record(url, status)
    for (const canonical of canonicals) this.#frontier.seed(canonical, 'reference')
    return this.#frontier.placeOf(url)
  }

  #tellProgress(): void {
    const { budget, onProgress } = this.#options
    onProgress?.({
      pagesDone: this.#done,
      pagesTotal: Math.max(this.#done, Math.min(budget, this.#done + this.#frontier.waiting)),
    })
  }

  #fetchDeps(own: Pick<FetchDeps, 'wantsLanding' | 'known'>): FetchDeps {
    const { outbound, clock, userAgent, signal, requestTimeoutMs } = this.#options
    return {
      ...(requestTimeoutMs === undefined ? {} : { timeoutMs: requestTimeoutMs }),
      outbound,
      clock,
      userAgent,
      signal,
      fresh: false,
      mayVisit: (url) => this.#mayVisit(url),
      scoresHeaders: this.#headerSamples.length < headerSamplesMax,
      ...own,
    }
  }

  async #readRobots(url: string): Promise<RobotsObservation> {
    const { outbound, userAgent, signal } = this.#options
    const seen = await fetchRobots(url, { outbound, userAgent, signal, fresh: false })
    this.#requests += 1
    this.#matchers.set(seen.host, robotsMatcher(parseRobots(seen.text), userAgent))
    this.#options.log.debug({ host: seen.host, availability: seen.availability }, 'robots.txt was asked for.')
    return seen
  }

  /** Hosts outside the site are only ever asked where a redirect led. */
  #mayVisit(url: string): boolean {
    return this.#matchers.get(hostOfAddress(url))?.match(url).allowed ?? true
  }

  #mayCrawl(): boolean {
    const availability = this.#robots?.availability
    return (availability === 'read' || availability === 'missing') && !this.#isOver()
  }

  #isInScope(url: string): boolean {
    for (const beginning of this.#beginnings) if (url.startsWith(beginning)) return true
    return false
  }

  #isOver(): boolean {
    return this.#options.signal.aborted || this.#started >= this.#options.budget || this.#throttled >= throttledMax
  }

  #ring(): void {
    this.#bell.resolve()
    this.#bell = Promise.withResolvers()
  }

  get stopped(): 'done' | 'budget' | 'throttled' {
    if (this.#throttled >= throttledMax) return 'throttled'
    return this.#started >= this.#options.budget && this.#frontier.waiting > 0 ? 'budget' : 'done'
  }

  summary(stopped: CrawlSummary['stopped'], elapsedMs: number): CrawlSummary {
    const robots = this.#robots
    const start = this.#start
    if (!robots || !start) throw new Error('The crawl was not opened.')
    const pages = [...this.#frontier.pages()]
    const isOpen = robots.availability === 'read' || robots.availability === 'missing'
    const isStartFine = start.fault === null && start.status !== null && start.status < 400
    const isRunOut = stopped === 'done' || stopped === 'budget'
    return {
      startUrl: this.#options.start,
      homeUrl: this.#home,
      hosts: [...this.#hosts],
      robots,
      startFault: start.fault,
      pages: this.#done,
      unknownPages: this.#unknown,
      stopped,
      complete: isOpen && isStartFine && isRunOut && this.#unknown <= this.#done * unknownShareMax,
      linkTargets: this.#frontier.linkTargets(),
      inlinks: new Map(pages.map(({ url, inlinks }) => [url, inlinks])),
      inSitemap: new Set(pages.filter((page) => page.inSitemap).map((page) => page.url)),
      sitemaps: this.#sitemaps,
      sitemapOf: new Map(pages.flatMap(({ url, sitemap }) => (sitemap === null ? [] : [[url, sitemap] as const]))),
      externalLinks: this.#external.list(),
      headerSamples: this.#headerSamples,
      traps: this.#frontier.traps,
      revalidated: this.#revalidation.count,
      distrusted: this.#revalidation.distrusts,
      requests: this.#requests,
      bytes: this.#bytes,
      elapsedMs,
    }
  }
}
