import { countOf, type Histogram } from '@tocsin/domain/vitals/histogram'

/**
 * A distribution in few steps: up to which bucket what share of the views is. With it a view is placed among those of another time: its
 * rank is the share of them that is faster, and half of those on the same step.
 */
export type Ladder = readonly (readonly [bucket: number, upTo: number])[]

/** A fortieth of the views is about what one step holds: finer ranks would tell nothing more. */
export const stepsMax = 40

export function ladderOf(histogram: Histogram): Ladder {
  const n = countOf(histogram)
  const steps: [number, number][] = []
  let below = 0
  for (const [index, bucket] of histogram.buckets.entries()) {
    const upTo = below + (histogram.counts[index] ?? 0)
    const isLast = index === histogram.buckets.length - 1
    const last = steps.at(-1)?.[1] ?? 0
    if (isLast || upTo / n - last >= 1 / stepsMax) steps.push([bucket, isLast ? 1 : fourDigits(upTo / n)])
    below = upTo
  }
  return steps
}

/** A ladder is kept as evidence. */
const fourDigits = (share: number): number => Math.round(share * 10_000) / 10_000

/** A half, if the views are like those of the ladder; 0.6: one of them is slower than one of those in six of ten pairs. */
export function meanRank({ buckets, counts }: Histogram, ladder: Ladder): number {
  let sum = 0
  let n = 0
  let step = 0
  for (const [index, bucket] of buckets.entries()) {
    while (step < ladder.length - 1 && bucket > (ladder[step]?.[0] ?? 0)) step += 1
    const count = counts[index] ?? 0
    sum += (count * ((ladder[step - 1]?.[1] ?? 0) + (ladder[step]?.[1] ?? 1))) / 2
    n += count
  }
  return n === 0 ? 0.5 : sum / n
}

/** Of the rank of one view, if nothing has changed: a twelfth, and less where many are on one step. */
export function rankVariance(ladder: Ladder): number {
  const shares = ladder.map(([, upTo], index) => upTo - (ladder[index - 1]?.[1] ?? 0))
  return (1 - shares.reduce((sum, share) => sum + share ** 3, 0)) / 12
}
