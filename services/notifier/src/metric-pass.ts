import { system } from '@tocsin/contract/actor'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { claimMetricRules, type DueRule, lockDueRule, planNextEvaluation } from '@tocsin/domain/alert-rules/due'
import { windowOver } from '@tocsin/domain/alert-rules/windows'
import { isMetricRule, type MetricRule, metricSignal, unwatched } from '@tocsin/domain/alerts/metric-signal'
import { type Observation, observe, openKeys } from '@tocsin/domain/alerts/observe'
import { judgeWindows, subjectsOf } from '@tocsin/domain/metrics/metrics'
import { watchedSites } from '@tocsin/domain/sites/sites.read'
import type { Change } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

/** What one pass can judge well within the lease. */
const rulesPerPassMax = 20

/** Judges rules over metrics whose window is over: each window once, whoever dies and however many replicas there are. */
export async function metricPass(deps: Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'>): Promise<PassResult> {
  const due = await claimMetricRules(deps.db, deps.clock.now(), rulesPerPassMax)
  for (const rule of due) {
    try {
      await deps.journal.change(rule.orgId, system('notifier'), (change) => judge(change, rule))
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      // It is tried again when its lease is over, and holds up nobody else.
      deps.log.error({ err: error, ...rule }, 'A rule over a metric could not be judged.')
    }
  }
  return due.length > 0 ? 'worked' : 'idle'
}

async function judge(change: Change, { ruleId }: DueRule): Promise<void> {
  const due = await lockDueRule(change, ruleId)
  if (!due) return
  const { rule, dueAt } = due
  if (isMetricRule(rule)) await observe(change, await observationsOf(change, rule, dueAt), new Map([[rule.id, rule]]))
  await planNextEvaluation(change, rule)
}

async function observationsOf(change: Change, rule: MetricRule, dueAt: Date): Promise<Observation[]> {
  const { condition } = rule
  // The day's job is about the day before its hour, however late it is done.
  const window = windowOver(condition, condition.daily ? dueAt : change.now)
  const subjects = await subjectsOf(change.tx, rule)
  const judged = await judgeWindows(change.tx, rule, { subjects, windows: [window] })
  const sites = await watchedSites(change.tx, [...new Set(subjects.flatMap(({ siteId }) => siteId ?? []))])
  const seen = { at: change.now, actor: change.actor, ofRule: rule.id }
  const daily = condition.daily ? { day: dueAt.toISOString().slice(0, 10) } : {}
  const observations = judged.flatMap(({ subject, verdicts: [verdict] }): Observation[] => {
    const signal = verdict ? metricSignal(rule, subject, verdict) : null
    const site = subject.siteId ? (sites.get(subject.siteId) ?? null) : null
    // Deleted in this very moment.
    if (!signal || (subject.siteId && !site)) return []
    const openedBy = signal.transition === 'good' ? [] : [rule]
    return [{ ...seen, ...daily, signal, site, openedBy, again: condition.daily ? 'day' : 'window' }]
  })
  const watched = new Set(subjects.map(({ id }) => id))
  const gone = (await openKeys(change, rule.id)).filter((key) => !watched.has(key.slice(key.lastIndexOf(':') + 1)))
  return [...observations, ...gone.map((key): Observation => ({ ...seen, signal: unwatched(key), site: null, openedBy: [] }))]
}
