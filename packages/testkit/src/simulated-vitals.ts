import type { VitalMetric } from '@tocsin/contract/vitals'
import { bucketOf, bucketsOf } from '@tocsin/domain/vitals/buckets'
import type { Histogram } from '@tocsin/domain/vitals/histogram'
import { normal } from './random.ts'

const { exp } = Math

/** What visitors of an ordinary site measure: the logarithm is normal; many pages do not shift at all. */
const ordinary = {
  LCP: { median: 1_900, spread: 0.65 },
  INP: { median: 140, spread: 0.8 },
  CLS: { median: 0.05, spread: 1.1 },
  FCP: { median: 1_300, spread: 0.6 },
  TTFB: { median: 500, spread: 0.8 },
} as const satisfies Record<VitalMetric, { median: number; spread: number }>
const stillShare = 0.4

/** How much slower a day is, in the logarithm: on week-ends there are more phones and worse networks. */
export const weekend = (day: number): number => (day % 7 >= 5 ? 0.04 : 0)

/** Page views of one time; `shift` moves the logarithm: 0.262 is 30 % slower. */
export function views(random: () => number, metric: VitalMetric, count: number, shift: number): Histogram {
  const { median, spread } = ordinary[metric]
  const counts = new Uint32Array(bucketsOf(metric))
  for (let n = 0; n < count; n += 1) {
    const moved = median * exp(shift + spread * normal(random))
    const bucket = bucketOf(metric, metric === 'CLS' && random() < stillShare ? 0 : moved)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  const buckets = [...counts.keys()].filter((bucket) => counts[bucket])
  return { buckets, counts: buckets.map((bucket) => counts[bucket] ?? 0) }
}
