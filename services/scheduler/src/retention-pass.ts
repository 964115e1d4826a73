import type { Sql } from '@tocsin/db/transaction'
import { forgetEndedSessions } from '@tocsin/domain/accounts/accounts'
import { forgetOldAnswers } from '@tocsin/domain/idempotency/idempotency'
import type { Foundation } from '@tocsin/journal/foundation'
import { prunePass } from '@tocsin/journal/prune'
import type { PassResult } from '@tocsin/process/loop'

const dayMs = 86_400_000
/** Rows per statement: short enough that nobody waits for it. */
const batchSize = 500
/** Rules look back two weeks by the hour; after that a day is one row. */
const vitalHoursDays = 15
/** A crawler reads every page anew after nine days at the latest, whatever is kept of it. */
const pageFactsDays = 10
/** Daily medians of positions, and who linked when: this winter beside the last, as Search Console keeps it. */
const rankingMonthsDays = 487
/** A component's uptime of a year, beside the year before. */
const componentDays = 800
/** Scores are small, and a year is compared with the year before. */
const scoreDays = 400

/**
 * One batch of everything that is older than it is kept. Threats stay: they are what the product is about. Incidents and maintenances stay
 * too: they are the history of a status page, written by people and few.
 */
export async function retentionPass(
  deps: Pick<Foundation, 'db' | 'journal' | 'clock'>,
  retentionDays: number,
  signal?: AbortSignal,
): Promise<PassResult> {
  const now = deps.clock.now()
  const before = new Date(now.getTime() - retentionDays * dayMs)
  const batches: readonly ((sql: Sql) => Promise<number>)[] = [
    (sql) => sweep(sql, 'delete_scans_before', before),
    (sql) => sweep(sql, 'delete_deliveries_before', before),
    (sql) => sweep(sql, 'delete_pages_before', before),
    (sql) => sweep(sql, 'delete_page_facts_before', new Date(now.getTime() - pageFactsDays * dayMs)),
    (sql) => sweep(sql, 'delete_external_links_before', before),
    (sql) => sweep(sql, 'delete_alert_days_before', before),
    (sql) => sweep(sql, 'delete_alerts_before', before),
    (sql) => sweep(sql, 'delete_alert_groups_before', before),
    (sql) => sweep(sql, 'delete_silences_before', before),
    (sql) => sweep(sql, 'delete_notifications_before', before),
    (sql) => sweep(sql, 'delete_site_scores_before', new Date(now.getTime() - scoreDays * dayMs)),
    (sql) => sweep(sql, 'delete_component_changes_before', new Date(now.getTime() - componentDays * dayMs)),
    (sql) => sweep(sql, 'delete_broadcasts_before', before),
    (sql) => sweepSubscribers(sql, now),
    (sql) => sweep(sql, 'delete_invitations_before', before),
    (sql) => sweep(sql, 'delete_source_quotas_before', before),
    (sql) => sweep(sql, 'delete_search_console_before', now),
    (sql) => sweep(sql, 'delete_rankings_before', before),
    (sql) => sweep(sql, 'delete_ranking_lists_before', before),
    (sql) => sweep(sql, 'delete_backlink_lists_before', before),
    (sql) => sweep(sql, 'delete_ranking_days_before', new Date(now.getTime() - rankingMonthsDays * dayMs)),
    (sql) => sweep(sql, 'delete_competitor_pages_before', new Date(now.getTime() - rankingMonthsDays * dayMs)),
    (sql) => sweep(sql, 'delete_backlinks_before', new Date(now.getTime() - rankingMonthsDays * dayMs)),
    (sql) => sweepVitals(sql, new Date(now.getTime() - vitalHoursDays * dayMs), before),
    (sql) => forgetOldAnswers(sql, now, batchSize),
    (sql) => forgetEndedSessions(sql, now, batchSize),
  ]
  let result = await prunePass(deps, before, signal)
  for (const batch of batches) {
    if (signal?.aborted) return result
    const gone = await deps.db.transaction('installation', batch)
    if (gone >= batchSize) result = 'worked'
  }
  return result
}

type Sweep =
  | 'delete_scans_before'
  | 'delete_deliveries_before'
  | 'delete_pages_before'
  | 'delete_page_facts_before'
  | 'delete_external_links_before'
  | 'delete_alert_days_before'
  | 'delete_alerts_before'
  | 'delete_alert_groups_before'
  | 'delete_silences_before'
  | 'delete_notifications_before'
  | 'delete_site_scores_before'
  | 'delete_component_changes_before'
  | 'delete_broadcasts_before'
  | 'delete_invitations_before'
  | 'delete_source_quotas_before'
  | 'delete_search_console_before'
  | 'delete_rankings_before'
  | 'delete_ranking_lists_before'
  | 'delete_backlink_lists_before'
  | 'delete_ranking_days_before'
  | 'delete_competitor_pages_before'
  | 'delete_backlinks_before'

async function sweep(sql: Sql, name: Sweep, before: Date): Promise<number> {
  const { rows } = await sql.query<{ gone: number }>(`select ${name}($1, $2) as gone`, [before, batchSize])
  return rows[0]?.gone ?? 0
}

async function sweepVitals(sql: Sql, hoursBefore: Date, daysBefore: Date): Promise<number> {
  const { rows } = await sql.query<{ gone: number }>('select delete_vitals_before($1, $2, $3) as gone', [
    hoursBefore,
    daysBefore,
    batchSize,
  ])
  return rows[0]?.gone ?? 0
}

/**
 * Who never confirmed is forgotten after a week; who left a month later, so that an old list does not bring them back at
 * once. Who called a mail spam, and whose mailbox is not there, stays known as long as the page, which has room for so many and no more.
 */
async function sweepSubscribers(sql: Sql, now: Date): Promise<number> {
  const { rows } = await sql.query<{ gone: number }>('select forget_subscribers($1, $2, $3) as gone', [
    new Date(now.getTime() - 7 * dayMs),
    new Date(now.getTime() - 30 * dayMs),
    batchSize,
  ])
  return rows[0]?.gone ?? 0
}
