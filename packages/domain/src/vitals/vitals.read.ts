import type { CruxFigures, VitalSeries, VitalsReport } from '@tocsin/contract/api/vitals'
import type { SiteId } from '@tocsin/contract/ids'
import { type FormFactor, type VitalMetric, vitalBand, vitalMetrics } from '@tocsin/contract/vitals'
import type { Sql } from '@tocsin/db/transaction'
import { requireSite } from '../sites/sites.ts'
import { latestCrux } from './crux.read.ts'
import { figuresOf, type Histogram, merged } from './histogram.ts'

const dayMs = 86_400_000
const templatesShown = 100

export interface VitalsQuery {
  days: number
  metric?: VitalMetric | undefined
  form?: FormFactor | undefined
  template?: string | undefined
  by: 'site' | 'form' | 'template'
}

interface DayRow {
  day: string
  metric: VitalMetric
  form: FormFactor | null
  template: string | null
  buckets: number[]
  counts: number[]
}

export async function getVitals(sql: Sql, input: { siteId: SiteId; query: VitalsQuery; now: Date }): Promise<VitalsReport> {
  const { siteId, query } = input
  await requireSite(sql, siteId)
  const to = dayOf(input.now)
  const from = dayOf(new Date(input.now.getTime() - (query.days - 1) * dayMs))
  const templates = await templatesIn(sql, siteId, from)
  const rows = await dayRows(sql, siteId, from, query, templates)
  return { from, to, data: seriesOf(rows), templates, crux: await cruxOf(sql, siteId, query) }
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10)

/** The templates that a site has measured, most page views first. */
async function templatesIn(sql: Sql, siteId: SiteId, from: string): Promise<{ template: string; n: number }[]> {
  const { rows } = await sql.query<{ template: string; n: number }>(
    `select template, max(n) as n from (
       select template, metric, sum(n) as n from vital_day where site_id = $1 and day >= $2::date group by 1, 2
     ) measured group by 1 order by 2 desc, 1 limit $3`,
    [siteId, from, templatesShown],
  )
  return rows
}

/** One row a day and series: the database adds, so that a year of a large site is a few thousand rows. */
async function dayRows(
  sql: Sql,
  siteId: SiteId,
  from: string,
  query: VitalsQuery,
  shown: readonly { template: string }[],
): Promise<DayRow[]> {
  const template = query.template === undefined && query.by === 'template' ? shown.map((each) => each.template) : query.template
  const { rows } = await sql.query<DayRow>(
    `with parts as (
       select to_char(day, 'YYYY-MM-DD') as day, metric, case when $6 then form end as form, case when $7 then template end as template,
         bucket, sum(count)::integer as count
       from vital_day, unnest(buckets, counts) as part (bucket, count)
       where site_id = $1 and day >= $2::date and ($3::text is null or metric = $3) and ($4::text is null or form = $4)
         and ($5::text[] is null or template = any ($5))
       group by 1, 2, 3, 4, 5
     )
     select day, metric, form, template, array_agg(bucket order by bucket) as buckets, array_agg(count order by bucket) as counts
     from parts group by 1, 2, 3, 4 order by 1`,
    [
      siteId,
      from,
      query.metric ?? null,
      query.form ?? null,
      template === undefined ? null : [template].flat(),
      query.by === 'form' || query.form !== undefined,
      query.by === 'template' || query.template !== undefined,
    ],
  )
  return rows
}

function seriesOf(rows: readonly DayRow[]): VitalSeries[] {
  const groups = Map.groupBy(rows, ({ metric, form, template }) => JSON.stringify([metric, form, template]))
  const series = [...groups.values()].flatMap((days) => {
    const [first] = days
    return first ? [oneSeries(first, days)] : []
  })
  return series.sort((a, b) => vitalMetrics.indexOf(a.metric) - vitalMetrics.indexOf(b.metric) || b.n - a.n)
}

