import {
  type AlertCondition,
  type AlertRule,
  type AlertRuleChanges,
  AlertRuleInput,
  type AlertRuleKind,
} from '@tocsin/contract/api/alert-rules'

/** What a rule watches, as a person chooses it: a threshold without a condition is of events. */
export type What = 'events' | AlertRuleKind

export const whatOf = ({ kind, condition }: Pick<AlertRuleInput, 'kind' | 'condition'>): What =>
  condition === null ? 'events' : kind

/** The name is what its author must think of; the rest is as the API has it. */
export const newDraft = (): AlertRuleInput => ({
  ...AlertRuleInput.parse({ name: 'new', filter: { sources: ['threat.*'], severities: ['critical', 'high'] } }),
  name: '',
})

export function draftOf(rule: AlertRule): AlertRuleInput {
  const { id: _id, preset: _preset, nextEvaluationAt: _next, createdAt: _createdAt, version: _version, ...draft } = rule
  return draft
}

const usual: AlertCondition = {
  metric: 'health.score',
  op: 'below',
  value: 80,
  windowMinutes: 60,
  percentile: null,
  against: 'window_before',
  direction: 'both',
  daily: false,
  again: false,
}

/** What such rules mostly ask: where one begins to change things. */
const usualOf = {
  threshold: usual,
  anomaly: { ...usual, metric: 'visibility.clicks', op: 'changes_by', value: 30, windowMinutes: 1440 },
  performance: { ...usual, metric: 'vitals.lcp', op: 'above', value: 4000, percentile: 75 },
  milestone: { ...usual, op: 'above', value: 95, windowMinutes: 1440 },
} satisfies Record<AlertRuleKind, AlertCondition>

/** The draft when it is to watch something else: what it asked before has no meaning any more. */
export function watching(draft: AlertRuleInput, what: What): AlertRuleInput {
  if (what === whatOf(draft)) return draft
  if (what === 'events') return { ...draft, kind: 'threshold', condition: null }
  const filter = { ...draft.filter, sources: [], types: [], severities: [], ruleIds: [] }
  return { ...draft, kind: what, condition: usualOf[what], filter }
}

/** Only what differs: what somebody else changes meanwhile is not changed back. */
export function changesOf(before: AlertRuleInput, now: AlertRuleInput): AlertRuleChanges {
  const old: Record<string, unknown> = before
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name])))
}

/** What decides whether there is an alert, and when it is told; how it is called does not. */
export function questionOf(draft: AlertRuleInput): AlertRuleInput {
  return { ...draft, name: draft.name.trim() || 'Preview', description: '', enabled: true }
}
