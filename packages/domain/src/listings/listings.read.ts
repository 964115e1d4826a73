import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

export interface Listing {
  source: 'safe_browsing' | 'web_risk'
  host: string
  threat: string
  listed: boolean
  cleans: number
  firstListedAt: Date
  answeredAt: Date
}

/** As many as one site may reasonably have; a blocklist is asked for fifty hosts at most. */
const listingsMax = 500

export async function listListings(sql: Sql, siteId: SiteId): Promise<Listing[]> {
  const { rows } = await sql.query<Listing>(
    `select source, host, threat, listed, cleans, first_listed_at as "firstListedAt", answered_at as "answeredAt"
     from listing where site_id = $1 order by host, threat, source limit $2`,
    [siteId, listingsMax],
  )
  return rows
}
