import { studentTail } from './student-t.ts'

/** So many of n have a property. */
export interface Share {
  readonly count: number
  readonly n: number
}

/** By how many standard errors the first share is above the second, if both came from the same source. */
export function shareZ(now: { above: number; n: number }, before: { above: number; n: number }): number {
  if (now.n === 0 || before.n === 0) return 0
  const pooled = (now.above + before.above) / (now.n + before.n)
  const variance = pooled * (1 - pooled) * (1 / now.n + 1 / before.n)
  return variance <= 0 ? 0 : (now.above / now.n - before.above / before.n) / Math.sqrt(variance)
}

/** A mean of n views. */
interface Figure {
  readonly value: number
  readonly n: number
}
/** Of so many days. */
export interface FiguresOfDays extends Figure {
  readonly days: number
}

/**
 * By how many standard errors the first mean is above the second, if both came from one source: whose views have this variance, and whose
 * days differ in their means by `daySpread` by themselves. `degrees`: how well the spread of days is known; the fewer views there are the
 * less it matters (Satterthwaite).
 */
export function excess(
  now: FiguresOfDays,
  before: FiguresOfDays,
  { variance, daySpread, degrees }: { variance: number; daySpread: number; degrees: number },
): { z: number; degrees: number } {
  if (now.n === 0 || before.n === 0) return { z: 0, degrees }
  const ofViews = variance * (1 / now.n + 1 / before.n)
  const ofDays = daySpread ** 2 * (1 / now.days + 1 / before.days)
  const sum = ofViews + ofDays
  if (sum <= 0) return { z: 0, degrees }
  return { z: (now.value - before.value) / Math.sqrt(sum), degrees: ofDays > 0 ? (degrees * sum ** 2) / ofDays ** 2 : Infinity }
}

/** By how much the means of days differ beyond what so many views each explain: a standard deviation. */
export function spreadBeyond(days: readonly Figure[], variance: number): number {
  if (days.length < 2) return 0
  const mean = days.reduce((sum, { value }) => sum + value, 0) / days.length
  const seen = days.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (days.length - 1)
  const ofViews = days.reduce((sum, { n }) => sum + variance / n, 0) / days.length
  return Math.sqrt(Math.max(0, seen - ofViews))
}

/** The z of a normal distribution that is as rare as this t, where a test has only a part of the chance of being wrong. */
export function normalEquivalent(t: number, degrees: number, part = 1): number {
  const tail = Number.isFinite(degrees) && degrees < 1e6 ? studentTail(t, degrees) : 1 - normalCdf(t)
  // Rarer than numbers near one can tell: as it stands.
  return tail < 1e-12 ? t : normalQuantile(1 - Math.min(1 - 1e-9, tail / part))
}

/** By how many standard errors a share is above a fixed one. */
export const oneProportionZ = ({ count, n }: Share, share: number): number =>
  n === 0 ? 0 : (count / n - share) / Math.sqrt((share * (1 - share)) / n)

/** How large z must be for one comparison among so many, if all of them together shall be wrong as seldom as one with this z (Bonferroni). */
export const zAmong = (z: number, comparisons: number): number =>
  normalQuantile(1 - (1 - normalCdf(z)) / Math.max(1, comparisons))

/**
 * Among how many comparisons each that trips counts (Benjamini and Hochberg): of those made, one that trips alone is one among all of
 * them; if k trip at once, they bear each other out, and each is one among a k-th.
 */
export function comparisonsPerTrip(zs: readonly number[], z: number): number {
  const sorted = zs.toSorted((a, b) => b - a)
  // Among several it has to be larger than z too: mostly none is, and nothing has to be reckoned.
  const k = sorted.findLastIndex((each, index) => each > z && each > zAmong(z, sorted.length / (index + 1))) + 1
  return sorted.length / Math.max(1, k)
}

/** A rational form of the complementary error function (Numerical Recipes): good to a ten-millionth of the tail itself. */
function normalCdf(z: number): number {
  const t = 1 / (1 + Math.abs(z) / Math.SQRT2 / 2)
  const x2 = (z * z) / 2
  let sum = 0
  for (let index = terms.length - 1; index >= 0; index -= 1) sum = sum * t + (terms[index] ?? 0)
  const tail = t * Math.exp(-x2 + sum)
  return z >= 0 ? 1 - tail / 2 : tail / 2
}
const terms = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
]

/** The z below which a share of a normal distribution lies: halving is slow, exact enough and hard to get wrong. */
function normalQuantile(share: number): number {
  let low = -40
  let high = 40
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * The chance that values like these two sets come from one source, one-sided (the first larger): Mann and Whitney's U, by counting
 * every arrangement. Exact, with ties counted half; for some ten values each.
 */
export function mannWhitneyP(larger: readonly number[], smaller: readonly number[]): number {
  const [m, n] = [larger.length, smaller.length]
  if (m === 0 || n === 0) return 1
  const u = larger.reduce((sum, a) => sum + smaller.reduce((more, b) => more + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0)
  const ways = arrangements(m, n)
  const all = ways.reduce((sum, count) => sum + count, 0)
  // With ties u may be a half; rounding it down makes the chance larger, never smaller.
  return ways.slice(Math.floor(u)).reduce((sum, count) => sum + count, 0) / all
}

/** For each U from 0 to m·n, in how many orders of m and n values it comes about. */
function arrangements(m: number, n: number): number[] {
  const known = new Map<number, number[]>()
  const of = (a: number, b: number): number[] => {
    if (a === 0 || b === 0) return [1]
    const key = a * 1_000 + b
    const before = known.get(key)
    if (before) return before
    // The largest value is one of the m (and beats all b), or one of the n.
    const [first, second] = [of(a - 1, b), of(a, b - 1)]
    const sum = Array.from({ length: a * b + 1 }, (_, u) => (first[u - b] ?? 0) + (second[u] ?? 0))
    known.set(key, sum)
    return sum
  }
  return of(m, n)
}
