import { FormFactor, VitalMetric, vitalBand } from '@tocsin/contract/vitals'
import { countAbove, countOf, type Histogram, merged, p75Of } from '@tocsin/domain/vitals/histogram'
import { z } from 'zod'
import { excess, type FiguresOfDays, normalEquivalent, shareZ, spreadBeyond, zAmong } from './proportions.ts'
import { ladderOf, meanRank, rankVariance, stepsMax } from './vital-ranks.ts'

/** How much a figure of days differs by itself. */
const Usual = z.object({
  /** From day to day: a standard deviation, without what the number of views explains. */
  daySpread: z.number(),
  /** As much as days differ on any site: what a day adds that is 3 % slower. */
  usualSpread: z.number(),
  /** The worst of the last weeks. */
  worstDay: z.number(),
})
type Usual = z.infer<typeof Usual>

/** The days before, against which the last hours are held. */
const Baseline = z.object({
  n: z.number(),
  /** What three of four stayed under. */
  p75: z.number(),
  /** How many were above it: a quarter, up to the width of a bucket. */
  above: z.number(),
  days: z.number(),
  /** Days of the last weeks that tell how days differ, those of the baseline among them. */
  daysSeen: z.number(),
  /** All views of those days in their order: see Ladder. */
  ladder: z.array(z.tuple([z.number(), z.number()])).max(stepsMax + 1),
  /** Of the share of views above p75. */
  shares: Usual,
  /** Of the mean rank of the views of a day. */
  ranks: Usual,
})

const FormFacts = z.object({
  form: FormFactor,
  /** Days that were needed to have enough views. */
  windowDays: z.number(),
  now: z.object({
    n: z.number(),
    p75: z.number(),
    above: z.number(),
    /** Where the views stand among those before, in the mean: a half, if nothing has changed. */
    rank: z.number(),
  }),
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
  const seen = { n: countOf(now), p75, above: countAbove(metric, now, before.p75), rank: meanRank(now, before.ladder) }
  return { form: history.form, windowDays, now: seen, before }
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
  const whole = (days.length > present.length ? days : present).filter((day) => countOf(day) >= config.minViews)
  const above = countAbove(metric, sum, p75)
  const ladder = ladderOf(sum)
  const share = above / countOf(sum)
  return {
    n: countOf(sum),
    p75,
    above,
    days: present.length,
    daysSeen: whole.length,
    ladder: ladder.map(([bucket, upTo]) => [bucket, upTo]),
    shares: usualOf(whole, sum, share * (1 - share), (views) => countAbove(metric, views, p75) / countOf(views)),
    ranks: usualOf(whole, sum, rankVariance(ladder), (views) => meanRank(views, ladder)),
  }
}

function usualOf(days: readonly Histogram[], sum: Histogram, variance: number, figure: (views: Histogram) => number): Usual {
  const figures = days.map((day) => ({ value: figure(day), n: countOf(day) }))
  return {
    daySpread: spreadBeyond(figures, variance),
    usualSpread: usualPart * (figure(slowerByATenth(sum)) - figure(sum)),
    worstDay: figures.reduce((worst, { value }) => Math.max(worst, value), 0),
  }
}

/** Of a tenth: 3 %. A single step of the buckets would be too near the chance in them. */
const usualPart = 0.3
/** The edges of buckets grow by just under 2 % each. What does not move at all is no slower on a slow day. */
const slowerByATenth = ({ buckets, counts }: Histogram): Histogram => ({
  buckets: buckets.map((bucket) => (bucket === 0 ? 0 : bucket + 5)),
  counts,
})

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

/**
 * Two figures tell that visits are slower. The mean rank sees best that all of them are, as after most releases; the share above p75
 * sees that only the slow ones are. Each has its part of the chance of being wrong.
 *
 */
const parts = { ranks: 0.8, shares: 0.2 } as const
/** How much farther from the usual than the worst of the last weeks a day must be: the next bad day is now and then the worst. */
const unheardOf = 1.2
/** What is known of days anywhere is worth so many that were seen. */
const usualDays = 20
/** A day is looked at every few hours, and most of what a look sees was there at the last: that is about as if it were looked at twice. */
const looksPerDay = 2

export function weighForm(facts: RegressionFacts, form: FormFacts, config: RegressionConfig): FormWeight {
  const { now, before } = form
  const { metric, comparisons } = facts
  const figures = { ranks: testRanks(form), shares: testShares(form) }
  const z = Math.max(figures.ranks.z, figures.shares.z)
  const ratio = before.p75 > 0 ? now.p75 / before.p75 : 1
  const least = metric === 'CLS' ? config.minCls : metric === 'INP' ? config.minInpMs : config.minMs
  const isLarge = ratio >= 1 + config.minPercent / 100 && now.p75 - before.p75 >= least
  // However sure the ranks are: what is told is a share above p75, and that has to be worse too.
  const isShown = shareZ(now, before) > config.minZ
  const needed = zAmong(config.minZ, comparisons * looksPerDay)
  // A day as bad as one of the last weeks is a day like others, whatever z says.
  const isSure = Object.values(figures).some((figure) => figure.isUnheardOf && figure.z > needed)
  const isBad = isLarge && isShown && isSure
  const isHigh = ratio >= highRatio || vitalBand(metric, now.p75) !== vitalBand(metric, before.p75)
  const level = isBad ? 'bad' : z < goneZ ? 'ok' : 'unknown'
  return { form: form.form, z, ratio, level, severity: isHigh ? 'high' : 'medium' }
}

interface Tested {
  readonly z: number
  readonly isUnheardOf: boolean
}

function testRanks({ now, before, windowDays }: FormFacts): Tested {
  const variance = rankVariance(before.ladder)
  const seen = { value: now.rank, n: now.n, days: windowDays }
  return tested('ranks', seen, { value: 0.5, n: before.n, days: before.days }, variance, before)
}

function testShares({ now, before, windowDays }: FormFacts): Tested {
  const pooled = (now.above + before.above) / (now.n + before.n)
  const seen = { value: now.above / now.n, n: now.n, days: windowDays }
  return tested('shares', seen, { value: before.above / before.n, n: before.n, days: before.days }, pooled * (1 - pooled), before)
}

/**
 * Visitors of one day have a network, a campaign and a cache in common: a day is one draw of days, however many views it has. That a few
 * days happened to be alike says nothing; that they differed more is weighed against what is usual.
 */
function tested(
  name: keyof typeof parts,
  now: FiguresOfDays,
  before: FiguresOfDays,
  variance: number,
  { daysSeen, [name]: usual }: FormFacts['before'],
): Tested {
  const daySpread = Math.sqrt((usualDays * usual.usualSpread ** 2 + daysSeen * usual.daySpread ** 2) / (usualDays + daysSeen))
  const { z, degrees } = excess(now, before, { variance, daySpread, degrees: usualDays + daysSeen - 1 })
  return {
    z: normalEquivalent(z, degrees, parts[name]),
    isUnheardOf: now.value - before.value > unheardOf * (usual.worstDay - before.value),
  }
}

/** One form factor that is worse is enough; all of them must be well for the whole to be. The worst first. */
export function weighForms(facts: RegressionFacts, config: RegressionConfig): FormWeight[] {
  const rank = { bad: 0, unknown: 1, ok: 2 }
  return facts.forms
    .map((form) => weighForm(facts, form, config))
    .sort((a, b) => rank[a.level] - rank[b.level] || Number(b.severity === 'high') - Number(a.severity === 'high') || b.z - a.z)
}
