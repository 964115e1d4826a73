import { type VitalMetric, vitalThresholds } from '@tocsin/contract/vitals'

/**
 * Values become counts of fixed buckets, so that what several processes, hours or templates have measured can simply be added. Bucket k
 * holds what is above edge k−1 and up to edge k. The edges grow by just under 2 % each, so that a value told from a bucket is less than
 * 1 % off, and both thresholds are edges: "good" and "poor" are counted exactly.
 */
const growthMax = 1.02
/** Edges below the first threshold (down to a 16th of it) and above the second (up to 16 times it); beyond is beyond. */
const stepsBelow = 140
const stepsAbove = 140

const edges: Readonly<Record<VitalMetric, readonly number[]>> = {
  LCP: edgesOf('LCP'),
  INP: edgesOf('INP'),
  CLS: edgesOf('CLS'),
  FCP: edgesOf('FCP'),
  TTFB: edgesOf('TTFB'),
}

function edgesOf(metric: VitalMetric): number[] {
  const { good, poor } = vitalThresholds[metric]
  const between = Math.ceil(Math.log(poor / good) / Math.log(growthMax))
  const growth = (poor / good) ** (1 / between)
  return Array.from({ length: stepsBelow + between + stepsAbove + 1 }, (_, index) => {
    const step = index - stepsBelow
    // A power of a root is not exact, and these two must be.
    if (step === 0) return good
    return step === between ? poor : good * growth ** step
  })
}

/** The last one, one more than there are edges, holds what is above all of them. */
export const bucketsOf = (metric: VitalMetric): number => edges[metric].length + 1

export function bucketOf(metric: VitalMetric, value: number): number {
  const list = edges[metric]
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= (list[middle] ?? Number.POSITIVE_INFINITY)) high = middle
    else low = middle + 1
  }
  return low
}

/** Where a bucket begins and ends. The first begins at nothing; the last has no end of its own and is as wide as the one before it. */
export function boundsOf(metric: VitalMetric, bucket: number): readonly [above: number, upTo: number] {
  const list = edges[metric]
  const last = list.at(-1) ?? 0
  return [bucket === 0 ? 0 : (list[bucket - 1] ?? last), list[bucket] ?? last * growthMax]
}
