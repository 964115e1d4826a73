import type { Actor } from '@tocsin/contract/actor'
import type { Alert, AlertState } from '@tocsin/contract/api/alerts'
import { type AlertId, AlertRuleId, type SiteId } from '@tocsin/contract/ids'
import type { NoticeAlert } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import type { AlertFacts } from './signal.ts'

export interface AlertRow {
  id: AlertId
  ruleId: AlertRuleId | null
  ruleName: string
  fingerprint: string
  key: string
  subject: string
  parents: string[]
  outage: boolean
  siteId: SiteId | null
  labels: Record<string, string>
  tags: string[]
  source: string
  title: string
  facts: AlertFacts & Pick<NoticeAlert, 'site'>
  severity: Severity
  state: AlertState
  snoozedUntil: Date | null
  groupKey: string
  flips: boolean[]
  flipsAt: Date | null
  flapping: boolean
  steadyAt: Date | null
  /** Of a rule that is judged once a day: the last day that spoke of it. */
  day: string | null
  occurrences: number
  triggeredAt: Date
  acknowledgedAt: Date | null
  /** The last one who was on it, also of an alert that has begun anew since. */
  acknowledgedBy: Actor | null
  resolvedAt: Date | null
  version: number
}

export const alertColumns = `alert.id, alert.rule_id as "ruleId", alert.rule_name as "ruleName", alert.fingerprint, alert.key,
  alert.subject, alert.parents, alert.outage, alert.site_id as "siteId", alert.labels, alert.tags, alert.source, alert.title, alert.facts,
  alert.severity, alert.state, alert.snoozed_until as "snoozedUntil", alert.group_key as "groupKey", alert.flips,
  alert.flips_at as "flipsAt", alert.flapping, alert.steady_at as "steadyAt", alert.day::text, alert.occurrences,
  alert.triggered_at as "triggeredAt", alert.acknowledged_at as "acknowledgedAt",
  alert.acknowledged_by as "acknowledgedBy", alert.resolved_at as "resolvedAt", alert.version`

/** Whose group it is told with: also when the rule is gone, so that it is the same matter to its end. */
export const groupRuleOf = ({ ruleId, labels }: Pick<AlertRow, 'ruleId' | 'labels'>): AlertRuleId | null =>
  ruleId ?? AlertRuleId.nullable().parse(labels['rule'] ?? null)

export const alertView = (row: AlertRow): Alert => ({
  id: row.id,
  ruleId: row.ruleId,
  ruleName: row.ruleName,
  subject: row.subject,
  siteId: row.siteId,
  source: row.source,
  title: row.title,
  severity: row.severity,
  state: row.state,
  snoozedUntil: row.snoozedUntil?.toISOString() ?? null,
  flapping: row.flapping,
  occurrences: row.occurrences,
  labels: row.labels,
  tags: row.tags,
  triggeredAt: row.triggeredAt.toISOString(),
  acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
  acknowledgedBy: row.acknowledgedAt && row.acknowledgedBy,
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
  version: row.version,
})
