import { type VitalBand, VitalMetric, vitalThresholds } from '@tocsin/contract/vitals'
import { z } from 'zod'
import { oneProportionZ } from './proportions.ts'

/** A day of what visitors measured, or a period of the Chrome UX Report. */
const Collection = z.object({
  at: z.string(),
  p75: z.number(),
  /** Null for the Chrome UX Report, which keeps its counts to itself; it has enough. */
  n: z.number().nullable(),
  /** The shares above both thresholds. */
  aboveGood: z.number(),
  abovePoor: z.number(),
})
export type Collection = z.infer<typeof Collection>

export const BandFacts = z.object({
  metric: VitalMetric,
  /** The last first. */
  collections: z.array(Collection),
  /** Open since it crossed: what it was before no longer matters. */
  isOpen: z.boolean(),
  /** Where it stood before it crossed: to be back there is enough. */
  usual: z.enum(['good', 'needs_improvement']),
})
export type BandFacts = z.infer<typeof BandFacts>

export interface BandConfig {
  readonly marginPercent: number
}

export interface BandWeight {
  readonly level: 'bad' | 'ok' | 'unknown'
  readonly band: VitalBand | null
}

/** Collections that decide, and those after which a new level needs no more proof that it is beyond the usual ups and downs. */
const decide = 2
const settled = 7

/** Poor before needs improvement; the first that holds. Ok when it holds for none, and is back below the better threshold by the margin. */
export function weighBand(facts: BandFacts, config: BandConfig): BandWeight {
  const last = facts.collections.slice(0, decide)
  if (last.length < decide) return { level: 'unknown', band: null }
  const margin = config.marginPercent / 100
  const { good, poor } = vitalThresholds[facts.metric]
  if (isBeyond(facts, poor, margin, 'abovePoor')) return { level: 'bad', band: 'poor' }
  if (facts.isOpen && facts.usual === 'needs_improvement')
    return { level: last.every(({ p75 }) => p75 <= poor * (1 - margin)) ? 'ok' : 'unknown', band: null }
  if (isBeyond(facts, good, margin, 'aboveGood')) return { level: 'bad', band: 'needs_improvement' }
  return { level: last.every(({ p75 }) => p75 <= good * (1 - margin)) || !facts.isOpen ? 'ok' : 'unknown', band: null }
}

/** Where it stood before the collections that decide. */
export function usualBand({ metric, collections }: Pick<BandFacts, 'metric' | 'collections'>): BandFacts['usual'] {
  const earlier = collections.slice(decide).map(({ p75 }) => p75)
  return median(earlier) > vitalThresholds[metric].good ? 'needs_improvement' : 'good'
}

function isBeyond(facts: BandFacts, threshold: number, margin: number, share: 'aboveGood' | 'abovePoor'): boolean {
  const { collections, isOpen } = facts
  const last = collections.slice(0, decide)
  if (!last.every(({ p75 }) => p75 >= threshold * (1 + margin))) return false
  if (isOpen) return true
  const earlier = collections.slice(decide)
  // It crosses only if it was on the other side: where a site stood on the first day is no news.
  if (earlier.filter(({ p75 }) => p75 <= threshold).length < decide) return false
  if (!isCertain(last, share)) return false
  const isSettled = collections.slice(0, settled).every(({ p75 }) => p75 >= threshold * (1 + margin))
  // Where a site lives beyond a threshold, seven days in a row are beyond it now and then, whatever side some other days were on.
  return (isSettled && livedBelow(collections.slice(settled), threshold)) || isUnusual(last, earlier)
}

const livedBelow = (before: readonly Collection[], threshold: number): boolean =>
  median(before.map(({ p75 }) => p75)) <= threshold

/** One in a hundred: more than a quarter are above the threshold, and not by the luck of few views. */
const certainZ = 2.33

function isCertain(last: readonly Collection[], share: 'aboveGood' | 'abovePoor'): boolean {
  const counted = last.flatMap((each) => (each.n === null ? [] : [{ count: each.n * each[share], n: each.n }]))
  if (counted.length < last.length) return true
  const n = counted.reduce((sum, each) => sum + each.n, 0)
  return oneProportionZ({ count: counted.reduce((sum, each) => sum + each.count, 0), n }, 0.25) >= certainZ
}

/** A site that lives at a threshold is above it every other day. Fewer days say nothing about what is usual. */
const usualMin = 4
const unusualDeviations = 4
/** Days differ by at least so much of their median, whatever a few of them say. */
const deviationMin = 0.02

function isUnusual(last: readonly Collection[], earlier: readonly Collection[]): boolean {
  if (earlier.length < usualMin || last.some(({ n }) => n === null)) return true
  const usual = median(earlier.map(({ p75 }) => p75))
  const deviation = 1.4826 * median(earlier.map(({ p75 }) => Math.abs(p75 - usual)))
  const mean = last.reduce((sum, { p75 }) => sum + p75, 0) / last.length
  return mean - usual > unusualDeviations * Math.max(deviation, usual * deviationMin)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
