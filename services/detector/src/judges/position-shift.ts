import { z } from 'zod'
import { studentTail } from './student-t.ts'

/** What Search Console says of a day or an hour: the mean position of so many impressions. */
export const Seen = z.object({
  at: z.string(),
  impressions: z.number().nonnegative(),
  clicks: z.number().nonnegative(),
  position: z.number().nonnegative(),
})
export type Seen = z.infer<typeof Seen>

export interface Shift {
  /** Means, weighted by impressions; a larger position is a worse one. */
  readonly before: number
  readonly after: number
  readonly delta: number
  /** By how many standard errors it moved, and how likely that is if nothing has. */
  readonly t: number
  readonly p: number
}

/** Positions are means already and rounded; what never differs by more than this proves nothing by not differing. */
const deviationMin = 0.3
/** So many independent witnesses there are at least, however much days resemble each other. */
const degreesMin = 3

/**
 * Student's t with weights: a day with many impressions says more than one with few, and days with few differ by chance. Null when one
 * side has fewer than two points with impressions.
 */
export function positionShift(after: readonly Seen[], before: readonly Seen[]): Shift | null {
  const [now, then] = [spreadOf(after), spreadOf(before)]
  if (!now || !then) return null
  const inflation = inflationOf(before)
  // A few days that happen to be alike are no steadier than the many before them.
  const variance = Math.max(now.variance, then.variance)
  const [a, b] = [(variance * inflation) / now.size, (then.variance * inflation) / then.size]
  const t = (now.mean - then.mean) / Math.sqrt(a + b)
  const degrees = Math.max(degreesMin, (now.size + then.size) / inflation - 2)
  return { before: then.mean, after: now.mean, delta: now.mean - then.mean, t, p: studentTail(t, degrees) }
}

export const impressionsOf = (points: readonly Seen[]): number => points.reduce((sum, { impressions }) => sum + impressions, 0)
export const clicksOf = (points: readonly Seen[]): number => points.reduce((sum, { clicks }) => sum + clicks, 0)

function spreadOf(points: readonly Seen[]): { mean: number; variance: number; size: number } | null {
  const counted = points.filter(({ impressions }) => impressions > 0)
  const weight = impressionsOf(counted)
  if (counted.length < 2) return null
  const mean = counted.reduce((sum, point) => sum + point.impressions * point.position, 0) / weight
  const squares = counted.reduce((sum, point) => sum + point.impressions * (point.position - mean) ** 2, 0) / weight
  // So many points of equal weight would be as good.
  const size = weight ** 2 / counted.reduce((sum, { impressions }) => sum + impressions ** 2, 0)
  const unbiased = size > 1.5 ? (squares * size) / (size - 1) : squares * 3
  return { mean, variance: Math.max(unbiased, deviationMin ** 2), size }
}

/** How many days bear on each other. A week's mean is what is compared, so what lasts for a week counts in full. */
const lagMax = 6
const pointsToKnow = 12
/** Beyond it a month of days would be worth two. */
const inflationMax = 12

/**
 * How many times the variance of a week's mean is what it would be if days were independent witnesses: positions wander, and a day that
 * resembles the one before says little more (Newey and West). Few points hide half of it, because they have made their own mean.
 */
function inflationOf(points: readonly Seen[]): number {
  const values = points.filter(({ impressions }) => impressions > 0).map(({ position }) => position)
  if (values.length < pointsToKnow) return 1
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviations = values.map((value) => value - mean)
  const covariance = (lag: number) => deviations.slice(lag).reduce((sum, value, n) => sum + value * (deviations[n] ?? 0), 0)
  const own = covariance(0)
  if (own === 0) return 1
  const lags = Array.from({ length: lagMax }, (_, n) => n + 1)
  const shared = lags.reduce((sum, lag) => sum + 2 * (1 - lag / (lagMax + 1)) * (covariance(lag) / own), 0)
  const hidden = values.length / (values.length - lagMax - 1)
  return Math.min(inflationMax, Math.max(1, (1 + shared) * hidden))
}

/**
 * The same shift of one day, against how days differ from each other: all hours of a day have much in common, so they are no independent
 * witnesses. `days`: positions of single days. Null: too few of them to know.
 */
export function shiftOfDay(shift: Shift, days: readonly number[]): Shift | null {
  if (days.length < daysToKnow) return null
  const mean = days.reduce((sum, each) => sum + each, 0) / days.length
  const variance = days.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (days.length - 1)
  // Two days differ by what both differ from their mean.
  const ownError = shift.t === 0 ? 0 : shift.delta / shift.t
  const t = shift.delta / Math.sqrt(2 * Math.max(variance, deviationMin ** 2) + ownError ** 2)
  return { ...shift, t, p: studentTail(t, days.length - 1) }
}

const daysToKnow = 5

/**
 * How small p must be for one of many to count, so that among all of them a false one is as rare as `rate` (Benjamini and Hochberg). If
 * many fall together they bear each other out, and each need not be as rare.
 */
export function chanceAllowed(chances: readonly number[], rate: number): number {
  const sorted = chances.toSorted((a, b) => a - b)
  const k = sorted.findLastIndex((p, index) => p <= (rate * (index + 1)) / sorted.length) + 1
  return (rate * Math.max(1, k)) / Math.max(1, sorted.length)
}

/** How often a whole family of comparisons may have one false one. Days wander more than any estimate of it, so this is far below once a year. */
export const falseRate = 0.0001
