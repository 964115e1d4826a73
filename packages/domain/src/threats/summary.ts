import type { ThreatSummary } from '@tocsin/contract/api/sites'
import { threatSummaryChanged } from '@tocsin/contract/events/threats'
import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'

/** Does the work and tells the new counts of open threats, if it changed them. The site must be locked. */
export async function tellingSummary<Result>(change: Change, siteId: SiteId, work: () => Promise<Result>): Promise<Result> {
  const before = await summaryOf(change, siteId)
  const result = await work()
  const summary = await summaryOf(change, siteId)
  const same = (['critical', 'high', 'medium', 'low'] as const).every((severity) => before[severity] === summary[severity])
  if (!same) change.emit(threatSummaryChanged, { siteId, summary })
  return result
}

async function summaryOf(change: Change, siteId: SiteId): Promise<ThreatSummary> {
  const { rows } = await change.tx.query<{ summary: ThreatSummary }>('select threat_summary($1) as summary', [siteId])
  const row = rows[0]
  if (!row) throw new Error('A function without a row.')
  return row.summary
}
