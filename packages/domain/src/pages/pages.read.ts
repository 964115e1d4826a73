import type { listSitePages, PageSort, SitePage } from '@tocsin/contract/api/pages'
import type { SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { z } from 'zod'
import type { Page } from '../page.ts'
import { requireSite } from '../sites/sites.ts'

type Query = z.output<(typeof listSitePages)['query']>
export type PagesAsked = Omit<Query, 'format'> & { siteId: SiteId }

interface PageRow extends Omit<SitePage, 'firstSeenAt' | 'lastSeenAt' | 'changedAt'> {
  firstSeenAt: Date | null
  lastSeenAt: Date
  changedAt: Date | null
  /** What the list is sorted by, as text; null when the page has none. */
  position: string | null
}

const columns = `p.url, p.status, p.fault, p.redirects_to as "redirectsTo", p.content_type as "contentType", p.title, p.h1, p.lang, p.words,
  p.template, p.depth, p.inlinks, p.in_sitemap as "inSitemap", p.importance, p.indexable, p.not_indexable as "notIndexable", p.canonical,
  p.bytes, p.elapsed_ms as "elapsedMs", p.first_seen_at as "firstSeenAt", p.seen_at as "lastSeenAt", p.changed_at as "changedAt"`

const sortable = {
  url: ['p.url', 'text'],
  status: ['p.status', 'integer'],
  depth: ['p.depth', 'integer'],
  inlinks: ['p.inlinks', 'integer'],
  importance: ['p.importance', 'double precision'],
  words: ['p.words', 'integer'],
  bytes: ['p.bytes', 'integer'],
  elapsedMs: ['p.elapsed_ms', 'integer'],
  firstSeenAt: ['p.first_seen_at', 'timestamptz'],
  lastSeenAt: ['p.seen_at', 'timestamptz'],
  changedAt: ['p.changed_at', 'timestamptz'],
} as const satisfies Record<PageSort, readonly [column: string, type: string]>

const firstOfClass = { '2xx': 200, '3xx': 300, '4xx': 400, '5xx': 500 } as const

/** Ordered by one value and, where that is the same, by address; pages without the value come last, whichever the order. */
export async function listPages(sql: Sql, asked: PagesAsked): Promise<Page<SitePage>> {
  await requireSite(sql, asked.siteId)
  const after = asked.cursor === undefined ? null : decodeCursor(asked.cursor, asked)
  const [column, type] = sortable[asked.sort]
  const [comes, way] = asked.order === 'asc' ? ['>', 'asc'] : ['<', 'desc']
  const { rows } = await sql.query<PageRow>(
    `select ${columns}, ${column}::text as position from page p
     where p.site_id = $1
       and ($2::text is null or case
         when $3::text is null then ${column} is null and p.url > $2
         else ${column} is null or ${column} ${comes} $3::${type} or (${column} = $3::${type} and p.url > $2)
       end)
       and ($4::integer is null or p.status >= $4 and p.status < $4 + 100)
       and (not $5::boolean or p.status is null)
       and ($6::boolean is null or p.indexable = $6)
       and ($7::text is null or p.not_indexable = $7)
       and ($8::text is null or p.template = $8)
       and ($9::boolean is null or p.in_sitemap = $9)
       and ($10::text is null or strpos(lower(p.url), lower($10)) > 0)
       and ($11::timestamptz is null or p.changed_at > $11)
       and ($12::timestamptz is null or p.seen_at >= $12)
     order by ${column} ${way} nulls last, p.url
     limit $13`,
    [
      asked.siteId,
      after?.url ?? null,
      after?.value ?? null,
      asked.status === undefined || asked.status === 'none' ? null : firstOfClass[asked.status],
      asked.status === 'none',
      asked.indexable ?? null,
      asked.notIndexable ?? null,
      asked.template ?? null,
      asked.inSitemap ?? null,
      asked.q ?? null,
      asked.changedSince ?? null,
      asked.seenSince ?? null,
      asked.limit + 1,
    ],
  )
  const shown = rows.slice(0, asked.limit)
  const last = shown.at(-1)
  return {
    data: shown.map(pageView),
    nextCursor: last && rows.length > asked.limit ? encodeCursor({ value: last.position, url: last.url }, asked) : null,
  }
}

const pageView = ({ position: _position, firstSeenAt, lastSeenAt, changedAt, ...same }: PageRow): SitePage => ({
  ...same,
  firstSeenAt: firstSeenAt?.toISOString() ?? null,
  lastSeenAt: lastSeenAt.toISOString(),
  changedAt: changedAt?.toISOString() ?? null,
})

interface Position {
  value: string | null
  url: string
}
type Order = Pick<PagesAsked, 'sort' | 'order'>

const Cursor = z.tuple([z.string(), z.string(), z.string().max(2_048).nullable(), z.string().max(2_048)])

const encodeCursor = ({ value, url }: Position, { sort, order }: Order): string =>
  Buffer.from(JSON.stringify([sort, order, value, url])).toString('base64url')

/** A cursor goes on in the order in which it was given out. */
function decodeCursor(cursor: string, { sort, order }: Order): Position {
  const parsed = Cursor.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')))
  const isOurs =
    parsed.success && parsed.data[0] === sort && parsed.data[1] === order && isValue(parsed.data[2], sortable[sort][1])
  if (!isOurs)
    throw new Refusal('malformed', 'The cursor is not one of this list in this order.', {
      issues: [{ path: 'cursor', message: 'Unknown cursor.' }],
    })
  return { value: parsed.data[2], url: parsed.data[3] }
}

/** What Postgres would not take for a value of this type is no cursor of ours. */
function isValue(value: string | null, type: (typeof sortable)[PageSort][1]): boolean {
  if (value === null || type === 'text') return true
  if (type === 'timestamptz')
    return (
      /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:?\d\d)?|Z)$/.test(value) &&
      !Number.isNaN(Date.parse(value.replace(/([+-]\d\d)$/, '$1:00')))
    )
  return type === 'integer' ? /^-?\d{1,9}$/.test(value) : /^-?\d{1,9}(\.\d{1,17})?(e-?\d{1,2})?$/.test(value)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
