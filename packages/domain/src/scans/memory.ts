import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { storableJson } from '../storable-json.ts'

/** What the last scans knew of a page, as the detector wrote it: it parses its own JSON. */
export interface RememberedPage {
  url: string
  memory: unknown
}

/** What the last scan saw of a page, for people to look up: the columns of the inventory. */
export interface PageRecord {
  status: number | null
  fault: string | null
  contentType: string | null
  title: string | null
  h1: string | null
  lang: string | null
  words: number | null
  template: string
  depth: number
  inlinks: number
  inSitemap: boolean
  importance: number
  indexable: boolean | null
  notIndexable: string | null
  canonical: string | null
  redirectsTo: string | null
  bytes: number
  elapsedMs: number
  hashes: object | null
}

export interface SeenPage extends RememberedPage {
  record: PageRecord
  /** Of memory and record, without what differs in every scan. */
  hash: string
}

/** As it was in the last scan, except that it was well again at `lastOkAt`. */
export interface UnchangedPage {
  url: string
  lastOkAt: string | null
}

/** Rows of a kilobyte; a scan has ten thousand at most, and they pass in batches. */
const pagesPerStatement = 250

/**
 * In the change that concludes the scan, so that memory and verdicts never disagree. A page that comes without a record was not seen:
 * only what is remembered of it changes.
 */
export async function rememberPages(
  change: Change,
  input: { siteId: SiteId; pages: Iterable<SeenPage | RememberedPage | UnchangedPage> },
): Promise<void> {
  const write = inTurn()
  const seen = batches(write, (pages: readonly SeenPage[]) => writePages(change, input.siteId, pages))
  const unseen = batches(write, (pages: readonly RememberedPage[]) => writeMemories(change, input.siteId, pages))
  const unchanged = batches(write, (pages: readonly UnchangedPage[]) => markPages(change, input.siteId, pages))
  for (const page of input.pages)
    if ('record' in page) await seen.add(page)
    else if ('memory' in page) await unseen.add(page)
    else await unchanged.add(page)
  for (const each of [seen, unseen, unchanged]) await each.rest()
  await write(null)
}

type InTurn = (begin: (() => Promise<void>) | null) => Promise<void>

/** One statement at a time, while who gives it goes on: waits for the one before, and tells its error. */
function inTurn(): InTurn {
  let writing: Promise<{ error: unknown } | null> = Promise.resolve(null)
  return async (begin) => {
    const failed = await writing
    if (failed) throw failed.error
    if (!begin) return
    writing = begin().then(
      () => null,
      (error: unknown) => ({ error }),
    )
  }
}

function batches<Item>(inTurn: InTurn, write: (items: readonly Item[]) => Promise<void>) {
  let items: Item[] = []
  const rest = async () => {
    const batch = items
    items = []
    if (batch.length > 0) await inTurn(() => write(batch))
  }
  const add = async (item: Item) => {
    items.push(item)
    if (items.length >= pagesPerStatement) await rest()
  }
  return { add, rest }
}

const columns = [
  ['status', 'integer'],
  ['fault', 'text'],
  ['content_type', 'text'],
  ['title', 'text'],
  ['h1', 'text'],
  ['lang', 'text'],
  ['words', 'integer'],
  ['template', 'text'],
  ['depth', 'integer'],
  ['inlinks', 'integer'],
  ['in_sitemap', 'boolean'],
  ['importance', 'double precision'],
  ['indexable', 'boolean'],
  ['not_indexable', 'text'],
  ['canonical', 'text'],
  ['redirects_to', 'text'],
  ['bytes', 'integer'],
  ['elapsed_ms', 'integer'],
  ['hashes', 'jsonb'],
] as const
const names = columns.map(([name]) => name).join(', ')

async function writePages(change: Change, siteId: SiteId, pages: readonly SeenPage[]): Promise<void> {
  const rows = pages.map(({ url, memory, record, hash }) => ({ url, memory, hash, ...rowOf(record) }))
  await change.tx.query(
    `insert into page as known (org_id, site_id, url, memory, seen_at, first_seen_at, changed_at, record_hash, ${names})
     select $1, $2, new.url, new.memory, $3::timestamptz, $3, $3, new.hash, ${columns.map(([name]) => `new.${name}`).join(', ')}
     from jsonb_to_recordset($4) as new (url text, memory jsonb, hash text, ${columns.map((column) => column.join(' ')).join(', ')})
     on conflict (site_id, url) do update set memory = excluded.memory, seen_at = excluded.seen_at, record_hash = excluded.record_hash,
       first_seen_at = coalesce(known.first_seen_at, known.seen_at),
       -- A look that failed says nothing about the content.
       changed_at = case
         when known.changed_at is null or known.status <> excluded.status or known.hashes <> excluded.hashes then excluded.seen_at
         else known.changed_at
       end,
       ${columns.map(([name]) => `${name} = ${name === 'hashes' ? 'coalesce(excluded.hashes, known.hashes)' : `excluded.${name}`}`).join(', ')}`,
    [change.orgId, siteId, change.now, storableJson(rows)],
  )
}

async function writeMemories(change: Change, siteId: SiteId, pages: readonly RememberedPage[]): Promise<void> {
  await change.tx.query(
    `insert into page (org_id, site_id, url, memory, seen_at)
     select $1, $2, new.url, new.memory, $3::timestamptz from jsonb_to_recordset($4) as new (url text, memory jsonb)
     on conflict (site_id, url) do update set memory = excluded.memory, record_hash = null`,
    [change.orgId, siteId, change.now, storableJson(pages)],
  )
}

async function markPages(change: Change, siteId: SiteId, pages: readonly UnchangedPage[]): Promise<void> {
  await change.tx.query(
    `with found as (
       -- One by one by its key, and then by its place: of a site that is new the statistics say that it has hardly a page, and a join
       -- would then hold each of its pages against each of the batch.
       select known.place, new.url, new.ok
       from unnest($3::text[], $4::text[]) as new (url, ok)
       cross join lateral (select k.ctid as place from page k where k.site_id = $1 and k.url = new.url for update) known
     )
     update page p set seen_at = $2,
       memory = case when found.ok is null then p.memory else p.memory || jsonb_build_object('lastOkAt', found.ok) end
     from found
     where p.ctid = any (array(select place from found)) and p.url = found.url`,
    [siteId, change.now, pages.map((page) => page.url), pages.map((page) => page.lastOkAt)],
  )
}

const rowOf = ({ contentType, inSitemap, notIndexable, redirectsTo, elapsedMs, ...same }: PageRecord) => ({
  ...same,
  content_type: contentType,
  in_sitemap: inSitemap,
  not_indexable: notIndexable,
  redirects_to: redirectsTo,
  elapsed_ms: elapsedMs,
})

export interface KnownPage extends RememberedPage {
  hash: string | null
}

export async function recallPages(sql: Sql, siteId: SiteId, urls: readonly string[]): Promise<RememberedPage[]> {
  const { rows } = await sql.query<RememberedPage>('select url, memory from page where site_id = $1 and url = any ($2)', [
    siteId,
    urls,
  ])
  return rows
}

/** In the order of their addresses, from after `after`. */
export async function recallPagesAfter(sql: Sql, siteId: SiteId, after: string, limit: number): Promise<KnownPage[]> {
  const { rows } = await sql.query<KnownPage>(
    'select url, memory, record_hash as hash from page where site_id = $1 and url > $2 order by url limit $3',
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
