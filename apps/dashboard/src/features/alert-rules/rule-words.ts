import type { AlertCondition, AlertNotify, AlertRuleInput, AlertRuleKind } from '@tocsin/contract/api/alert-rules'
import { metricSpec } from '@tocsin/contract/metric'
import type { Severity, ThreatType } from '@tocsin/contract/rule'
import { type What, whatOf } from './rule-draft.ts'

export const whatWords = {
  events: { label: 'Something happens', doc: 'A threat is found, a monitor or component goes down, an incident is opened.' },
  threshold: { label: 'A value crosses a line', doc: 'A metric is above, below or equal to a value.' },
  anomaly: { label: 'A value changes a lot', doc: 'A metric differs from what it was before.' },
  performance: { label: 'Something gets slow', doc: 'Web vitals or uptime, by percentile, over a window.' },
  milestone: { label: 'A goal is reached', doc: 'Good news, told once.' },
} satisfies Record<What, { label: string; doc: string }>

const kindWords = {
  threshold: 'Value',
  anomaly: 'Change',
  performance: 'Performance',
  milestone: 'Milestone',
} satisfies Record<AlertRuleKind, string>

export const opWords = {
  above: 'is above',
  below: 'is below',
  equals: 'equals',
  changes_by: 'changes by',
} satisfies Record<AlertCondition['op'], string>

export const unitWords = {
  score: 'points of 100',
  count: '',
  percent: '%',
  position: '',
  ms: 'ms',
  ratio: '',
} as const

export const typeWords = {
  ranking_drop: 'Rankings',
  cwv_degradation: 'Web vitals',
  technical_error: 'Technical errors',
  competitor_surge: 'Competitors',
  security_issue: 'Security',
  indexation_problem: 'Indexation',
} satisfies Record<ThreatType, string>

export const severityWords = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } satisfies Record<
  Severity,
  string
>

export const sourceChoices = [
  { value: 'threat.*', label: 'Threats on sites' },
  { value: 'monitor.*', label: 'Monitors' },
  { value: 'component.*', label: 'Components' },
  { value: 'incident.*', label: 'Incidents' },
] as const

/** 90 min, 6 hours, 1 day. */
export function minutesText(minutes: number): string {
  const [number, unit] =
    minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute']
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}

/** What a rule is about, in one line. */
export function ruleText(rule: AlertRuleInput, siteName: (id: string) => string): string {
  const { types, severities, siteIds, tags } = rule.filter
  const where = [
    siteIds.length > 0 && `on ${siteIds.map(siteName).join(', ')}`,
    tags.length > 0 && `on sites tagged ${tags.join(' or ')}`,
  ]
  const severe = severities.length > 0 && severities.map((severity) => severityWords[severity].toLowerCase()).join(' or ')
  const of = types.length > 0 && types.map((type) => typeWords[type].toLowerCase()).join(', ')
  const what = rule.condition ? conditionText(rule.condition) : sourcesText(rule.filter.sources)
  return [what, severe, of, ...where].filter(Boolean).join(' · ')
}

const sourcesText = (sources: readonly string[]): string =>
  sources.length === 0
    ? 'Whatever happens'
    : sources.map((source) => sourceChoices.find(({ value }) => value === source)?.label ?? source).join(', ')

export function conditionText({ metric, op, value, windowMinutes, percentile, against, daily }: AlertCondition): string {
  const spec = metricSpec(metric)
  const title = percentile ? `${spec.title} (p${percentile})` : spec.title
  const unit = op === 'changes_by' ? (against === 'four_weeks' ? 'robust deviations' : '%') : unitWords[spec.unit]
  const line = value === null ? "the organisation's threshold" : [value, unit].filter((part) => part !== '').join(' ')
  return `${title} ${opWords[op]} ${line} over ${minutesText(windowMinutes)}${daily ? ', once a day' : ''}`
}

/** Who is told, in few words. */
export function notifyText({ destinations, members }: AlertNotify): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const places =
    destinations === 'all' ? 'every destination' : destinations.length > 0 && count(destinations.length, 'destination')
  const people = members === 'all' ? 'every member' : members !== 'none' && members.length > 0 && count(members.length, 'member')
  const told = [places, people].filter((each) => each !== false)
  return told.length === 0 ? 'nobody' : told.join(' and ')
}

export const kindText = (rule: AlertRuleInput): string => (whatOf(rule) === 'events' ? 'Events' : kindWords[rule.kind])
