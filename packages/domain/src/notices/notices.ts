import { type AlertId, type AlertNoticeId, type AlertRuleId, newId } from '@tocsin/contract/ids'
import type { NoticeKind } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import type { Change } from '@tocsin/journal/change'

export interface NoticeInput {
  alertId: AlertId
  /** Null: its rule is gone. */
  ruleId: AlertRuleId | null
  groupKey: string
  kind: NoticeKind
  severity: Severity
  /** Told then rather than at the group's time: a reminder, the end of a snooze. */
  dueAt?: Date
}

/**
 * Something about an alert is to be told. The first of a group waits a little for company, later ones until the group may be told of
 * again; a critical one waits for nothing. What waits for the group's time is told in one message.
 */
export async function planNotice(change: Change, input: NoticeInput): Promise<AlertNoticeId> {
  const id = newId('alertNotice')
  await change.tx.query(
    `with rule as (
       select make_interval(secs => coalesce(max((r.config ->> 'groupWaitSeconds')::int), $9)) as wait,
         make_interval(secs => coalesce(max((r.config ->> 'groupIntervalSeconds')::int), $10)) as rest
       from alert_rule r where r.id = $3
     ), turn as (
       insert into alert_group as g (org_id, rule_id, group_key, next_at, used_at)
       select $2, coalesce($3, ''), $4, case when $8::timestamptz is null then $7::timestamptz + rule.wait end, $7 from rule
       on conflict (org_id, rule_id, group_key) do update set used_at = $7,
         next_at = case
           when $8 is not null or g.next_at is not null then g.next_at
           else greatest($7 + (select wait from rule), g.last_told_at + (select rest from rule)) end
       returning g.next_at
     )
     insert into alert_notice (id, org_id, rule_id, group_key, alert_id, kind, severity, due_at, created_at)
     select $1, $2, $3, $4, $5, $6, $11, coalesce($8, case when $11 = 'critical' then $7 else turn.next_at end), $7 from turn`,
    [
      id,
      change.orgId,
      input.ruleId,
      input.groupKey,
      input.alertId,
      input.kind,
      change.now,
      input.dueAt ?? null,
      groupWaitSeconds,
      groupIntervalSeconds,
      input.severity,
    ],
  )
  if (input.kind === 'resolved') await wakeNotices(change, { waitsFor: input.alertId, at: later(change.now, groupWaitSeconds) })
  return id
}

/** As the contract's rules have them, for alerts whose rule is gone. */
const groupWaitSeconds = 30
const groupIntervalSeconds = 300

/**
 * What muted these notices has ended: a silence, a maintenance, a snooze, or the outage of a parent, after which its children are given a
 * moment to come back by themselves. Whether there is still something to tell is decided then.
 */
export async function wakeNotices(change: Change, input: { waitsFor: string; at: Date }): Promise<void> {
  await change.tx.query(
    `update alert_notice set due_at = $3, waits_for = null where org_id = $1 and waits_for = $2 and decided_at is null`,
    [change.orgId, input.waitsFor, input.at],
  )
}

const later = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * 1000)
