import type { OrgId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

export interface ClaimedLink {
  orgId: OrgId
  siteId: SiteId
  url: string
}

/** Takes links that are due, one of each host and none of the hosts that rest. Of the installation, not of an org. */
export async function claimExternalLinks(
  sql: Sql,
  input: { now: Date; leaseUntil: Date; token: string; resting: readonly string[]; limit: number },
): Promise<ClaimedLink[]> {
  const { rows } = await sql.query<ClaimedLink>(
    'select org_id as "orgId", site_id as "siteId", url from claim_external_links($1, $2, $3, $4, $5)',
    [input.now, input.leaseUntil, input.token, input.resting, input.limit],
  )
  return rows
}

export interface CheckedLink {
  url: string
  sources: string[]
  inlinks: number
  outcome: 'ok' | 'gone' | 'unknown' | null
  status: number | null
  fault: string | null
  dayOne: boolean
  failures: number
  failingSince: Date | null
  lastFailedAt: Date | null
}

/** As many as a crawl hands over. */
const linksMax = 2_000

/** Links that were found gone the last times, and those that somebody waits for. */
export async function listCheckedLinks(sql: Sql, siteId: SiteId, waiting: readonly string[]): Promise<CheckedLink[]> {
  const { rows } = await sql.query<CheckedLink>(
    `select url, sources, inlinks, outcome, status, fault, day_one as "dayOne", failures, failing_since as "failingSince", last_failed_at as "lastFailedAt"
     from external_link where site_id = $1 and (failures > 0 or url = any ($2)) order by failing_since, url limit $3`,
    [siteId, waiting, linksMax],
  )
  return rows
}

/** Other hosts to which the site links now, the most linked first. */
export async function listLinkedHosts(sql: Sql, siteId: SiteId): Promise<string[]> {
  const { rows } = await sql.query<{ host: string }>(
    'select host from external_link where site_id = $1 group by host order by sum(inlinks) desc, host limit $2',
    [siteId, linksMax],
  )
  return rows.map(({ host }) => host)
}
