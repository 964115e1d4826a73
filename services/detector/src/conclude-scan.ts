import type { ScanFailure } from '@tocsin/contract/api/scans'
import { dataMarks } from '@tocsin/domain/data-watch/data-watch'
import { type ExternalLink, rememberExternalLinks } from '@tocsin/domain/external-links/external-links'
import { type RememberedPage, rememberPages, rememberSite, type SeenPage, type UnchangedPage } from '@tocsin/domain/scans/memory'
import { recordResponseTimes } from '@tocsin/domain/scans/response-times'
import { completeScan, failScan, lockLeasedScan } from '@tocsin/domain/scans/scans'
import { setBaseline } from '@tocsin/domain/sites/sites'
import { recordVerdicts } from '@tocsin/domain/threats/record'
import type { Histogram } from '@tocsin/domain/vitals/histogram'
import type { Foundation } from '@tocsin/journal/foundation'
import { detector, type HeldScan } from './held-scan.ts'
import type { SiteMemory } from './rules/site-memory.ts'
import type { Verdict } from './rules/verdict.ts'

/** `marks`: of a verdict on records, how often something had been recorded when they were read. */
export type Judged = Verdict & { readonly marks?: number }

/** What a scan came to know. */
export interface Findings {
  readonly verdicts: readonly (Judged & { config: object })[]
  readonly pages: Iterable<SeenPage | RememberedPage | UnchangedPage>
  readonly memory: SiteMemory
  readonly externalLinks: readonly ExternalLink[]
  /** Those are all there are. */
  readonly everyExternalLink: boolean
  readonly pagesDone: number
  readonly responseTimes: Histogram
  /** False: nothing may be concluded from what was not seen, and no baseline is set. */
  readonly complete: boolean
  readonly failure: ScanFailure | null
}

/**
 * Everything a scan found and its end, in one change: a viewer never sees half of it, and a detector that dies before has told nothing.
 * What it remembers goes with it, because a page that is remembered is judged by another measure than one that is new.
 */
export async function concludeScan(
  deps: Pick<Foundation, 'journal' | 'log' | 'metrics'>,
  held: HeldScan,
  findings: Findings,
): Promise<'completed' | 'incomplete' | ScanFailure | 'dropped'> {
  const { scanId, siteId } = held
  const { complete, failure } = findings
  const concluded = await deps.journal.change(held.orgId, detector, async (change) => {
    if (!(await lockLeasedScan(change, held))) return null
    const marks = await dataMarks(change.tx, siteId)
    // A crawl takes its time: what was recorded since has been judged by the data pass, or will be.
    const verdicts = findings.verdicts.filter((verdict) => verdict.marks === undefined || verdict.marks === marks)
    const recorded = await recordVerdicts(change, { siteId, scanId, verdicts, complete })
    await rememberSite(change, { siteId, memory: findings.memory })
    if (failure) {
      await failScan(change, { ...held, failure })
      return recorded
    }
    await rememberPages(change, { siteId, pages: findings.pages })
    const baseline = complete && (await setBaseline(change, { siteId }))
    await rememberExternalLinks(change, { siteId, links: findings.externalLinks, whole: findings.everyExternalLink, baseline })
    if (complete) await recordResponseTimes(change, { scanId, times: findings.responseTimes })
    await completeScan(change, {
      scanId,
      pagesDone: findings.pagesDone,
      pagesTotal: findings.pagesDone,
      complete,
      baseline,
      threatsFound: recorded.threatsFound,
      suspected: recorded.suspected,
    })
    return recorded
  })
  if (!concluded) return 'dropped'
  countVerdicts(deps, findings.verdicts)
  if (concluded.dropped > 0)
    deps.log.warn({ orgId: held.orgId, scanId, dropped: concluded.dropped }, 'A scan had more findings than are kept.')
  return failure ?? (complete ? 'completed' : 'incomplete')
}

function countVerdicts(deps: Pick<Foundation, 'metrics'>, verdicts: readonly Verdict[]): void {
  const counter = deps.metrics.counter('rule_verdicts_total', 'What rules answered in scans', ['rule', 'verdict'])
  for (const { rule, level } of verdicts) counter.inc({ rule, verdict: level })
}
