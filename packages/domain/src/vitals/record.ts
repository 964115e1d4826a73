import type { SiteId } from '@tocsin/contract/ids'
import type { FormFactor, VitalMetric } from '@tocsin/contract/vitals'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { storableJson } from '../storable-json.ts'
import type { Histogram } from './histogram.ts'

/** What was measured in one hour of one metric, form factor and template. */
export interface VitalCell {
  readonly siteId: SiteId
  readonly hour: Date
  readonly metric: VitalMetric
  readonly form: FormFactor
  readonly template: string
  readonly histogram: Histogram
}

/** Adds to what is there, so that several processes may record the same hour. The sites in `judge` are judged soon. */
export async function recordVitals(
  change: Change,
  { cells, judge }: { cells: readonly VitalCell[]; judge: readonly SiteId[] },
): Promise<void> {
  const there = await keepSites(change, [...cells.map(({ siteId }) => siteId), ...judge])
  const known = cells.filter(({ siteId }) => there.has(siteId))
  const rows = storableJson(known.map(rowOf).sort((a, b) => (a.key < b.key ? -1 : 1)))
  await change.tx.query(addTo('vital_hour', 'hour', 'timestamptz'), [change.orgId, rows])
  await change.tx.query(addTo('vital_day', 'day', 'date'), [change.orgId, rows])
  for (const siteId of judge.filter((each) => there.has(each)).sort()) await judgeDataSoon(change, siteId)
}

/** A site may have been deleted since it was measured; the others stay until this is written. */
async function keepSites(change: Change, siteIds: readonly SiteId[]): Promise<ReadonlySet<SiteId>> {
  const { rows } = await change.tx.query<{ id: SiteId }>('select id from site where id = any ($1) order by id for key share', [
    [...new Set(siteIds)],
  ])
  return new Set(rows.map(({ id }) => id))
}

/** In one order everywhere: two that add to the same rows never wait for each other. */
const rowOf = ({ siteId, hour, metric, form, template, histogram }: VitalCell) => ({
  key: `${siteId} ${hour.toISOString()} ${metric} ${form} ${template}`,
  site_id: siteId,
  hour: hour.toISOString(),
  day: hour.toISOString().slice(0, 10),
  metric,
  form,
  template,
  buckets: histogram.buckets,
  counts: histogram.counts,
})

/** Rows of one statement that are the same to the table (hours of one day) are added first: no row may be written twice by one insert. */
const addTo = (table: 'vital_hour' | 'vital_day', time: 'hour' | 'day', type: 'timestamptz' | 'date') => `
  with new as (
    select site_id, ${time}, metric, form, template, bucket, sum(count)::integer as count
    from jsonb_to_recordset($2) as cell (site_id text, ${time} ${type}, metric text, form text, template text, buckets smallint[], counts integer[]),
      unnest(cell.buckets, cell.counts) as part (bucket, count)
    group by 1, 2, 3, 4, 5, 6
  ), cells as (
    select site_id, ${time}, metric, form, template, array_agg(bucket order by bucket) as buckets,
      array_agg(count order by bucket) as counts, sum(count)::integer as n
    from new group by 1, 2, 3, 4, 5
  )
  insert into ${table} (org_id, site_id, ${time}, metric, form, template, buckets, counts, n)
  select $1, site_id, ${time}, metric, form, template, buckets, counts, n from cells
  order by site_id, ${time}, metric, form, template
  on conflict (site_id, ${time}, metric, form, template) do update set n = ${table}.n + excluded.n, (buckets, counts) = (
    select array_agg(summed.bucket order by summed.bucket), array_agg(summed.count order by summed.bucket) from (
      select bucket, sum(count)::integer as count from (
        select * from unnest(${table}.buckets, ${table}.counts) as old (bucket, count)
        union all select * from unnest(excluded.buckets, excluded.counts) as more (bucket, count)
      ) parts group by bucket
    ) summed
  )`
