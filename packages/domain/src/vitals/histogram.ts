import { type VitalMetric, vitalThresholds } from '@tocsin/contract/vitals'
import { boundsOf, bucketOf } from './buckets.ts'

/** Counts by bucket, in the order of the buckets. Two of the same metric are merged by adding. */
export interface Histogram {
  readonly buckets: readonly number[]
  readonly counts: readonly number[]
}

export interface Figures {
  readonly n: number
  readonly p75: number | null
  readonly goodShare: number | null
  readonly poorShare: number | null
}

export function merged(histograms: Iterable<Histogram>): Histogram {
  // Days of every template are merged again and again: a flat array is several times faster than a map. The last bucket is the largest.
  const all = [...histograms]
  const sums = new Float64Array(all.reduce((size, { buckets }) => Math.max(size, (buckets.at(-1) ?? -1) + 1), 0))
  for (const { buckets, counts } of all)
    for (let index = 0; index < buckets.length; index += 1) {
      const bucket = buckets[index] ?? 0
      sums[bucket] = (sums[bucket] ?? 0) + (counts[index] ?? 0)
    }
  const buckets: number[] = []
  for (let bucket = 0; bucket < sums.length; bucket += 1) if (sums[bucket]) buckets.push(bucket)
  return { buckets, counts: buckets.map((bucket) => sums[bucket] ?? 0) }
}

export function histogramOf(countByBucket: ReadonlyMap<number, number>): Histogram {
  const pairs = [...countByBucket].sort(([a], [b]) => a - b)
  return { buckets: pairs.map(([bucket]) => bucket), counts: pairs.map(([, count]) => count) }
}

export function countOf({ counts }: Histogram): number {
  let n = 0
  for (const count of counts) n += count
  return n
}

/** Between the edges of a bucket its values are taken to be spread evenly. */
export function quantileOf(metric: VitalMetric, histogram: Histogram, share: number): number | null {
  const wanted = countOf(histogram) * share
  if (wanted === 0) return null
  let below = 0
  for (const [index, bucket] of histogram.buckets.entries()) {
    const count = histogram.counts[index] ?? 0
    if (below + count >= wanted) {
      const [from, to] = boundsOf(metric, bucket)
      return from + ((to - from) * (wanted - below)) / count
    }
    below += count
  }
  return null
}

export const p75Of = (metric: VitalMetric, histogram: Histogram): number | null => quantileOf(metric, histogram, 0.75)

/** How many are above a value: exactly at an edge, and else by the share of its bucket that lies above it. */
export function countAbove(metric: VitalMetric, histogram: Histogram, value: number): number {
  const at = bucketOf(metric, value)
  const [from, to] = boundsOf(metric, at)
  let above = 0
  const { buckets, counts } = histogram
  for (let index = buckets.length - 1; index >= 0; index -= 1) {
    const [bucket, count] = [buckets[index] ?? 0, counts[index] ?? 0]
    if (bucket < at) break
    if (bucket > at) above += count
    else if (bucket === at) above += (count * Math.max(0, to - value)) / (to - from)
  }
  return above
}

export function figuresOf(metric: VitalMetric, histogram: Histogram): Figures {
  const n = countOf(histogram)
  if (n === 0) return { n, p75: null, goodShare: null, poorShare: null }
  const { good, poor } = vitalThresholds[metric]
  return {
    n,
    p75: rounded(metric, p75Of(metric, histogram) ?? 0),
    goodShare: 1 - countAbove(metric, histogram, good) / n,
    poorShare: countAbove(metric, histogram, poor) / n,
  }
}

/** More digits than a histogram knows would be a pretence. */
export const rounded = (metric: VitalMetric, value: number): number =>
  metric === 'CLS' ? Math.round(value * 10_000) / 10_000 : Math.round(value)
