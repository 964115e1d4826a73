import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { storableJson } from '../storable-json.ts'

/** An address of another site, and who links to it. */
export interface ExternalLink {
  readonly url: string
  /** A few of the pages that link to it. */
  readonly sources: readonly string[]
  readonly inlinks: number
}

/** Rows of some 500 bytes. */
const linksPerStatement = 500
const dayMs = 86_400_000
/** With three checks in a row, the last is a day after the first. */
const goneAgainMs = dayMs / 2

/**
 * What a crawl has met; new links are checked soon, spread over an hour, so that a site's first crawl is not followed by a burst. `whole`:
 * the crawl met all there are, so the others are no longer linked and nobody waits for them. `baseline`: whatever is wrong with them, it
 * was so on day one.
 */
export async function rememberExternalLinks(
  change: Change,
  input: { siteId: SiteId; links: readonly ExternalLink[]; whole: boolean; baseline: boolean },
): Promise<void> {
  const { siteId, links, whole, baseline } = input
  for (let from = 0; from < links.length; from += linksPerStatement) {
    const rows = links.slice(from, from + linksPerStatement).map((link) => ({ ...link, host: new URL(link.url).host }))
    await change.tx.query(
      `insert into external_link (org_id, site_id, url, host, sources, inlinks, day_one, seen_at, next_check_at)
       select $1, $2, new.url, new.host, new.sources, new.inlinks, $5, $3::timestamptz,
         $3::timestamptz + interval '1 hour' * (abs(hashtext(new.url)) % 1000) / 1000.0
       from jsonb_to_recordset($4) as new (url text, host text, sources jsonb, inlinks integer)
       on conflict (site_id, url) do update set sources = excluded.sources, inlinks = excluded.inlinks, seen_at = excluded.seen_at`,
      [change.orgId, siteId, change.now, storableJson(rows), baseline],
    )
  }
  if (!whole) return
  const { rows } = await change.tx.query<{ failures: number }>(
    'delete from external_link where site_id = $1 and seen_at < $2 returning failures',
    [siteId, change.now],
  )
  if (rows.some(({ failures }) => failures > 0)) await judgeDataSoon(change, siteId)
}

export interface LinkCheck {
  siteId: SiteId
  url: string
  token: string
  /** `unknown`: a wall, a limit, a server that is down, or we ourselves. It neither counts nor begins anew. */
  outcome: 'ok' | 'gone' | 'unknown'
  status: number | null
  fault: string | null
}

/** False: the lease is lost, or the link is gone. */
export async function recordLinkCheck(change: Change, check: LinkCheck): Promise<boolean> {
  const { siteId, url, token, outcome, status, fault } = check
  const next = new Date(change.now.getTime() + (outcome === 'gone' ? goneAgainMs : dayMs))
  // The site before its rows, as everywhere: it is not deleted in between.
  await change.tx.query('select from site where id = $1 for key share', [siteId])
  const { rows } = await change.tx.query<{ failures: number; before: number }>(
    `update external_link l set outcome = $4, status = $5, fault = $6, checked_at = $7, next_check_at = $8, lease_token = null, lease_until = null,
       day_one = l.day_one and $4 <> 'ok',
       failures = case $4 when 'gone' then l.failures + 1 when 'ok' then 0 else l.failures end,
       failing_since = case $4 when 'gone' then coalesce(l.failing_since, $7) when 'ok' then null else l.failing_since end,
       last_failed_at = case $4 when 'gone' then $7 when 'ok' then null else l.last_failed_at end
     from (select failures as before from external_link where site_id = $1 and url = $2 and lease_token = $3 for update) held
     where l.site_id = $1 and l.url = $2
     returning l.failures, held.before`,
    [siteId, url, token, outcome, status, fault, change.now, next],
  )
  const row = rows[0]
  if (!row) return false
  // One failure is judged by nobody; that a link is well again is.
  if (row.failures > 1 || row.before > row.failures) await judgeDataSoon(change, siteId)
  return true
}

/** A detector that stops gives back what it has not checked. */
export async function releaseLinkCheck(change: Change, input: { siteId: SiteId; url: string; token: string }): Promise<void> {
  await change.tx.query(
    'update external_link set lease_token = null, lease_until = null where site_id = $1 and url = $2 and lease_token = $3',
    [input.siteId, input.url, input.token],
  )
}
