import { type AlertRule, type AlertRuleChanges, type AlertRuleInput, ruleIssues } from '@tocsin/contract/api/alert-rules'
import { alertRuleCreated, alertRuleDeleted, alertRuleUpdated } from '@tocsin/contract/events/alerts'
import { type AlertRuleId, newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { readState } from '@tocsin/journal/read'
import { endAlertsOf } from '../alerts/alerts.ts'
import { type AlertRuleConfig, type AlertRuleRow, alertRuleColumns, alertRuleView } from './alert-rules.read.ts'
import { requireNamed } from './named.ts'
import { presets } from './presets.ts'
import { firstEvaluation } from './windows.ts'

/** Every event is held against each of them. Two creations at the very limit may both pass: nothing depends on it. */
export const alertRulesPerOrgMax = 100

export async function createAlertRule(change: Change, input: AlertRuleInput): Promise<AlertRule> {
  const { rows: counted } = await change.tx.query<{ count: number }>('select count(*) as count from alert_rule')
  if ((counted[0]?.count ?? 0) >= alertRulesPerOrgMax)
    throw new Refusal('limit_reached', `An organisation has ${alertRulesPerOrgMax} alert rules at most.`)
  await requireNamed(change, input)
  const rule = await insert(change, paced(input), null)
  change.emit(alertRuleCreated, { rule })
  return rule
}

/** What a new org begins with. There is nobody yet who could be told. */
export async function addPresetRules(change: Change): Promise<void> {
  for (const { preset, rule } of presets) await insert(change, rule, preset)
}

async function insert(change: Change, input: AlertRuleInput, preset: string | null): Promise<AlertRule> {
  const { name, description, kind, enabled, ...config } = input
  const due = await firstEvaluation(change, input)
  const { rows } = await change.tx.query<AlertRuleRow>(
    `insert into alert_rule (id, org_id, name, description, kind, config, enabled, preset, after_seq, next_evaluation_at, last_daily_on,
       created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning ${alertRuleColumns}`,
    [
      newId('alertRule'),
      change.orgId,
      name,
      description,
      kind,
      JSON.stringify(config satisfies AlertRuleConfig),
      enabled,
      preset,
      (await readState(change.tx, change.orgId)).head,
      due.nextEvaluationAt,
      due.lastDailyOn,
      change.now,
    ],
  )
  return alertRuleView(only(rows))
}

/** A rule that now asks for something else says nothing of what was before; one that was only renamed or regrouped misses nothing. */
export async function updateAlertRule(
  change: Change,
  input: { alertRuleId: AlertRuleId; changes: AlertRuleChanges; ifVersion: number | null },
): Promise<AlertRule> {
  const before = await lockAlertRule(change, input.alertRuleId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The alert rule was changed in the meantime: read it again.')
  const old = settingsOf(before)
  const given = Object.fromEntries(Object.entries(input.changes).filter(([, value]) => value !== undefined))
  const wanted = paced({ ...old, ...given })
  if (sameJson(old, wanted)) return alertRuleView(before)
  const issues = ruleIssues(wanted).map(({ path, message }) => ({ path: path.join('.'), message }))
  if (issues.length > 0) throw new Refusal('invalid', 'The rule would contradict itself.', { issues })
  await requireNamed(change, wanted)
  const asksAnew = !sameJson(questionOf(old), questionOf(wanted)) || (wanted.enabled && !old.enabled)
  const { name, description, kind, enabled, ...config } = wanted
  const due = asksAnew ? await firstEvaluation(change, wanted) : before
  const { rows } = await change.tx.query<AlertRuleRow>(
    `update alert_rule set name = $2, description = $3, kind = $4, config = $5, enabled = $6, after_seq = $7, next_evaluation_at = $8,
       last_daily_on = $9, version = version + 1
     where id = $1 returning ${alertRuleColumns}`,
    [
      before.id,
      name,
      description,
      kind,
      JSON.stringify(config satisfies AlertRuleConfig),
      enabled,
      asksAnew ? (await readState(change.tx, change.orgId)).head : before.afterSeq,
      due.nextEvaluationAt,
      due.lastDailyOn,
    ],
  )
  if (!sameJson(questionOf(old), questionOf(wanted)) || !enabled)
    await endAlertsOf(change, {
      ruleId: before.id,
      note: enabled ? 'The rule asks for something else now.' : 'The rule was disabled.',
    })
  const rule = alertRuleView(only(rows))
  change.emit(alertRuleUpdated, { rule })
  return rule
}

/** What it has opened stays; but nothing would ever close what it said of a metric. */
export async function deleteAlertRule(change: Change, input: { alertRuleId: AlertRuleId }): Promise<void> {
  await lockAlertRule(change, input.alertRuleId)
  await endAlertsOf(change, { ruleId: input.alertRuleId, note: 'The rule was deleted.' })
  await change.tx.query('delete from alert_rule where id = $1', [input.alertRuleId])
  change.emit(alertRuleDeleted, { alertRuleId: input.alertRuleId })
}

const settingsOf = ({ name, description, kind, config, enabled }: AlertRuleRow): AlertRuleInput => ({
  name,
  description,
  kind,
  ...config,
  enabled,
})

/** What is told once a day is not repeated in between. */
const paced = (input: AlertRuleInput): AlertRuleInput => (input.condition?.daily ? { ...input, repeatMinutes: 0 } : input)

const questionOf = ({ kind, filter, condition, severity }: AlertRuleInput) => ({ kind, filter, condition, severity })

/** Both are made of the same fields; Postgres keeps those of an object in an order of its own. */
const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  )
}

async function lockAlertRule(change: Change, alertRuleId: AlertRuleId): Promise<AlertRuleRow> {
  const { rows } = await change.tx.query<AlertRuleRow>(`select ${alertRuleColumns} from alert_rule where id = $1 for update`, [
    alertRuleId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such alert rule.')
  return row
}

function only(rows: readonly AlertRuleRow[]): AlertRuleRow {
  const row = rows[0]
  if (!row) throw new Error('The alert rule that was just written is gone.')
  return row
}
