import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { storableJson } from '../storable-json.ts'

/** What the crawler wrote about a page when it read it whole; only the crawler knows what the text means. */
export interface PageFactsRow {
  url: string
  facts: string
  fetchedAt: Date
}

/** Of one release of the crawler: what another one wrote is not answered. In the order of their addresses, from after `after`. */
export async function recallPageFacts(
  sql: Sql,
  input: { siteId: SiteId; version: string; fetchedAfter: Date; after: string; limit: number },
): Promise<PageFactsRow[]> {
  const { rows } = await sql.query<PageFactsRow>(
    `select url, facts, fetched_at as "fetchedAt" from page_facts
     where site_id = $1 and url > $2 and version = $3 and fetched_at > $4 order by url limit $5`,
    [input.siteId, input.after, input.version, input.fetchedAfter, input.limit],
  )
  return rows
}

/** One batch. Not part of what a scan concludes: the facts of a page are true of the moment it was read, whatever becomes of the scan. */
export async function keepPageFacts(
  change: Change,
  input: { siteId: SiteId; version: string; pages: readonly PageFactsRow[] },
): Promise<void> {
  const { siteId, version, pages } = input
  await change.tx.query(
    `insert into page_facts (org_id, site_id, url, version, facts, fetched_at)
     select $1, $2, new.url, $3, new.facts, new."fetchedAt" from jsonb_to_recordset($4) as new (url text, facts text, "fetchedAt" timestamptz)
     where exists (select from site where id = $2)
     on conflict (site_id, url) do update set version = excluded.version, facts = excluded.facts, fetched_at = excluded.fetched_at`,
    [change.orgId, siteId, version, storableJson(pages)],
  )
}

/** Every page of the site is read whole the next time. */
export async function forgetPageFacts(change: Change, siteId: SiteId): Promise<void> {
  await change.tx.query('delete from page_facts where site_id = $1', [siteId])
}
