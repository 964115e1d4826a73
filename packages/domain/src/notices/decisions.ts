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

/** The group's turn is over: what comes next waits for the next one. */
export async function closeTurn(change: Change, group: DueGroup, told: boolean): Promise<void> {
  await change.tx.query(
    `update alert_group set next_at = null, used_at = $4, last_told_at = case when $5 then $4 else last_told_at end
     where org_id = $1 and rule_id = coalesce($2, '') and group_key = $3`,
    [change.orgId, group.ruleId, group.groupKey, change.now, told],
  )
}
