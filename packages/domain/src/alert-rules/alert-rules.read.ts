import type { AlertRule, AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { AlertRuleId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

/** What is in `config`: all of a rule that has no column of its own. */
export type AlertRuleConfig = Omit<AlertRuleInput, 'name' | 'description' | 'kind' | 'enabled'>

export interface AlertRuleRow {
  id: AlertRuleId
  name: string
  description: string
  kind: AlertRule['kind']
  config: AlertRuleConfig
  enabled: boolean
  preset: string | null
  afterSeq: number
  nextEvaluationAt: Date | null
  lastDailyOn: string | null
  createdAt: Date
  version: number
}

export const alertRuleColumns = `alert_rule.id, alert_rule.name, alert_rule.description, alert_rule.kind, alert_rule.config,
  alert_rule.enabled, alert_rule.preset, alert_rule.after_seq as "afterSeq", alert_rule.next_evaluation_at as "nextEvaluationAt",
  alert_rule.last_daily_on::text as "lastDailyOn", alert_rule.created_at as "createdAt", alert_rule.version`

export const alertRuleView = (row: AlertRuleRow): AlertRule => ({
  id: row.id,
  name: row.name,
  description: row.description,
  kind: row.kind,
  ...row.config,
  enabled: row.enabled,
  preset: row.preset,
  nextEvaluationAt: row.nextEvaluationAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  version: row.version,
})

export async function listAlertRules(sql: Sql, request: PageRequest): Promise<Page<AlertRule>> {
  const { follows, order } = keyset(request, 'created_at', 'id')
  const { rows } = await sql.query<AlertRuleRow>(
    `select ${alertRuleColumns} from alert_rule where ${follows} order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), alertRuleView)
}

export async function getAlertRule(sql: Sql, alertRuleId: AlertRuleId): Promise<AlertRule> {
  const { rows } = await sql.query<AlertRuleRow>(`select ${alertRuleColumns} from alert_rule where id = $1`, [alertRuleId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such alert rule.')
  return alertRuleView(row)
}

/** Of an event rule: events up to `afterSeq` were before it. */
export type EventRule = AlertRule & { afterSeq: number }

/** Those that tell of events; disabled ones too, for what they have opened. They stay as they are until the change is committed. */
export async function eventRules(sql: Sql): Promise<EventRule[]> {
  const { rows } = await sql.query<AlertRuleRow>(
    `select ${alertRuleColumns} from alert_rule where config -> 'condition' = 'null'::jsonb order by created_at, id for share`,
  )
  return rows.map((row) => ({ ...alertRuleView(row), afterSeq: row.afterSeq }))
}
