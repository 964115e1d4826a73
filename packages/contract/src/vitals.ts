import { z } from 'zod'

export const VitalMetric = z.enum(['LCP', 'INP', 'CLS', 'FCP', 'TTFB']).meta({ id: 'VitalMetric' })
export type VitalMetric = z.infer<typeof VitalMetric>
export const vitalMetrics = VitalMetric.options

export const FormFactor = z.enum(['phone', 'tablet', 'desktop']).meta({ id: 'FormFactor' })
export type FormFactor = z.infer<typeof FormFactor>

export const VitalBand = z.enum(['good', 'needs_improvement', 'poor']).meta({ id: 'VitalBand' })
export type VitalBand = z.infer<typeof VitalBand>

/** At the 75th percentile: good up to and with the first, poor above the second. Milliseconds; CLS is a score without a unit. */
export const vitalThresholds = {
  LCP: { good: 2500, poor: 4000 },
  INP: { good: 200, poor: 500 },
  CLS: { good: 0.1, poor: 0.25 },
  FCP: { good: 1800, poor: 3000 },
  TTFB: { good: 800, poor: 1800 },
} as const satisfies Record<VitalMetric, { good: number; poor: number }>

export function vitalBand(metric: VitalMetric, p75: number): VitalBand {
  const { good, poor } = vitalThresholds[metric]
  if (p75 <= good) return 'good'
  return p75 <= poor ? 'needs_improvement' : 'poor'
}

/** Public, in every page of a site: it says which site, and opens nothing. */
export const BeaconKey = z
  .string()
  .regex(/^tcp_[0-9a-z]{32}$/, 'Must be a beacon key, which starts with "tcp_".')
  .meta({ example: 'tcp_0123456789abcdefghjkmnpqrstvwxyz' })

/** A tab that was asleep can say that a paint took an hour; nothing believable is above it. */
const valueMax = { LCP: 3_600_000, INP: 3_600_000, CLS: 1_000, FCP: 3_600_000, TTFB: 3_600_000 } as const

export const VitalEntry = z
  .strictObject({
    metric: VitalMetric,
    value: z.number().nonnegative(),
    path: z
      .string()
      .max(2048)
      .regex(/^\/[^?#]*$/, 'Must be a path without a query.')
      .meta({ example: '/products/red-shoe' }),
    navigation: z.enum(['navigate', 'reload', 'back-forward', 'back-forward-cache', 'prerender', 'restore']).default('navigate'),
  })
  .refine(({ metric, value }) => value <= valueMax[metric], {
    path: ['value'],
    message: 'Is beyond anything that can be measured.',
  })
  .meta({ id: 'VitalEntry' })
export type VitalEntry = z.infer<typeof VitalEntry>

/** What a page sends when it is left. Nothing in it says who looked at it. */
export const VitalsPost = z
  .strictObject({
    key: BeaconKey,
    form: FormFactor,
    entries: z.array(VitalEntry).min(1).max(20),
  })
  .meta({ id: 'VitalsPost' })
export type VitalsPost = z.infer<typeof VitalsPost>
