import type { FormFactor, VitalMetric } from '@tocsin/contract/vitals'
import type { CruxRecord } from '@tocsin/domain/vitals/crux.read'
import { z } from 'zod'

const names = {
  largest_contentful_paint: 'LCP',
  interaction_to_next_paint: 'INP',
  cumulative_layout_shift: 'CLS',
  first_contentful_paint: 'FCP',
  experimental_time_to_first_byte: 'TTFB',
} as const satisfies Record<string, VitalMetric>
type Name = keyof typeof names

/** Layout shift comes as a string, and a missing one of a series as null or "NaN". */
const Figure = z.union([z.number(), z.string(), z.null()]).transform((value) => {
  const number = value === null || value === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) && number >= 0 ? number : null
})
const Day = z
  .object({ year: z.number().int(), month: z.number().int().min(1).max(12), day: z.number().int().min(1).max(31) })
  .transform(({ year, month, day }) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
  .pipe(z.iso.date())
const Period = z.object({ firstDate: Day, lastDate: Day })

/** A bin without visits has no density. */
const Metric = z.object({
  histogram: z.array(z.object({ density: Figure.optional() })).optional(),
  percentiles: z.object({ p75: Figure }),
})
const MetricSeries = z.object({
  histogramTimeseries: z.array(z.object({ densities: z.array(Figure) })).optional(),
  percentilesTimeseries: z.object({ p75s: z.array(Figure) }),
})

const metricsOf = <Of extends z.ZodType>(metric: Of) =>
  z.record(z.string(), z.unknown()).transform((metrics) =>
    Object.entries(names).flatMap(([name, is]) => {
      // A metric that is missing or has another shape is unknown; the others still stand.
      const parsed = metric.safeParse(metrics[name as Name])
      return parsed.success ? [{ metric: is, figures: parsed.data }] : []
    }),
  )

const RecordAnswer = z.object({ record: z.object({ metrics: metricsOf(Metric), collectionPeriod: Period }) })
const HistoryAnswer = z.object({
  record: z.object({ metrics: metricsOf(MetricSeries), collectionPeriods: z.array(Period).max(60) }),
})

export interface Asked {
  readonly target: string
  readonly form: FormFactor
}

/** Null: not a record as it is documented. */
export function recordsOf({ target, form }: Asked, body: unknown): CruxRecord[] | null {
  const parsed = RecordAnswer.safeParse(body)
  if (!parsed.success) return null
  const { metrics, collectionPeriod } = parsed.data.record
  return metrics.flatMap(({ metric, figures }) => {
    const { p75 } = figures.percentiles
    const densities = (figures.histogram ?? []).map(({ density }) => density ?? 0)
    return p75 === null ? [] : [{ target, form, metric, ...daysOf(collectionPeriod), p75, ...sharesOf(densities) }]
  })
}

export function historyOf({ target, form }: Asked, body: unknown): CruxRecord[] | null {
  const parsed = HistoryAnswer.safeParse(body)
  if (!parsed.success) return null
  const { metrics, collectionPeriods } = parsed.data.record
  return metrics.flatMap(({ metric, figures }) =>
    collectionPeriods.flatMap((period, index) => {
      const p75 = figures.percentilesTimeseries.p75s[index] ?? null
      const densities = (figures.histogramTimeseries ?? []).map((bin) => bin.densities[index] ?? 0)
      return p75 === null ? [] : [{ target, form, metric, ...daysOf(period), p75, ...sharesOf(densities) }]
    }),
  )
}

const daysOf = ({ firstDate, lastDate }: z.infer<typeof Period>) => ({ firstDay: firstDate, lastDay: lastDate })

/** Good, needs improvement, poor: three bins, or there are no shares. They add up to one, give or take their rounding. */
function sharesOf(densities: readonly number[]): Pick<CruxRecord, 'goodShare' | 'poorShare'> {
  const [good, middle, poor] = densities
  const none = { goodShare: null, poorShare: null }
  if (densities.length !== 3 || good === undefined || middle === undefined || poor === undefined) return none
  return Math.abs(good + middle + poor - 1) < 0.02 ? { goodShare: Math.min(1, good), poorShare: Math.min(1, poor) } : none
}
