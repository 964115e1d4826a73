import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'

export type ListingSource = 'safe_browsing' | 'web_risk'

export interface ListedHost {
  readonly host: string
  readonly threat: string
}

/** After this many clean answers a host is off the list, and its row has been judged. */
const cleansKept = 3

/**
 * What a blocklist answers about hosts: those it names, and that it does not name the others that were asked for. A host that is not of
 * the site any more is as good as clean: whoever removes the link to it has repaired the site.
 */
export async function recordListings(
  change: Change,
  input: {
    siteId: SiteId
    source: ListingSource
    hosts: readonly string[]
    asked: readonly string[]
    listed: readonly ListedHost[]
  },
): Promise<void> {
  const { siteId, source, hosts, asked, listed } = input
  await change.tx.query(
    `update listing set listed = false, cleans = cleans + 1, answered_at = $4
     where site_id = $1 and source = $2 and (host = any ($3) or host <> all ($5))`,
    [siteId, source, asked, change.now, hosts],
  )
  await change.tx.query(
    `insert into listing (org_id, site_id, source, host, threat, listed, first_listed_at, answered_at)
     select $1, $2, $3, l.host, l.threat, true, $6, $6 from unnest($4::text[], $5::text[]) as l (host, threat)
     on conflict (site_id, source, host, threat) do update set listed = true, cleans = 0, answered_at = excluded.answered_at`,
    [change.orgId, siteId, source, listed.map(({ host }) => host), listed.map(({ threat }) => threat), change.now],
  )
  await change.tx.query('delete from listing where site_id = $1 and source = $2 and cleans > $3', [siteId, source, cleansKept])
  await judgeDataSoon(change, siteId)
}
