import type { SiteHealth, ThreatSummary } from '@tocsin/contract/api/sites'
import { threatSummaryChanged } from '@tocsin/contract/events/threats'
import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'

/** Does the work and tells the new counts of open threats and the new score, if it changed them. The site must be locked. */
export async function tellingSummary<Result>(change: Change, siteId: SiteId, work: () => Promise<Result>): Promise<Result> {
  const before = await standingOf(change, siteId)
  const result = await work()
  const after = await standingOf(change, siteId)
  if (JSON.stringify(before) === JSON.stringify(after)) return result
  await keepScore(change, siteId, after.health)
  change.emit(threatSummaryChanged, { siteId, ...after })
  return result
}

interface Standing {
  summary: ThreatSummary
  health: SiteHealth
}

async function standingOf(change: Change, siteId: SiteId): Promise<Standing> {
  const { rows } = await change.tx.query<Standing>('select threat_summary($1) as summary, site_health($1) as health', [siteId])
  const row = rows[0]
  if (!row) throw new Error('A function without a row.')
  return row
}

/** The last of each hour: what changes back and forth within one is no history. */
async function keepScore(change: Change, siteId: SiteId, { score, byType }: SiteHealth): Promise<void> {
  const hour = new Date(change.now)
  hour.setUTCMinutes(0, 0, 0)
  await change.tx.query(
    `insert into site_score (org_id, site_id, hour, score, by_type) values ($1, $2, $3, $4, $5)
     on conflict (site_id, hour) do update set score = excluded.score, by_type = excluded.by_type`,
    [change.orgId, siteId, hour, score, JSON.stringify(byType)],
  )
}