function oneSeries({ metric, form, template }: DayRow, rows: readonly DayRow[]): VitalSeries {
  const days = rows.map((row) => ({ day: row.day, histogram: { buckets: row.buckets, counts: row.counts } }))
  const figures = figuresOf(metric, merged(days.map(({ histogram }) => histogram)))
  return {
    metric,
    form,
    template,
    ...figures,
    band: figures.p75 === null ? null : vitalBand(metric, figures.p75),
    days: days.map(({ day, histogram }) => ({ day, ...figuresOf(metric, histogram) })),
  }
}

async function cruxOf(sql: Sql, siteId: SiteId, { metric, form }: VitalsQuery): Promise<CruxFigures[]> {
  const records = await latestCrux(sql, siteId)
  return records
    .filter((record) => (metric ?? record.metric) === record.metric && (form ?? record.form) === record.form)
    .map(({ firstDay, lastDay, ...record }) => ({
      ...record,
      from: firstDay,
      to: lastDay,
      band: vitalBand(record.metric, record.p75),
    }))
}

/** Templates that rules judge of a site: those with the most page views. The others are too thin to say much about. */
const templatesJudged = 20

/** One step of time of one metric, form factor and template. */
export interface VitalStep {
  /** Which: the last is 0, the one before it 1, and so on. */
  readonly ago: number
  readonly form: FormFactor
  readonly template: string
  readonly histogram: Histogram
}

/** The templates to judge, of what was measured between two moments. */
export async function templatesToJudge(sql: Sql, input: { siteId: SiteId; from: Date; until: Date }): Promise<string[]> {
  const { rows } = await sql.query<{ template: string }>(
    `select template from vital_hour where site_id = $1 and hour >= $2 and hour < $3 and template <> $5
     group by 1 order by sum(n) desc, 1 limit $4`,
    [input.siteId, input.from, input.until, templatesJudged, otherTemplate],
  )
  return rows.map(({ template }) => template)
}

export interface StepsQuery {
  siteId: SiteId
  metric: VitalMetric
  templates: readonly string[]
  from: Date
  until: Date
}

/** Hours, added up in steps of 24 that end at `until`: the last step is the last 24 hours, whenever it is asked. */
export async function vitalSteps(sql: Sql, input: StepsQuery): Promise<VitalStep[]> {
  const { rows } = await sql.query<StepRow>(
    `with parts as (
       select floor(extract(epoch from $5::timestamptz - interval '1 hour' - hour) / 86400)::integer as ago, form, template, bucket,
         sum(count)::integer as count
       from vital_hour, unnest(buckets, counts) as part (bucket, count)
       where site_id = $1 and metric = $2 and template = any ($3) and hour >= $4 and hour < $5
       group by 1, 2, 3, 4
     )
     select ago, form, template, array_agg(bucket order by bucket) as buckets, array_agg(count order by bucket) as counts
     from parts group by 1, 2, 3 order by 1`,
    [input.siteId, input.metric, input.templates, input.from, input.until],
  )
  return rows.map(stepOf)
}

/** Whole days (UTC) that have ended by `until`. */
export async function vitalDays(sql: Sql, input: StepsQuery): Promise<VitalStep[]> {
  const { rows } = await sql.query<StepRow>(
    `select ($5::timestamptz at time zone 'UTC')::date - day - 1 as ago, form, template, buckets, counts from vital_day
     where site_id = $1 and metric = $2 and template = any ($3)
       and day >= ($4::timestamptz at time zone 'UTC')::date and day < ($5::timestamptz at time zone 'UTC')::date
     order by day desc`,
    [input.siteId, input.metric, input.templates, input.from, input.until],
  )
  return rows.map(stepOf)
}

type StepRow = Omit<VitalStep, 'histogram'> & Histogram
const stepOf = ({ buckets, counts, ...row }: StepRow): VitalStep => ({ ...row, histogram: { buckets, counts } })

/** Where paths are counted that came when a site had as many templates as it may have. */
export const otherTemplate = '{other}'

/** The patterns of paths that a site has reported lately. */
export async function knownTemplates(sql: Sql, input: { siteId: SiteId; from: Date; limit: number }): Promise<string[]> {
  const { rows } = await sql.query<{ template: string }>(
    'select distinct template from vital_day where site_id = $1 and day >= $2::date limit $3',
    [input.siteId, dayOf(input.from), input.limit],
  )
  return rows.map(({ template }) => template)
}
