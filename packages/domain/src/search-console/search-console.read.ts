import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Day, Figures, Inspection } from './search-console.ts'

export interface SearchConsoleState {
  property: string
  finalThrough: Day | null
  hoursThrough: Date | null
}

/** Null: nothing was ever fetched. */
export async function searchConsoleState(sql: Sql, siteId: SiteId): Promise<SearchConsoleState | null> {
  const { rows } = await sql.query<SearchConsoleState>(
    `select property, to_char(final_through, 'YYYY-MM-DD') as "finalThrough", hours_through as "hoursThrough"
     from gsc_site where site_id = $1`,
    [siteId],
  )
  return rows[0] ?? null
}

export interface KnownDay extends Figures {
  day: Day
  detailed: boolean
  anomaly: string | null
  breaks: boolean
}

/** In order; a day that is not there is not known. */
export async function knownDays(sql: Sql, siteId: SiteId, from: Day): Promise<KnownDay[]> {
  const { rows } = await sql.query<KnownDay>(
    `select to_char(day, 'YYYY-MM-DD') as day, clicks, impressions, coalesce(position, 0) as position, detailed, anomaly, breaks
     from gsc_day where site_id = $1 and day >= $2 order by day`,
    [siteId, from],
  )
  return rows
}

export interface PairSeries {
  query: string
  page: string
  /** Days on which it was seen, in order. */
  days: (Figures & { day: Day })[]
}

/** Queries on pages that were seen often enough since `since`, the most seen first, and those that are asked for by hash in any case. */
export async function pairSeries(
  sql: Sql,
  siteId: SiteId,
  request: { from: Day; since: Day; through: Day; minImpressions: number; also: readonly string[]; limit: number },
): Promise<PairSeries[]> {
  const { rows } = await sql.query<PairSeries>(
    `with recent as (
       select pair, sum(impressions) as seen from gsc_row
       where site_id = $1 and day between $3 and $4 group by pair
       having sum(impressions) >= $5
       order by seen desc, pair limit $7
     ), wanted as (select pair, seen from recent union select also, 0 from unnest($6::text[]) as also where also not in (select pair from recent))
     select min(r.query) as query, min(r.page) as page,
       jsonb_agg(jsonb_build_object('day', to_char(r.day, 'YYYY-MM-DD'), 'clicks', r.clicks, 'impressions', r.impressions, 'position', r.position)
         order by r.day) as days
     from wanted w join gsc_row r on r.site_id = $1 and r.pair = w.pair and r.day between $2 and $4
     group by w.pair, w.seen order by w.seen desc, w.pair`,
    [siteId, request.from, request.since, request.through, request.minImpressions, request.also, request.limit],
  )
  return rows
}

/** Impressions of every kept query by week; the last week ends with `through`, and week 0 is the last. */
export async function queriesByWeek(
  sql: Sql,
  siteId: SiteId,
  request: { from: Day; through: Day; limit: number },
): Promise<{ query: string; week: number; impressions: number }[]> {
  const { rows } = await sql.query<{ query: string; week: number; impressions: number }>(
    `select query, ($3::date - day) / 7 as week, sum(impressions)::bigint as impressions from gsc_row
     where site_id = $1 and day between $2 and $3
     group by query, ($3::date - day) / 7
     order by impressions desc, query limit $4`,
    [siteId, request.from, request.through, request.limit],
  )
  return rows
}

/** Clicks from Google by page (its identity), in the last `days` final days. Empty without Search Console. */
export async function clicksByPage(sql: Sql, siteId: SiteId, days: number): Promise<Map<string, number>> {
  const { rows } = await sql.query<{ page: string; clicks: number }>(
    `select r.page, sum(r.clicks)::bigint as clicks from gsc_site s join gsc_row r on r.site_id = s.site_id
       and r.day > s.final_through - $2::integer and r.day <= s.final_through
     where s.site_id = $1 group by r.page`,
    [siteId, days],
  )
  return new Map(rows.map(({ page, clicks }) => [page, clicks]))
}

export interface HourSeries {
  query: string
  hours: (Figures & { hour: Date })[]
}

/** Queries seen often enough since `since`, and the named ones in any case. */
export async function hourSeries(
  sql: Sql,
  siteId: SiteId,
  request: { from: Date; since: Date; through: Date; minImpressions: number; also: readonly string[]; limit: number },
): Promise<HourSeries[]> {
  const { rows } = await sql.query<{ query: string; hours: (Figures & { hour: string })[] }>(
    `with recent as (
       select query_hash, sum(impressions) as seen from gsc_hour
       where site_id = $1 and hour >= $3 and hour < $4 group by query_hash
       having sum(impressions) >= $5 or min(query) = any ($6)
       order by seen desc, query_hash limit $7
     )
     select min(h.query) as query,
       jsonb_agg(jsonb_build_object('hour', h.hour, 'clicks', h.clicks, 'impressions', h.impressions, 'position', h.position)
         order by h.hour) as hours
     from recent join gsc_hour h on h.site_id = $1 and h.query_hash = recent.query_hash and h.hour >= $2 and h.hour < $4
     group by recent.query_hash, recent.seen order by recent.seen desc, recent.query_hash`,
    [siteId, request.from, request.since, request.through, request.minImpressions, request.also, request.limit],
  )
  return rows.map(({ query, hours }) => ({ query, hours: hours.map((each) => ({ ...each, hour: new Date(each.hour) })) }))
}

/** The final positions of some queries by day, over all their pages. */
export async function positionsByDay(
  sql: Sql,
  siteId: SiteId,
  request: { from: Day; through: Day; queries: readonly string[] },
): Promise<Map<string, number[]>> {
  const { rows } = await sql.query<{ query: string; positions: number[] }>(
    `select query, jsonb_agg(position order by day) as positions
     from (
       select query, day, sum(position * impressions) / sum(impressions) as position from gsc_row
       where site_id = $1 and day between $2 and $3 and query = any ($4) and impressions > 0 group by query, day
     ) daily
     group by query`,
    [siteId, request.from, request.through, request.queries],
  )
  return new Map(rows.map(({ query, positions }) => [query, positions]))
}

/** The latest inspections of each page, oldest first. */
export async function inspectionsByUrl(
  sql: Sql,
  siteId: SiteId,
  request: { since: Date; each: number },
): Promise<Map<string, Inspection[]>> {
  const { rows } = await sql.query<Inspection>(
    `select url, at, verdict, coverage, robots, indexing, page_fetch as "pageFetch", google_canonical as "googleCanonical",
       user_canonical as "userCanonical", crawled_at as "crawledAt"
     from (
       select *, row_number() over (partition by url order by at desc) as nth from url_inspection where site_id = $1 and at >= $2
     ) ranked
     where nth <= $3 order by url, at`,
    [siteId, request.since, request.each],
  )
  return Map.groupBy(rows, (row) => row.url)
}
