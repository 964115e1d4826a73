import { FormFactor, VitalMetric, vitalBand } from '@tocsin/contract/vitals'
import { countAbove, countOf, type Histogram, merged, p75Of } from '@tocsin/domain/vitals/histogram'
import { z } from 'zod'
import { betweenDays, shareZ, zAmong } from './proportions.ts'

/** The days before, against which the last hours are held. */
const Baseline = z.object({
  n: z.number(),
  /** What three of four stayed under. */
  p75: z.number(),
  /** How many were above it: a quarter, up to the width of a bucket. */
  above: z.number(),
  days: z.number(),
  /** Of the worst of those days, how large a share was above it. */
  worstDay: z.number(),
  /** By how much that share differs from day to day by itself: a standard deviation, without what the number of views explains. */
  daySpread: z.number(),
  /** In so many days of the last weeks, those of the baseline among them. */
  daysSeen: z.number(),
})

const FormFacts = z.object({
  form: FormFactor,
  /** Days that were needed to have enough views. */
  windowDays: z.number(),
  now: z.object({ n: z.number(), p75: z.number(), above: z.number() }),
  before: Baseline,
})
export type FormFacts = z.infer<typeof FormFacts>

export const RegressionFacts = z.object({
  metric: VitalMetric,
  template: z.string(),
  /** Among how many of those made at the same time this one counts: see comparisonsPerTrip. */
  comparisons: z.number(),
  forms: z.array(FormFacts),
})
export type RegressionFacts = z.infer<typeof RegressionFacts>

export interface RegressionConfig {
  readonly minZ: number
  readonly minPercent: number
  readonly minMs: number
  readonly minInpMs: number
  readonly minCls: number
  readonly enoughViews: number
  readonly minViews: number
}

/** The spec's 24 hours, 3 days, 7 days; and the 7 days before. */
const windows = [1, 3, 7] as const
const baselineDays = 7
/** Fewer days of comparison say nothing about how days differ. */
const baselineDaysMin = 3

export interface FormHistory {
  readonly form: FormFactor
  /** The last 24 hours first, then the 24 before, and so on. */
  readonly steps: readonly (Histogram | undefined)[]
  /** Whole days of the weeks before, for how much days differ by themselves. */
  readonly days: readonly Histogram[]
}

/**
 * What there is to compare of one form factor; null: too little. `held`: the baseline of a fault that is open, for what came after it is
 * not what was normal before.
 */
export function formFacts(
  metric: VitalMetric,
  history: FormHistory,
  config: RegressionConfig,
  held: FormFacts['before'] | null,
): FormFacts | null {
  const { steps } = history
  const sums = windows.map((days) => merged(steps.slice(0, days).filter((step) => step !== undefined)))
  const index = sums.findIndex((sum) => countOf(sum) >= config.enoughViews)
  const windowDays = windows[index] ?? baselineDays
  const now = sums[index] ?? sums.at(-1)
  if (!now || countOf(now) < config.minViews) return null
  const before = held ?? baselineOf(metric, steps.slice(windowDays, windowDays + baselineDays), history.days, config)
  const p75 = p75Of(metric, now)
  if (!before || p75 === null) return null
  return { form: history.form, windowDays, now: { n: countOf(now), p75, above: countAbove(metric, now, before.p75) }, before }
}

function baselineOf(
  metric: VitalMetric,
  steps: readonly (Histogram | undefined)[],
  days: readonly Histogram[],
  config: RegressionConfig,
): FormFacts['before'] | null {
  const present = steps.filter((step) => step !== undefined)
  const sum = merged(present)
  const p75 = p75Of(metric, sum)
  if (p75 === null || present.length < baselineDaysMin || countOf(sum) < config.minViews) return null
  const whole = (days.length > present.length ? days : present)
    .map((day) => ({ count: countAbove(metric, day, p75), n: countOf(day) }))
    .filter(({ n }) => n >= config.minViews)
  return {
    n: countOf(sum),
    p75,
    above: countAbove(metric, sum, p75),
    days: present.length,
    worstDay: whole.reduce((worst, { count, n }) => Math.max(worst, count / n), 0),
    daySpread: betweenDays(whole),
    daysSeen: whole.length,
  }
}

export interface FormWeight {
  readonly form: FormFactor
  readonly z: number
  readonly ratio: number
  readonly level: 'bad' | 'ok' | 'unknown'
  readonly severity: 'high' | 'medium'
}

/** Below this the difference has gone. */
const goneZ = 1.65
const highRatio = 1.3
/** By how much the worst of the last weeks must be outdone: the next bad day is now and then the worst. */
const unheardOf = 1.05
/** How much days differ at least: about 3 % of a loading time. As certain as so many days that were seen. */
const usualDaySpread = { share: 0.015, days: 20 }

export function weighForm(
  facts: RegressionFacts,
  { form, now, before, windowDays }: FormFacts,
  config: RegressionConfig,
): FormWeight {
  const { metric, comparisons } = facts
  // Visitors of one day have a network, a campaign and a cache in common: a day is one draw of days, however many views it has.
  const z = shareZ(
    { count: now.above, n: now.n, days: windowDays },
    { count: before.above, n: before.n, days: before.days },
    daySpreadOf(before),
  )
  const ratio = before.p75 > 0 ? now.p75 / before.p75 : 1
  const least = metric === 'CLS' ? config.minCls : metric === 'INP' ? config.minInpMs : config.minMs
  const isLarge = ratio >= 1 + config.minPercent / 100 && now.p75 - before.p75 >= least
  // A day as bad as one of the last weeks is a day like others, whatever z says.
  const isUnheardOf = now.above / now.n > before.worstDay * unheardOf
  const isBad = isLarge && isUnheardOf && z > zAmong(config.minZ, comparisons)
  const isHigh = ratio >= highRatio || vitalBand(metric, now.p75) !== vitalBand(metric, before.p75)
  return { form, z, ratio, level: isBad ? 'bad' : z < goneZ ? 'ok' : 'unknown', severity: isHigh ? 'high' : 'medium' }
}

/** That a few days happened to be alike says nothing; that they differed more is weighed against what is usual. */
function daySpreadOf({ daySpread, daysSeen }: FormFacts['before']): number {
  const { share, days } = usualDaySpread
  return Math.sqrt((days * share ** 2 + daysSeen * Math.max(share, daySpread) ** 2) / (days + daysSeen))
}

/** One form factor that is worse is enough; all of them must be well for the whole to be. The worst first. */
export function weighForms(facts: RegressionFacts, config: RegressionConfig): FormWeight[] {
  const rank = { bad: 0, unknown: 1, ok: 2 }
  return facts.forms
    .map((form) => weighForm(facts, form, config))
    .sort((a, b) => rank[a.level] - rank[b.level] || Number(b.severity === 'high') - Number(a.severity === 'high') || b.z - a.z)
}
