import { z } from 'zod'
import { type LabMetric, labMetrics } from '../browser/page-facts.ts'
import { mannWhitneyP } from './proportions.ts'

export const LabFacts = z.object({
  url: z.string(),
  /** Of the last visit, and of the visits before it under the same conditions. */
  metrics: z.array(z.object({ metric: z.enum(labMetrics), now: z.array(z.number()), before: z.array(z.number()) })),
})
export type LabFacts = z.infer<typeof LabFacts>

export interface LabConfig {
  readonly minPercent: number
  readonly maxP: number
}

/** Fewer loads prove nothing, whatever they say: five against ten come out in order by chance once in 3,003. */
const nowMin = 5
const beforeMin = 10

/** Differences that nobody feels; 15 % of a page that is there at once is nothing. */
const least = { LCP: 200, TBT: 50, CLS: 0.02, FCP: 200, TTFB: 100 } as const satisfies Record<LabMetric, number>

export interface LabWeight {
  readonly metric: LabMetric
  readonly level: 'bad' | 'ok' | 'unknown'
  readonly now: number
  readonly before: number
  readonly p: number
}

/** The worst first. */
export function weighLab({ metrics }: LabFacts, { minPercent, maxP }: LabConfig): LabWeight[] {
  const weights = metrics.map(({ metric, now, before }): LabWeight => {
    const medians = { now: median(now), before: median(before) }
    if (now.length < nowMin || before.length < beforeMin) return { metric, level: 'unknown', ...medians, p: 1 }
    const p = mannWhitneyP(now, before)
    const isLarge = medians.now >= medians.before * (1 + minPercent / 100) && medians.now - medians.before >= least[metric]
    return { metric, level: isLarge && p < maxP ? 'bad' : 'ok', ...medians, p }
  })
  const rank = { bad: 0, unknown: 1, ok: 2 }
  return weights.sort((a, b) => rank[a.level] - rank[b.level] || labMetrics.indexOf(a.metric) - labMetrics.indexOf(b.metric))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
