import { randomUUID } from 'node:crypto'
import { Refusal } from '@tocsin/contract/refusal'
import { type ClaimedData, claimDataWatch, finishDataWatch, releaseDataWatch } from '@tocsin/domain/data-watch/data-watch'
import { ruleConfigs } from '@tocsin/domain/rules/rules.read'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { listWatched } from '@tocsin/domain/threats/looks.read'
import { recordVerdicts } from '@tocsin/domain/threats/record'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'
import { assessData, detectors } from './assess-data.ts'
import { within } from './executions.ts'
import { detector } from './held-scan.ts'
import type { DataContext, Registry, Verdict } from './rules/verdict.ts'
import { watchList } from './watch-list.ts'

export interface DataDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'> {
  readonly registry: Registry
}

/** Sites at once. Judging is a few queries each. */
const sitesMax = 8
/** For all rules of a site. */
const judgeMsMax = 60_000
const leaseMs = 2 * judgeMsMax

/** Judges what was recorded since the last time, between scans: a pushed list of rankings does not wait for the next crawl. */
export async function dataPass(deps: DataDeps, stopping: AbortSignal): Promise<PassResult> {
  const now = deps.clock.now()
  const claim = { now, leaseUntil: new Date(now.getTime() + leaseMs), token: randomUUID(), limit: sitesMax }
  const claimed = await deps.db.transaction('installation', (sql) => claimDataWatch(sql, claim))
  const judged = await Promise.allSettled(claimed.map((each) => judgeRecords(deps, each, claim.token, stopping)))
  // Only when nothing is under way any more: a pass that has ended may be followed by the end of the process.
  for (const each of judged) if (each.status === 'rejected') throw each.reason
  return claimed.length > 0 ? 'worked' : 'idle'
}

async function judgeRecords(deps: DataDeps, { orgId, siteId, marks }: ClaimedData, token: string, stopping: AbortSignal) {
  try {
    const context = await deps.journal.read(orgId, async (sql): Promise<DataContext> => {
      const { id, url } = await getSite(sql, siteId)
      const [watched, config] = [watchList(await listWatched(sql, siteId)), await ruleConfigs(sql, siteId)]
      return { site: { id, url }, now: deps.clock.now(), watched, config }
    })
    const verdicts = await within(judgeMsMax, stopping, (signal) => assessAll(deps, orgId, context, signal))
    await deps.journal.change(orgId, detector, async (change) => {
      if (!(await finishDataWatch(change, { siteId, marks, token }))) return
      await recordVerdicts(change, { siteId, scanId: null, verdicts: withConfigs(verdicts, context), complete: false })
    })
  } catch (error) {
    // The site was deleted in the meantime: nobody waits for the answer any more.
    if (error instanceof Refusal && error.code === 'not_found') return
    if (!stopping.aborted) throw error
    await deps.journal.change(orgId, detector, (change) => releaseDataWatch(change, { siteId, token }))
  }
}

/** A detector that breaks has nothing to say; the others have. */
async function assessAll(
  deps: DataDeps,
  orgId: ClaimedData['orgId'],
  context: DataContext,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const agent of detectors)
    try {
      verdicts.push(...(await assessData(deps, { orgId, agent, context }, signal)))
    } catch (error) {
      signal.throwIfAborted()
      deps.log.error({ err: error, orgId, siteId: context.site.id, agent }, 'A detector broke over the records of a site.')
    }
  return verdicts
}

/** What a verdict was judged by goes with it, so that it can be judged again. */
export const withConfigs = <Said extends Verdict>(verdicts: readonly Said[], { config }: Pick<DataContext, 'config'>) =>
  verdicts.map((verdict) => ({ ...verdict, config: config[verdict.rule] }))
