import { bounds, type MetricReader, readingsOf } from './reading.ts'

/** The score holds until it changes; before the first one nothing is known. */
export const healthScore: MetricReader = async (sql, { subjectIds, windows }) => {
  const { rows } = await sql.query<{ id: string; number: number; value: number | null }>(
    `select s.id, w.number - 1 as number, score.value
     from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as w ("from", "to", number)
     cross join unnest($1::text[]) as s (id)
     cross join lateral (
       select sum(p.score * extract(epoch from p.ends - p.begins))::float8 / nullif(sum(extract(epoch from p.ends - p.begins)), 0)::float8 as value
       from (
         select c.score, greatest(c.hour, w."from") as begins, coalesce(lead(c.hour) over (order by c.hour), w."to") as ends
         from site_score c
         where c.site_id = s.id and c.hour < w."to"
           and c.hour >= coalesce((select max(b.hour) from site_score b where b.site_id = s.id and b.hour <= w."from"), w."from")
       ) p
     ) score`,
    [subjectIds, ...bounds(windows)],
  )
  return readingsOf(rows, windows)
}
