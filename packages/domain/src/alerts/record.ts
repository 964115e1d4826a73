import type { Actor } from '@tocsin/contract/actor'
import type { AlertStep } from '@tocsin/contract/api/alerts'
import { alertAcknowledged, alertResolved, alertSnoozed, alertTriggered, alertUpdated } from '@tocsin/contract/events/alerts'
import { type AlertId, newId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { type NoticeInput, planNotices } from '../notices/notices.ts'
import { type AlertRow, alertView, groupRuleOf } from './alerts.rows.ts'
import type { Turn } from './lifecycle.ts'

/** Everything one change says about alerts, collected in order and written in a few statements, however much it is. */
export interface Recorder {
  /** The row as it is after this turn; it is written once, as it is after the last of them. */
  note(row: AlertRow, turn: Noted): void
  write(): Promise<void>
}

export interface Noted {
  readonly event: Turn['event'] | 'snoozed'
  readonly steps: readonly AlertStep['step'][]
  readonly notice: Turn['notice']
  /** In the place of the group's time. */
  readonly dueAt?: Date
  readonly waitsFor?: string
  readonly at: Date
  readonly actor: Actor
  readonly note: string | null
}

interface StepRow {
  alertId: AlertId
  turn: number
  at: Date
  step: AlertStep['step']
  actor: Actor
  note: string | null
}

const events = {
  triggered: alertTriggered,
  updated: alertUpdated,
  acknowledged: alertAcknowledged,
  snoozed: alertSnoozed,
  resolved: alertResolved,
}

export function createRecorder(change: Change): Recorder {
  const rows = new Map<AlertId, AlertRow>()
  const steps: StepRow[] = []
  const notices: (NoticeInput & { cooldownUntil: Date | null })[] = []
  return {
    note(row, { event, steps: taken, notice, dueAt, waitsFor, at, actor, note }) {
      rows.set(row.id, row)
      for (const step of taken) steps.push({ alertId: row.id, turn: steps.length, at, step, actor, note })
      const due = dueAt ?? notice?.cooldownUntil ?? null
      if (notice)
        notices.push({
          alertId: row.id,
          ruleId: groupRuleOf(row),
          groupKey: row.groupKey,
          kind: notice.kind,
          severity: row.severity,
          ...(due ? { dueAt: due } : {}),
          ...(waitsFor ? { waitsFor } : {}),
          cooldownUntil: notice.cooldownUntil,
        })
      change.emit(events[event], { alert: alertView(row) })
    },
    async write() {
      await writeAlerts(change, [...rows.values()])
      await writeSteps(change, steps)
      const ids = await planNotices(change, notices)
      const cooled = notices.flatMap(({ alertId, kind, cooldownUntil }, index) =>
        cooldownUntil ? { alertId, kind, until: cooldownUntil, noticeId: ids[index] } : [],
      )
      await writeCooldowns(change, cooled)
    },
  }
}

/** Of one statement. */
const rowsMax = 1_000

async function writeAlerts(change: Change, rows: readonly AlertRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsMax)
    await change.tx.query(
      `insert into alert (id, org_id, rule_id, rule_name, fingerprint, key, subject, parents, outage, site_id, labels, tags, source, title,
         facts, severity, state, snoozed_until, group_key, flips, flips_at, flapping, steady_at, day, occurrences, triggered_at,
         acknowledged_at, acknowledged_by, resolved_at, updated_at, version)
       select id, $1, "ruleId", "ruleName", fingerprint, key, subject, parents, outage, "siteId", labels, tags, source, title, facts, severity,
         state, "snoozedUntil", "groupKey", flips, "flipsAt", flapping, "steadyAt", day, occurrences, "triggeredAt", "acknowledgedAt",
         "acknowledgedBy", "resolvedAt", $3, version
       from jsonb_to_recordset($2::jsonb) as r (id text, "ruleId" text, "ruleName" text, fingerprint text, key text, subject text,
         parents text[], outage boolean, "siteId" text, labels jsonb, tags text[], source text, title text, facts jsonb, severity text,
         state text, "snoozedUntil" timestamptz, "groupKey" text, flips boolean[], "flipsAt" timestamptz, flapping boolean,
         "steadyAt" timestamptz, day date, occurrences integer, "triggeredAt" timestamptz, "acknowledgedAt" timestamptz,
         "acknowledgedBy" jsonb, "resolvedAt" timestamptz, version integer)
       on conflict (id) do update set subject = excluded.subject, parents = excluded.parents, outage = excluded.outage,
         labels = excluded.labels, tags = excluded.tags, source = excluded.source, title = excluded.title, facts = excluded.facts,
         severity = excluded.severity, state = excluded.state, snoozed_until = excluded.snoozed_until, flips = excluded.flips,
         flips_at = excluded.flips_at, flapping = excluded.flapping, steady_at = excluded.steady_at, day = excluded.day,
         occurrences = excluded.occurrences, triggered_at = excluded.triggered_at, acknowledged_at = excluded.acknowledged_at,
         acknowledged_by = excluded.acknowledged_by,
         resolved_at = excluded.resolved_at, updated_at = excluded.updated_at, version = excluded.version`,
      [change.orgId, JSON.stringify(rows.slice(from, from + rowsMax)), change.now],
    )
}

async function writeSteps(change: Change, steps: readonly StepRow[]): Promise<void> {
  for (let from = 0; from < steps.length; from += rowsMax)
    await change.tx.query(
      `insert into alert_step (org_id, alert_id, number, at, step, actor, note)
       select $1, s."alertId", coalesce((select max(number) from alert_step b where b.alert_id = s."alertId"), 0)
           + row_number() over (partition by s."alertId" order by s.turn), s.at, s.step, s.actor, s.note
       from jsonb_to_recordset($2::jsonb) as s ("alertId" text, turn integer, at timestamptz, step text, actor jsonb, note text)`,
      [change.orgId, JSON.stringify(steps.slice(from, from + rowsMax))],
    )
}

/** It came back so soon that it is told only if it lasts. */
async function writeCooldowns(change: Change, cooled: readonly { alertId: AlertId; until: Date }[]): Promise<void> {
  if (cooled.length === 0) return
  await change.tx.query(
    `insert into alert_decision (id, org_id, alert_id, notice_id, at, receiver_kind, receiver_name, notice, verdict, reason, until)
     select c.id, $1, c."alertId", c."noticeId", $3, 'none', '', c.kind, 'suppressed', 'cooldown', c.until
     from jsonb_to_recordset($2::jsonb) as c (id text, "alertId" text, "noticeId" text, kind text, until timestamptz)`,
    [change.orgId, JSON.stringify(cooled.map((row) => ({ id: newId('alertDecision'), ...row }))), change.now],
  )
}
