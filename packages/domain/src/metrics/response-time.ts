import { bounds, type MetricReader } from './reading.ts'
import { type PartCounts, percentiles } from './vitals.ts'

/** Of fewer pages a percentile is the time of the one or two slowest. */
const pagesMin = 20

/** Of the complete scans that ended within the window, each page as often as it was fetched. */
export const responseTime: MetricReader = async (sql, { subjectIds, windows, condition }) => {
  const { rows } = await sql.query<PartCounts>(
    `with part as (
       select s.site_id, w.number, p.bucket, sum(p.count)::integer as count
       from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as w ("from", "to", number)
       join scan s on s.site_id = any ($1) and s.response_buckets is not null and s.finished_at >= w."from" and s.finished_at < w."to"
       cross join unnest(s.response_buckets, s.response_counts) as p (bucket, count)
       group by 1, 2, 3
     )
     select site_id as id, number - 1 as number, array_agg(bucket order by bucket) as buckets, array_agg(count order by bucket) as counts
     from part group by 1, 2`,
    [subjectIds, ...bounds(windows)],
  )
  return percentiles(rows, { metric: 'TTFB', windows, condition, countMin: pagesMin })
}
