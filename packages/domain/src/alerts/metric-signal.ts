import type { AlertCondition, AlertRule } from '@tocsin/contract/api/alert-rules'
import { metricSpec } from '@tocsin/contract/metric'
import { type MetricVerdict, metricText, metricTitle, type Subject } from '../metrics/metrics.ts'
import type { Signal } from './signal.ts'

export type MetricRule = AlertRule & { condition: AlertCondition }

export const isMetricRule = (rule: AlertRule): rule is MetricRule => rule.condition !== null

/** Null: nothing is known, so nothing follows. */
export function metricSignal(rule: MetricRule, subject: Subject, verdict: MetricVerdict): Signal | null {
  if (verdict.level === 'unknown') return null
  const { condition } = rule
  const spec = metricSpec(condition.metric)
  const key = metricKey(condition, subject.id)
  const bad = rule.kind === 'milestone' && !condition.again ? 'update' : 'bad'
  return {
    key,
    subject: key,
    // What is told once for ever is not told again after somebody closed it.
    transition: verdict.level === 'bad' ? bad : 'good',
    source: 'metric.breached',
    topic: 'metric',
    detection: null,
    severity: 'high',
    title: metricTitle(condition, subject.name, verdict),
    siteId: subject.siteId,
    // The outage of a site explains what is measured there, but not how long it has been out.
    parents: subject.siteId && !condition.metric.startsWith('uptime.') ? [`site:${subject.siteId}`] : [],
    outage: false,
    facts: {
      topic: 'metric',
      description: spec.doc,
      impact: '',
      action: 'See what changed in this time.',
      facts: [
        { name: 'Of', value: subject.name },
        ...(verdict.value === null ? [] : [{ name: spec.title, value: metricText(condition.metric, verdict.value) }]),
        ...(verdict.against === null ? [] : [{ name: 'Against', value: metricText(condition.metric, verdict.against) }]),
        { name: 'Window', value: windowText(condition.windowMinutes) },
      ],
      path: subject.siteId ? `/sites/${subject.siteId}` : '/',
    },
  }
}

export const metricKey = ({ metric }: Pick<AlertCondition, 'metric'>, subjectId: string): string =>
  `metric:${metric}:${subjectId}`

/** What a rule said of something that it no longer watches is over. */
export function unwatched(key: string): Signal {
  const facts = { topic: 'metric', description: '', impact: '', action: '', facts: [], path: '/' }
  return {
    key,
    subject: key,
    transition: 'good',
    source: 'metric.breached',
    topic: 'metric',
    detection: null,
    severity: 'low',
    title: '',
    siteId: null,
    parents: [],
    outage: false,
    facts,
  }
}

function windowText(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? 'one day' : `${minutes / 1440} days`
  if (minutes % 60 === 0) return minutes === 60 ? 'one hour' : `${minutes / 60} hours`
  return `${minutes} minutes`
}
