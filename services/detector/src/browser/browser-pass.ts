import { randomUUID } from 'node:crypto'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { claimVisit, recordVisit, releaseVisit } from '@tocsin/domain/browser/visits'
import type { LabRun, RenderedPage } from '@tocsin/domain/browser/visits.read'
import { getSite } from '@tocsin/domain/sites/sites.read'
import type { Foundation } from '@tocsin/journal/foundation'
import type { Cidr } from '@tocsin/outbound/guarded-address'
import type { PassResult } from '@tocsin/process/loop'
import { within } from '../executions.ts'
import { detector } from '../held-scan.ts'
import { importantPages } from '../important-pages.ts'
import { recallKnownPages } from '../known-pages.ts'
import type { FoundBrowser } from './find-browser.ts'
import { type Look, lookAtPage } from './look-at-page.ts'
import { conditionsOf, measurePage } from './measure-page.ts'
import { openBrowser } from './open-browser.ts'

export interface BrowserDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'> {
  readonly found: FoundBrowser
  readonly allowCidrs: readonly Cidr[]
  readonly userAgent: string
  /** The version, or null where it is not installed: then nothing is measured. */
  readonly lighthouse: string | null
  /** Runs of Lighthouse for a page; five, but in tests. */
  readonly runs?: number
  /** For one load; shorter in tests. */
  readonly loadMs?: number
}

/** The home page and the most important page of three more templates. */
const pagesMax = 4
const runsUsual = 5
/** What scripts say counts when it is so in most of them. */
const loads = 3
/** One load: what look-at-page.ts waits for, and time to tell. A page whose scripts never end answers no question at all. */
const loadMsUsual = 75_000
const runsMsMax = 8 * 60_000
const pageMsMax = loads * loadMsUsual + runsMsMax
const leaseMs = (pagesMax + 1) * pageMsMax
const retryMs = 6 * 3_600_000

/** Looks at one site with a browser: a few pages, a few loads each. One browser at a time, for each page a new one. */
export async function browserPass(deps: BrowserDeps, stopping: AbortSignal): Promise<PassResult> {
  const now = deps.clock.now()
  const token = randomUUID()
  const leaseUntil = new Date(now.getTime() + leaseMs)
  const claimed = await deps.db.transaction('installation', (sql) => claimVisit(sql, { now, leaseUntil, token }))
  if (!claimed) return 'idle'
  const { orgId, siteId } = claimed
  try {
    const seen = await visit(deps, orgId, siteId, stopping)
    await deps.journal.change(orgId, detector, (change) => recordVisit(change, { siteId, token, ...seen }))
  } catch (error) {
    // The site was deleted in the meantime.
    if (error instanceof Refusal && error.code === 'not_found') return 'worked'
    const retryAt = stopping.aborted ? deps.clock.now() : new Date(deps.clock.now().getTime() + retryMs)
    await deps.journal.change(orgId, detector, (change) => releaseVisit(change, { siteId, token, retryAt }))
    if (!stopping.aborted)
      deps.log.warn({ err: error, orgId, siteId }, 'A browser could not look at a site; it is tried again later.')
  }
  return 'worked'
}

interface Seen {
  readonly runs: LabRun[]
  readonly pages: RenderedPage[]
}

async function visit(deps: BrowserDeps, orgId: OrgId, siteId: SiteId, stopping: AbortSignal): Promise<Seen> {
  const plan = await deps.journal.read(orgId, async (sql) => {
    const site = await getSite(sql, siteId)
    const { pages } = await recallKnownPages(sql, siteId)
    const urls = await importantPages(sql, siteId, site.url, pagesMax)
    return urls.map((url) => ({ url, importance: pages.get(url)?.importance ?? 8 }))
  })
  const seen: Seen = { runs: [], pages: [] }
  for (const { url, importance } of plan) {
    stopping.throwIfAborted()
    const looks = await looksAt(deps, url, stopping)
    const [first] = looks
    if (first?.html)
      seen.pages.push({ url, importance, seen: { status: first.status, html: first.html, dom: looks.map(({ dom }) => dom) } })
    // What could not be loaded once will not be measured either.
    if (first) seen.runs.push(...(await runsOf(deps, url, stopping)))
  }
  return seen
}

/** A page that hangs ends with its browser; what was seen until then counts. */
async function looksAt(deps: BrowserDeps, url: string, stopping: AbortSignal): Promise<Look[]> {
  const looks: Look[] = []
  const opened = await openBrowser(deps)
  try {
    for (let load = 0; load < loads; load += 1) {
      const look = await within(deps.loadMs ?? loadMsUsual, stopping, () => lookAtPage(opened.browser, url, deps.userAgent))
      if (look) looks.push(look)
    }
  } catch (error) {
    stopping.throwIfAborted()
    deps.log.warn({ err: error, url }, 'A page took a browser too long.')
  } finally {
    await opened.close()
  }
  return looks
}

/** A run that says nothing of the page is left out; after one that does not end there is no other. */
async function runsOf(deps: BrowserDeps, url: string, stopping: AbortSignal): Promise<LabRun[]> {
  const { lighthouse, found, log, runs = runsUsual } = deps
  if (lighthouse === null) return []
  const conditions = conditionsOf(lighthouse, found.version)
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(runsMsMax)])
  const done: LabRun[] = []
  try {
    for (let run = 0; run < runs; run += 1) {
      const told = await measurePage(deps, url, signal)
      if ('measured' in told) done.push({ url, run, conditions, measured: told.measured })
      else log.info({ url, reason: told.unknown }, 'Lighthouse could not measure a page.')
    }
  } catch (error) {
    stopping.throwIfAborted()
    log.warn({ err: error, url }, 'Lighthouse did not come to an end with a page.')
  }
  return done
}
