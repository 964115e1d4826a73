import type { AlertDecision } from '@tocsin/contract/api/alerts'
import { type AlertId, type AlertNoticeId, type DeliveryId, newId } from '@tocsin/contract/ids'
import type { NoticeKind } from '@tocsin/contract/notice'
import type { Change } from '@tocsin/journal/change'
import type { DueGroup } from './notices.read.ts'

/** Why somebody hears, or does not hear, of a notice. */
export interface Decision {
  readonly noticeId: AlertNoticeId
  readonly alertId: AlertId
  readonly receiver: AlertDecision['receiver']
  readonly notice: NoticeKind
  readonly verdict: AlertDecision['verdict']
  readonly reason: AlertDecision['reason']
  readonly detail: string | null
  readonly until: Date | null
}

/** Of one statement. */
const rowsMax = 2_000

/** Keeps the decisions; the notices they are about have been decided. */
export async function recordDecisions(
  change: Change,
  decisions: readonly (Decision & { readonly deliveryId: DeliveryId | null })[],
): Promise<void> {
  for (let from = 0; from < decisions.length; from += rowsMax) {
    const rows = decisions.slice(from, from + rowsMax)
    await change.tx.query(
      `insert into alert_decision (id, org_id, alert_id, notice_id, at, receiver_kind, receiver_id, receiver_name, notice, verdict, reason,
         detail, until, delivery_id)
       select d.id, $1, d.alert_id, d.notice_id, $2, d.receiver_kind, d.receiver_id, d.receiver_name, d.notice, d.verdict, d.reason,
         d.detail, d.until, d.delivery_id
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
         $12::text[], $13::timestamptz[], $14::text[])
         as d (id, alert_id, notice_id, receiver_kind, receiver_id, receiver_name, notice, verdict, reason, detail, until, delivery_id)`,
      [
        change.orgId,
        change.now,
        rows.map(() => newId('alertDecision')),
        rows.map(({ alertId }) => alertId),
        rows.map(({ noticeId }) => noticeId),
        rows.map(({ receiver }) => receiver.kind),
        rows.map(({ receiver }) => receiver.id),
        rows.map(({ receiver }) => receiver.name),
        rows.map(({ notice }) => notice),
        rows.map(({ verdict }) => verdict),
        rows.map(({ reason }) => reason),
        rows.map(({ detail }) => detail),
        rows.map(({ until }) => until),
        rows.map(({ deliveryId }) => deliveryId),
      ],
    )
  }
  await change.tx.query('update alert_notice set decided_at = $2, waits_for = null where id = any ($1) and decided_at is null', [
    [...new Set(decisions.map(({ noticeId }) => noticeId))],
    change.now,
  ])
}

/** The turns of these groups are over: what comes next waits for the next one. */
export async function closeTurns(change: Change, turns: readonly (DueGroup & { readonly told: boolean })[]): Promise<void> {
  await change.tx.query(
    `update alert_group g set next_at = null, used_at = $2, last_told_at = case when t.told then $2 else g.last_told_at end
     from unnest($3::text[], $4::text[], $5::boolean[]) as t (rule_id, group_key, told)
     where g.org_id = $1 and g.rule_id = coalesce(t.rule_id, '') and g.group_key = t.group_key`,
    [
      change.orgId,
      change.now,
      turns.map(({ ruleId }) => ruleId),
      turns.map(({ groupKey }) => groupKey),
      turns.map(({ told }) => told),
    ],
  )
}
