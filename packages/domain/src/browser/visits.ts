import type { OrgId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { storableJson } from '../storable-json.ts'
import type { LabRun, RenderedPage } from './visits.read.ts'

const hourMs = 3_600_000
const visitEveryMs = 24 * hourMs
/** A page that is no longer among the important ones is forgotten after this. */
const renderedKeptMs = 60 * 24 * hourMs

/** Takes a site that is due to be looked at with a browser. Of the installation, not of an org. */
export async function claimVisit(
  sql: Sql,
  input: { now: Date; leaseUntil: Date; token: string },
): Promise<{ orgId: OrgId; siteId: SiteId } | null> {
  const { rows } = await sql.query<{ orgId: OrgId; siteId: SiteId }>(
    'select org_id as "orgId", site_id as "siteId" from claim_browser_visit($1, $2, $3)',
    [input.now, input.leaseUntil, input.token],
  )
  return rows[0] ?? null
}

/** Writes what was seen, unless somebody else has taken the site in the meantime. */
export async function recordVisit(
  change: Change,
  input: { siteId: SiteId; token: string; runs: readonly LabRun[]; pages: readonly RenderedPage[] },
): Promise<boolean> {
  const { siteId, token, runs, pages } = input
  const next = new Date(change.now.getTime() + visitEveryMs)
  const { rowCount } = await change.tx.query(
    'update browser_visit set due_at = $3, lease_token = null, lease_until = null where site_id = $1 and lease_token = $2',
    [siteId, token, next],
  )
  if (rowCount === 0) return false
  await change.tx.query(
    `insert into lab_run (org_id, site_id, url, at, run, conditions, measured)
     select $1, $2, url, $3::timestamptz, run, conditions, measured
     from jsonb_to_recordset($4) as new (url text, run smallint, conditions text, measured jsonb)`,
    [change.orgId, siteId, change.now, storableJson(runs)],
  )
  await change.tx.query(
    `insert into rendered_page (org_id, site_id, url, at, importance, seen)
     select $1, $2, url, $3::timestamptz, importance, seen
     from jsonb_to_recordset($4) as new (url text, importance double precision, seen jsonb)
     on conflict (site_id, url) do update set at = excluded.at, importance = excluded.importance, seen = excluded.seen`,
    [change.orgId, siteId, change.now, storableJson(pages)],
  )
  const forget = new Date(change.now.getTime() - renderedKeptMs)
  await change.tx.query('delete from rendered_page where site_id = $1 and at < $2', [siteId, forget])
  if (runs.length + pages.length > 0) await judgeDataSoon(change, siteId)
  return true
}

/** Gives back a site that could not be visited; it is tried again, later. */
export async function releaseVisit(change: Change, input: { siteId: SiteId; token: string; retryAt: Date }): Promise<void> {
  await change.tx.query(
    'update browser_visit set due_at = $3, lease_token = null, lease_until = null where site_id = $1 and lease_token = $2',
    [input.siteId, input.token, input.retryAt],
  )
}
