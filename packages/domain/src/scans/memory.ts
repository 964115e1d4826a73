import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { storableJson } from '../storable-json.ts'

/** What the last scans knew of a page, as the detector wrote it: it parses its own JSON. */
export interface RememberedPage {
  url: string
  memory: unknown
}

/** Rows of some 300 bytes; a scan has ten thousand at most. */
const pagesPerStatement = 1_000

/** In the change that concludes the scan, so that memory and verdicts never disagree. */
export async function rememberPages(change: Change, input: { siteId: SiteId; pages: readonly RememberedPage[] }): Promise<void> {
  for (let from = 0; from < input.pages.length; from += pagesPerStatement)
    await change.tx.query(
      `insert into page (org_id, site_id, url, memory, seen_at)
       select $1, $2, new.url, new.memory, $3::timestamptz from jsonb_to_recordset($4) as new (url text, memory jsonb)
       on conflict (site_id, url) do update set memory = excluded.memory, seen_at = excluded.seen_at`,
      [change.orgId, input.siteId, change.now, storableJson(input.pages.slice(from, from + pagesPerStatement))],
    )
}

export async function recallPages(sql: Sql, siteId: SiteId, urls: readonly string[]): Promise<RememberedPage[]> {
  const { rows } = await sql.query<RememberedPage>('select url, memory from page where site_id = $1 and url = any ($2)', [
    siteId,
    urls,
  ])
  return rows
}

/** In the order of their addresses, from after `after`. */
export async function recallPagesAfter(sql: Sql, siteId: SiteId, after: string, limit: number): Promise<RememberedPage[]> {
  const { rows } = await sql.query<RememberedPage>(
    'select url, memory from page where site_id = $1 and url > $2 order by url limit $3',
    [siteId, after, limit],
  )
  return rows
}

/** As rememberPages. */
export async function rememberSite(change: Change, input: { siteId: SiteId; memory: object }): Promise<void> {
  await change.tx.query(
    `insert into site_memory (org_id, site_id, memory, updated_at) values ($1, $2, $3, $4)
     on conflict (site_id) do update set memory = excluded.memory, updated_at = excluded.updated_at`,
    [change.orgId, input.siteId, storableJson(input.memory), change.now],
  )
}

/** Null: the site has not been scanned yet. */
export async function recallSite(sql: Sql, siteId: SiteId): Promise<unknown> {
  const { rows } = await sql.query<{ memory: unknown }>('select memory from site_memory where site_id = $1', [siteId])
  return rows[0]?.memory ?? null
}
