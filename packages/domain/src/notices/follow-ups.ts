import { type AlertId, newId } from '@tocsin/contract/ids'
import type { NoticeKind } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import type { Change } from '@tocsin/journal/change'
import type { DueGroup, WaitingNotice } from './notices.read.ts'

/** Something of an alert that is to be told at a time of its own. */
export interface FollowUp {
  readonly alertId: AlertId
  readonly kind: NoticeKind
  readonly severity: Severity
  readonly step: number | null
  readonly round: number | null
  readonly dueAt: Date
  /** What mutes it until then; when that ends before, it is told then. */
  readonly waitsFor: string | null
}

/** One of each kind waits for an alert; a second one would tell the same. */
export async function planFollowUps(
  change: Change,
  followUps: readonly (FollowUp & Pick<DueGroup, 'ruleId' | 'groupKey'>)[],
): Promise<void> {
  if (followUps.length === 0) return
  await change.tx.query(
    `insert into alert_notice (id, org_id, rule_id, group_key, alert_id, kind, severity, step, round, due_at, waits_for, created_at)
     select distinct on (f.alert_id, f.kind, f.round is null)
       f.id, $1, f.rule_id, f.group_key, f.alert_id, f.kind, f.severity, f.step, f.round, f.due_at, f.waits_for, $2
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[], $11::timestamptz[], $12::text[])
       as f (id, rule_id, group_key, alert_id, kind, severity, step, round, due_at, waits_for)
     where not exists (
       select from alert_notice n
       where n.alert_id = f.alert_id and n.decided_at is null and n.kind = f.kind and (n.round is null) = (f.round is null)
     )
     order by f.alert_id, f.kind, f.round is null, f.due_at`,
    [
      change.orgId,
      change.now,
      followUps.map(() => newId('alertNotice')),
      followUps.map(({ ruleId }) => ruleId),
      followUps.map(({ groupKey }) => groupKey),
      followUps.map(({ alertId }) => alertId),
      followUps.map(({ kind }) => kind),
      followUps.map(({ severity }) => severity),
      followUps.map(({ step }) => step),
      followUps.map(({ round }) => round),
      followUps.map(({ dueAt }) => dueAt),
      followUps.map(({ waitsFor }) => waitsFor),
    ],
  )
}

/** Muted still, by what it waits for: it is looked at again later. */
export async function postponeNotices(
  change: Change,
  postponed: readonly { readonly notice: WaitingNotice; readonly until: Date }[],
): Promise<void> {
  if (postponed.length === 0) return
  await change.tx.query(
    `update alert_notice n set due_at = p.until from unnest($1::text[], $2::timestamptz[]) as p (id, until)
     where n.id = p.id and n.decided_at is null`,
    [postponed.map(({ notice }) => notice.id), postponed.map(({ until }) => until)],
  )
}
