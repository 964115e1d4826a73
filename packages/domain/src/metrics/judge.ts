import type { AlertCondition, AlertRuleKind } from '@tocsin/contract/api/alert-rules'
import { metricSpec } from '@tocsin/contract/metric'
import type { Window } from './reading.ts'

/** unknown: there is not enough to say. It neither opens nor closes anything. */
export interface MetricVerdict {
  readonly level: 'bad' | 'good' | 'unknown'
  readonly value: number | null
  /** What it is held against. */
  readonly against: number | null
}

const dayMs = 86_400_000
const weeks4 = 28
/** Of fewer windows nobody can say what is usual. */
const windowsMin = 7

/** The windows that a change is measured against. */
export function windowsBefore({ op, against, windowMinutes }: AlertCondition, { from, to }: Window): Window[] {
  if (op !== 'changes_by') return []
  const length = windowMinutes * 60_000
  if (against === 'window_before') return [{ from: new Date(from.getTime() - length), to: from }]
  // At the same time of the day: nights are not compared with noons.
  const step = Math.ceil(length / dayMs) * dayMs
  return Array.from({ length: Math.floor((weeks4 * dayMs) / step) }, (_, index) => {
    const back = (index + 1) * step
    return { from: new Date(from.getTime() - back), to: new Date(to.getTime() - back) }
  })
}

export interface Judgement {
  readonly kind: AlertRuleKind
  readonly condition: AlertCondition
  /** The org's, for uptime. */
  readonly uptimeThreshold: number
  readonly value: number | null
  /** Of the windows before. */
  readonly before: readonly (number | null)[]
}

export function judgeMetric({ kind, condition, uptimeThreshold, value, before }: Judgement): MetricVerdict {
  if (value === null) return { level: 'unknown', value, against: null }
  const wanted = condition.value ?? uptimeThreshold
  if (condition.op === 'changes_by') return judgeChange(condition, wanted, value, before)
  const reached =
    condition.op === 'above' ? value > wanted : condition.op === 'below' ? value < wanted : Math.abs(value - wanted) < 1e-9
  // What was reached once has been reached, whatever comes after it; unless the rule wants to know of it anew.
  if (!reached && kind === 'milestone' && !condition.again) return { level: 'unknown', value, against: wanted }
  return { level: reached ? 'bad' : 'good', value, against: wanted }
}

function judgeChange(
  { against, direction }: AlertCondition,
  wanted: number,
  value: number,
  before: readonly (number | null)[],
): MetricVerdict {
  const known = before.filter((each) => each !== null)
  const usual = against === 'window_before' ? (known[0] ?? null) : median(known)
  if (usual === null || (against === 'four_weeks' && known.length < windowsMin)) return { level: 'unknown', value, against: null }
  const change = against === 'window_before' ? percentOf(value, usual) : robustZ(value, known, usual)
  const turned = direction === 'both' || (direction === 'up' ? change > 0 : change < 0)
  return { level: turned && Math.abs(change) >= wanted ? 'bad' : 'good', value, against: usual }
}

/** From nothing to something is more than any number of percent. */
function percentOf(value: number, before: number): number {
  if (value === before) return 0
  return before === 0 ? Math.sign(value) * Number.POSITIVE_INFINITY : ((value - before) / Math.abs(before)) * 100
}

/** How many robust standard deviations: the median of the distances from the median, as wide as a normal spread would be. */
function robustZ(value: number, known: readonly number[], usual: number): number {
  const spread = (median(known.map((each) => Math.abs(each - usual))) ?? 0) * 1.4826
  // Where nothing ever moved, a hundredth of it is already something.
  const scale = Math.max(spread, Math.abs(usual) / 100, 1e-9)
  return (value - usual) / scale
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

const units = { score: '', count: '', percent: ' %', position: '', ms: ' ms', ratio: '' } as const

export function metricText(metric: AlertCondition['metric'], value: number): string {
  const { unit } = metricSpec(metric)
  const digits = unit === 'ratio' ? 3 : unit === 'ms' ? 0 : 2
  return `${Number(value.toFixed(digits))}${units[unit]}`
}

const words = { above: 'above', below: 'below', equals: 'at' } as const

/** “Uptime of a site: Shop is at 93.21 %, below 95 %” */
export function metricTitle({ metric, op }: AlertCondition, name: string, { value, against }: MetricVerdict): string {
  const now = value === null ? 'unknown' : metricText(metric, value)
  const held = against === null ? '' : metricText(metric, against)
  const compared = op === 'changes_by' ? `usually ${held}` : op === 'equals' ? 'as asked for' : `${words[op]} ${held}`
  return `${metricSpec(metric).title}: ${name} is at ${now}, ${compared}`
}
