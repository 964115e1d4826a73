import type { VisibilityHistory } from '@tocsin/contract/api/benchmark'
import type { CompetitorId, KeywordId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { trackedKeywords } from '../keywords/keywords.ts'
import { requireSite } from '../sites/sites.ts'
import { clickShares } from './click-share.ts'

/** A keyword that is measured every other day, or misses one, stands where it last stood; later nobody knows. */
export const carriedDays = 3

/** '' is the site itself. */
export type Party = CompetitorId | ''

export interface VisibilityDay {
  day: string
  party: Party
  /** Σ searches × click share. */
  visibility: number
  /** Keywords with a measurement, found or absent. */
  measured: number
}

/**
 * What a keyword weighs: its monthly searches; without, as much as the median of the others; one, if nobody knows any. So a keyword that
 * lacks the number neither vanishes nor decides.
 */
export function keywordWeights(keywords: readonly { id: KeywordId; monthlySearches: number | null }[]): Map<KeywordId, number> {
  const known = keywords.flatMap(({ monthlySearches }) => monthlySearches ?? []).toSorted((a, b) => a - b)
  const usual = known[Math.floor(known.length / 2)] ?? 1
  return new Map(keywords.map(({ id, monthlySearches }) => [id, monthlySearches ?? usual]))
}

/** Day by day from `from` to `to` (dates, UTC), for every party that was measured. */
export async function visibilityDays(
  sql: Sql,
  input: { siteId: SiteId; weights: ReadonlyMap<KeywordId, number>; from: string; to: string },
): Promise<VisibilityDay[]> {
  const { rows } = await sql.query<VisibilityDay>(
    `with stood as (
       select keyword_id, party, position, day,
         least($4::date, day + $5::integer - 1, coalesce(lead(day) over (partition by keyword_id, party order by day) - 1, $4::date)) as until
       from ranking_day where site_id = $1 and day between $3::date - $5::integer and $4::date
     )
     select each.day::date::text as day, party, count(*) as measured,
       sum(weighed.weight * coalesce(($6::float8[])[round(position::numeric)::integer], 0)) as visibility
     from stood
     join unnest($2::text[], $7::float8[]) as weighed (id, weight) on weighed.id = stood.keyword_id
     cross join lateral generate_series(greatest(stood.day, $3::date)::timestamp, stood.until::timestamp, interval '1 day') as each (day)
     group by each.day, party order by each.day, party`,
    [input.siteId, [...input.weights.keys()], input.from, input.to, carriedDays, clickShares, [...input.weights.values()]],
  )
  return rows
}

export async function visibilityHistory(
  sql: Sql,
  input: { siteId: SiteId; now: Date; days: number },
): Promise<VisibilityHistory> {
  await requireSite(sql, input.siteId)
  const weights = keywordWeights(await trackedKeywords(sql, input.siteId))
  const rows = await visibilityDays(sql, {
    siteId: input.siteId,
    weights,
    from: dayBefore(input.now, input.days - 1),
    to: dayBefore(input.now, 0),
  })
  const days = [...Map.groupBy(rows, (row) => row.day)].map(([day, parties]) => ({
    day,
    parties: parties.map(({ party, visibility }) => ({ competitorId: party === '' ? null : party, visibility })),
  }))
  return { days }
}

const dayMs = 86_400_000
/** The date (UTC) so many days before. */
export const dayBefore = (now: Date, days: number): string => new Date(now.getTime() - days * dayMs).toISOString().slice(0, 10)
