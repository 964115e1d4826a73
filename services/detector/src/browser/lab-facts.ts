import { z } from 'zod'
import { Measured } from './page-facts.ts'

/** What a run is asked for, over its command line. */
export const LabOrder = z.strictObject({ url: z.string(), port: z.number(), userAgent: z.string() })
export type LabOrder = z.infer<typeof LabOrder>

/** What it answers. `unknown`: why nothing was measured, in Lighthouse's words. */
export const RunTold = z.union([z.strictObject({ measured: Measured }), z.strictObject({ unknown: z.string().max(200) })])
export type RunTold = z.infer<typeof RunTold>

const ms = z.number().min(0).max(3_600_000)

/** The one of its audits that has all figures, as far as we use them. */
const Metrics = z.object({
  largestContentfulPaint: ms,
  firstContentfulPaint: ms,
  cumulativeLayoutShift: z.number().min(0).max(1_000),
  timeToFirstByte: ms,
  totalBlockingTime: ms,
})
const Report = z.object({
  runtimeError: z.object({ code: z.string() }).optional(),
  audits: z.object({ metrics: z.object({ details: z.object({ items: z.tuple([Metrics]).rest(z.unknown()) }) }) }),
})

/** Reads a report of Lighthouse. A page with an error (an error status, nothing painted, too slow) has no figures, whatever else is in it. */
export function measuredOf(report: unknown): RunTold {
  const failed = Report.pick({ runtimeError: true }).safeParse(report)
  if (failed.data?.runtimeError) return { unknown: failed.data.runtimeError.code.slice(0, 200) }
  const parsed = Report.safeParse(report)
  if (!parsed.success) return { unknown: 'no metrics' }
  const [found] = parsed.data.audits.metrics.details.items
  return {
    measured: {
      LCP: found.largestContentfulPaint,
      FCP: found.firstContentfulPaint,
      CLS: found.cumulativeLayoutShift,
      TTFB: found.timeToFirstByte,
      TBT: found.totalBlockingTime,
    },
  }
}
