import type { AlertCondition, AlertRule, AlertRuleFilter } from '@tocsin/contract/api/alert-rules'
import { type MetricName, metricSpec } from '@tocsin/contract/metric'
import type { Sql } from '@tocsin/db/transaction'
import { healthScore } from './health.ts'
import { judgeMetric, type MetricVerdict, metricText, metricTitle, windowsBefore } from './judge.ts'
import { keywordPosition, visibility } from './rankings.ts'
import type { MetricReader, Subject, Window } from './reading.ts'
import { responseTime } from './response-time.ts'
import { openThreats } from './threats.ts'
import { componentUptime, siteUptime } from './uptime.ts'
import { vital } from './vitals.ts'

export { type MetricVerdict, metricText, metricTitle, type Subject, type Window }

const readers = {
  'health.score': healthScore,
  'threats.open': openThreats,
  'visibility.clicks': visibility,
  'keyword.position': keywordPosition,
  'vitals.lcp': vital('LCP'),
  'vitals.inp': vital('INP'),
  'vitals.cls': vital('CLS'),
  'vitals.fcp': vital('FCP'),
  'vitals.ttfb': vital('TTFB'),
  'response.time': responseTime,
  'uptime.site': siteUptime,
  'uptime.component': componentUptime,
} satisfies Record<MetricName, MetricReader>

/** Of one rule: a rule over more of them should name sites. The oldest are kept. */
const subjectsMax = 2_000

/** What a rule's metric is measured of: the sites it picks, their keywords, or components that stand for them. */
export async function subjectsOf(
  sql: Sql,
  { condition, filter }: { condition: Pick<AlertCondition, 'metric'>; filter: Pick<AlertRuleFilter, 'siteIds' | 'tags'> },
): Promise<Subject[]> {
  const tables = {
    site: `select s.id, s.name, s.id as "siteId" from site s where true`,
    keyword: `select k.id, k.phrase as name, s.id as "siteId" from keyword k join site s on s.id = k.site_id where true`,
    component: `select c.id, c.name, s.id as "siteId" from component c left join site s on s.id = c.site_id where true`,
  }
  const { rows } = await sql.query<Subject>(
    `${tables[metricSpec(condition.metric).about]}
       and (cardinality($1::text[]) = 0 or s.id = any ($1)) and (cardinality($2::text[]) = 0 or s.tags && $2)
     order by 1 limit $3`,
    [filter.siteIds, filter.tags, subjectsMax],
  )
  return rows
}

export interface SubjectVerdict {
  readonly subject: Subject
  /** One for each window. */
  readonly verdicts: readonly MetricVerdict[]
}

/** Holds the condition of a rule against every subject in every window. */
export async function judgeWindows(
  sql: Sql,
  rule: Pick<AlertRule, 'kind' | 'filter'> & { condition: AlertCondition },
  { subjects, windows }: { subjects: readonly Subject[]; windows: readonly Window[] },
): Promise<SubjectVerdict[]> {
  const { kind, condition, filter } = rule
  const read = new Map<string, Window>()
  const all = windows.map((window) => [window, ...windowsBefore(condition, window)])
  for (const window of all.flat()) read.set(keyOf(window), window)
  const numbers = new Map([...read.keys()].map((key, number) => [key, number]))
  const { rows } = await sql.query<{ threshold: number }>('select uptime_threshold_percent as threshold from org')
  const uptimeThreshold = rows[0]?.threshold ?? 0
  const input = { subjectIds: subjects.map(({ id }) => id), windows: [...read.values()], condition, filter }
  const readings =
    subjects.length > 0 && windows.length > 0 ? await readers[condition.metric](sql, input) : new Map<string, (number | null)[]>()
  return subjects.map((subject) => {
    const values = readings.get(subject.id) ?? []
    const valueIn = (window: Window): number | null => values[numbers.get(keyOf(window)) ?? -1] ?? null
    const verdicts = all.map(([window, ...before]) =>
      judgeMetric({ kind, condition, uptimeThreshold, value: window ? valueIn(window) : null, before: before.map(valueIn) }),
    )
    return { subject, verdicts }
  })
}

const keyOf = ({ from, to }: Window): string => `${from.getTime()} ${to.getTime()}`
