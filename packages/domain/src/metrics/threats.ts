import { bounds, type MetricReader, readingsOf } from './reading.ts'

/** Those that were open when the window ended. None is also an answer, unless the site had not been scanned by then. */
export const openThreats: MetricReader = async (sql, { subjectIds, windows, filter }) => {
  const { rows } = await sql.query<{ id: string; number: number; value: number | null }>(
    `select s.id, w.number - 1 as number, case when s.baseline_at <= w."to" then (
       select count(*) from threat t
       where t.site_id = s.id and t.state in ('active', 'acknowledged', 'resolved')
         and t.first_seen_at <= w."to" and (t.resolved_at is null or t.resolved_at > w."to")
         and (cardinality($4::text[]) = 0 or t.type = any ($4)) and (cardinality($5::text[]) = 0 or t.severity = any ($5))
     ) end::float8 as value
     from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as w ("from", "to", number)
     cross join site s
     where s.id = any ($1)`,
    [subjectIds, ...bounds(windows), filter.types, filter.severities],
  )
  return readingsOf(rows, windows)
}
