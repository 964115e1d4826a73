import type { CompetitorId, KeywordId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Party } from './visibility.read.ts'

/** A day of a party on a keyword; a position of null is mostly absent. */
export interface RankedDay {
  day: string
  position: number | null
  depth: number
}

export interface PartyDays {
  keywordId: KeywordId
  party: Party
  /** Oldest first. */
  days: RankedDay[]
}

/** Days from `from` (a date, UTC) on, of every party on every keyword. */
export async function rankedDays(sql: Sql, input: { siteId: SiteId; from: string }): Promise<PartyDays[]> {
  const { rows } = await sql.query<PartyDays>(
    `select keyword_id as "keywordId", party,
       jsonb_agg(jsonb_build_object('day', day, 'position', position, 'depth', depth) order by day) as days
     from ranking_day where site_id = $1 and day >= $2 group by keyword_id, party`,
    [input.siteId, input.from],
  )
  return rows
}

export interface GoodFetch {
  keywordId: KeywordId
  at: Date
  complete: boolean | null
  position: number | null
  depth: number
  url: string | null
  rivals: { id: CompetitorId; position: number | null; depth: number }[]
}

/** Of each keyword the newest good measurements since a time, newest first: neither of a partial list, nor failed. */
export async function goodFetches(sql: Sql, input: { siteId: SiteId; since: Date; perKeyword: number }): Promise<GoodFetch[]> {
  const { rows } = await sql.query<GoodFetch>(
    `select keyword.id as "keywordId", newest.* from keyword cross join lateral (
       select checked_at as at, complete, position, depth, url, rivals from ranking
       where keyword_id = keyword.id and checked_at >= $2 and complete is distinct from false and missing is distinct from 'failed'
       order by checked_at desc limit $3
     ) newest
     where keyword.site_id = $1`,
    [input.siteId, input.since, input.perKeyword],
  )
  return rows
}

export interface CompetitorPage {
  url: string
  competitorId: CompetitorId
  firstSeenOn: string
  keywords: { keywordId: KeywordId; firstSeenOn: string; lastSeenOn: string; daysBefore: number }[]
}

/** Pages of competitors that nobody had seen before `from`, with the days on which each keyword had been measured before them. */
export async function newPages(sql: Sql, input: { siteId: SiteId; from: string; limit: number }): Promise<CompetitorPage[]> {
  const { rows } = await sql.query<CompetitorPage>(
    `with fresh as (
       select url, competitor_id, min(first_seen_on) as first_seen_on from competitor_page
       where site_id = $1 and url in (select url from competitor_page where site_id = $1 and first_seen_on >= $2)
       group by url, competitor_id having min(first_seen_on) >= $2
       order by count(*) desc, url limit $3
     )
     select fresh.url, fresh.competitor_id as "competitorId", fresh.first_seen_on::text as "firstSeenOn",
       jsonb_agg(jsonb_build_object('keywordId', page.keyword_id, 'firstSeenOn', page.first_seen_on, 'lastSeenOn', page.last_seen_on,
         'daysBefore', (select count(*) from ranking_day
            where keyword_id = page.keyword_id and party = page.competitor_id and day < page.first_seen_on))
         order by page.keyword_id) as keywords
     from fresh join competitor_page page on page.site_id = $1 and page.url = fresh.url
     group by fresh.url, fresh.competitor_id, fresh.first_seen_on order by fresh.url`,
    [input.siteId, input.from, input.limit],
  )
  return rows
}
