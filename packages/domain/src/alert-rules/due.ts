import type { AlertRule } from '@tocsin/contract/api/alert-rules'
import type { AlertRuleId, OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import { type AlertRuleRow, alertRuleColumns, alertRuleView } from './alert-rules.read.ts'
import { nextWindow } from './windows.ts'

/** Whoever is killed over a rule is taken over from after this. */
const leaseMs = 60_000

export interface DueRule {
  readonly orgId: OrgId
  readonly ruleId: AlertRuleId
}

/** Rules over a metric whose window is over. Nobody else takes them while the lease runs. */
export async function claimMetricRules(db: Database, now: Date, limit: number): Promise<DueRule[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<DueRule>('select org_id as "orgId", rule_id as "ruleId" from claim_metric_rules($1, $2, $3)', [
      now,
      new Date(now.getTime() + leaseMs),
      limit,
    ]),
  )
  return rows
}

/** Null: it was changed, disabled or judged by somebody else since it was claimed. */
export async function lockDueRule(change: Change, ruleId: AlertRuleId): Promise<{ rule: AlertRule; dueAt: Date } | null> {
  const { rows } = await change.tx.query<AlertRuleRow>(
    `select ${alertRuleColumns} from alert_rule where id = $1 and enabled and next_evaluation_at <= $2 for update`,
    [ruleId, change.now],
  )
  const row = rows[0]
  return row?.nextEvaluationAt ? { rule: alertRuleView(row), dueAt: row.nextEvaluationAt } : null
}

/** Once per window: in the change that has judged this one. Windows that were missed while nobody was there stay missed. */
export async function planNextEvaluation(change: Change, { id, condition }: AlertRule): Promise<void> {
  const next = condition && !condition.daily ? nextWindow(condition, change.now) : null
  await change.tx.query('update alert_rule set next_evaluation_at = $2, lease_until = null where id = $1', [id, next])
}

/** Those that are judged once a day, in orgs whose hour has come. How many. */
export async function markDailyRules(db: Database, now: Date, limit: number): Promise<number> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ marked: number }>('select mark_daily_rules($1, $2) as marked', [now, limit]),
  )
  return rows[0]?.marked ?? 0
}
