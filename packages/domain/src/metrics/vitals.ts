import type { VitalMetric } from '@tocsin/contract/vitals'
import { countOf, type Histogram, quantileOf } from '../vitals/histogram.ts'
import { bounds, type MetricReader, type ReadingInput, type Readings, readingsOf } from './reading.ts'

/** Of fewer visitors a percentile says more about them than about the site. */
const visitorsMin = 20
const usualPercentile = 75

/** Over all templates and devices of the site, in whole hours that lie within the window. */
export const vital =
  (metric: VitalMetric): MetricReader =>
  async (sql, { subjectIds, windows, condition }) => {
    const { rows } = await sql.query<PartCounts>(
      `with part as (
         select v.site_id, w.number, p.bucket, sum(p.count)::integer as count
         from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as w ("from", "to", number)
         join vital_hour v on v.site_id = any ($1) and v.metric = $4 and v.hour >= w."from" and v.hour < w."to"
         cross join unnest(v.buckets, v.counts) as p (bucket, count)
         group by 1, 2, 3
       )
       select site_id as id, number - 1 as number, array_agg(bucket order by bucket) as buckets, array_agg(count order by bucket) as counts
       from part group by 1, 2`,
      [subjectIds, ...bounds(windows), metric],
    )
    return percentiles(rows, { metric, windows, condition, countMin: visitorsMin })
  }

/** What was measured of one subject in one window. */
export type PartCounts = Histogram & { readonly id: string; readonly number: number }

interface PercentilesInput extends Pick<ReadingInput, 'windows' | 'condition'> {
  /** Whose buckets they are. */
  readonly metric: VitalMetric
  /** Of fewer nothing is said. */
  readonly countMin: number
}

export function percentiles(parts: readonly PartCounts[], { metric, windows, condition, countMin }: PercentilesInput): Readings {
  const share = (condition.percentile ?? usualPercentile) / 100
  const cells = parts.map(({ id, number, ...histogram }) => ({
    id,
    number,
    value: countOf(histogram) < countMin ? null : quantileOf(metric, histogram, share),
  }))
  return readingsOf(cells, windows)
}
