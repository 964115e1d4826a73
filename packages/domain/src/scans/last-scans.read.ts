import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

/** When each site of the org was last scanned to the end. */
export async function lastScans(sql: Sql): Promise<Map<SiteId, Date>> {
  const { rows } = await sql.query<{ siteId: SiteId; at: Date }>(
    `select site_id as "siteId", max(finished_at) as at from scan where state = 'completed' group by site_id`,
  )
  return new Map(rows.map((row) => [row.siteId, row.at]))
}
