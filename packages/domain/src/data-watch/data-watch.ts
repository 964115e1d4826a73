import type { OrgId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { lockSite } from '../sites/sites.ts'

/** Something new was recorded about the site: a detector judges it soon. */
export async function judgeDataSoon(change: Change, siteId: SiteId): Promise<void> {
  await change.tx.query(
    `insert into data_watch (org_id, site_id, due_at) values ($1, $2, $3)
     on conflict (site_id) do update set due_at = least(data_watch.due_at, excluded.due_at), marks = data_watch.marks + 1`,
    [change.orgId, siteId, change.now],
  )
}

/** How often something new was recorded: what was judged at another count may have been overtaken. */
export async function dataMarks(sql: Sql, siteId: SiteId): Promise<number> {
  const { rows } = await sql.query<{ marks: number }>('select marks from data_watch where site_id = $1', [siteId])
  return rows[0]?.marks ?? 0
}

export interface ClaimedData {
  orgId: OrgId
  siteId: SiteId
  marks: number
}

/** Takes sites whose records wait to be judged. Of the installation, not of an org. */
export async function claimDataWatch(
  sql: Sql,
  input: { now: Date; leaseUntil: Date; token: string; limit: number },
): Promise<ClaimedData[]> {
  const { rows } = await sql.query<ClaimedData>(
    'select org_id as "orgId", site_id as "siteId", marks from claim_data_watch($1, $2, $3, $4)',
    [input.now, input.leaseUntil, input.token, input.limit],
  )
  return rows
}

/** Judged, unless more was recorded in the meantime: then it stays due. What took longer than its lease is too old to be told. */
export async function finishDataWatch(change: Change, input: { siteId: SiteId; marks: number; token: string }): Promise<boolean> {
  // The site before its rows, as everywhere.
  await lockSite(change, input.siteId)
  const { rowCount } = await change.tx.query(
    `update data_watch set due_at = case when marks = $3 then null else due_at end, lease_token = null, lease_until = null
     where site_id = $1 and lease_token = $2 and lease_until > $4`,
    [input.siteId, input.token, input.marks, change.now],
  )
  return rowCount === 1
}

/** A detector that stops gives back what it has not judged. */
export async function releaseDataWatch(change: Change, input: { siteId: SiteId; token: string }): Promise<void> {
  await change.tx.query('update data_watch set lease_token = null, lease_until = null where site_id = $1 and lease_token = $2', [
    input.siteId,
    input.token,
  ])
}
