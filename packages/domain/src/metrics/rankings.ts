import type { SiteId } from '@tocsin/contract/ids'
import { trackedKeywords } from '../keywords/keywords.ts'
import { keywordWeights, visibilityDays } from '../rankings/visibility.read.ts'
import { bounds, type MetricReader, readingsOf, spanOf, type Window } from './reading.ts'

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** The site's own, as the mean of the days that the window touches and on which anything was measured. */
export const visibility: MetricReader = async (sql, { subjectIds, windows }) => {
  const readings = new Map<string, (number | null)[]>()
  const { from, to } = spanOf(windows)
  for (const siteId of subjectIds as readonly SiteId[]) {
    const weights = keywordWeights(await trackedKeywords(sql, siteId))
    if (weights.size === 0) continue
    const days = (await visibilityDays(sql, { siteId, weights, from: dayOf(from), to: dayOf(to) })).filter(
      ({ party }) => party === '',
    )
    readings.set(
      siteId,
      windows.map((window) => mean(days.filter(({ day }) => touches(window, day)).map((each) => each.visibility))),
    )
  }
  return readings
}

/** A window that ends at midnight does not reach into the day that begins there. */
const touches = ({ from, to }: Window, day: string): boolean => day >= dayOf(from) && day <= dayOf(new Date(to.getTime() - 1))
const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** Days on which it was not among the results that were looked at have no position: they say nothing here. */
export const keywordPosition: MetricReader = async (sql, { subjectIds, windows }) => {
  const { rows } = await sql.query<{ id: string; number: number; value: number | null }>(
    `select r.keyword_id as id, w.number - 1 as number, percentile_cont(0.5) within group (order by r.position::float8) as value
     from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as w ("from", "to", number)
     join ranking_day r on r.keyword_id = any ($1) and r.party = '' and r.position is not null
       and r.day >= (w."from" at time zone 'UTC')::date and r.day <= ((w."to" - interval '1 millisecond') at time zone 'UTC')::date
     group by 1, 2`,
    [subjectIds, ...bounds(windows)],
  )
  return readingsOf(rows, windows)
}
