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
  /** What must be over before that is told, such as a snooze. */
  waitsFor?: string
}

/**
 * Something about alerts is to be told. The first of a group waits a little for company, later ones until the group may be told of again;
 * a critical one waits for nothing. What waits for the group's time is told in one message. Ids come in the order of the input.
 */
export async function planNotices(change: Change, inputs: readonly NoticeInput[]): Promise<AlertNoticeId[]> {
  const rows = inputs.map((input) => ({ id: newId('alertNotice'), ...input, dueAt: input.dueAt ?? null }))
  // One statement after the other takes groups in the order in which each of them does.
  const sorted = rows.toSorted((a, b) => Number(turnOf(a) > turnOf(b)) - Number(turnOf(a) < turnOf(b)))
  for (let from = 0; from < rows.length; from += rowsMax) await insertNotices(change, sorted.slice(from, from + rowsMax))
  const over = inputs.filter(({ kind }) => kind === 'resolved').map(({ alertId }) => alertId)
  if (over.length > 0) await wakeNotices(change, { waitFor: over, at: later(change.now, groupWaitSeconds) })
  return rows.map(({ id }) => id)
}

/** Of one statement. */
const rowsMax = 1_000

const turnOf = ({ ruleId, groupKey }: Pick<NoticeInput, 'ruleId' | 'groupKey'>): string => `${ruleId ?? ''} ${groupKey}`

async function insertNotices(
  change: Change,
  rows: readonly (Omit<NoticeInput, 'dueAt'> & { id: AlertNoticeId; dueAt: Date | null })[],
): Promise<void> {
  await change.tx.query(
    `with input as (
       select * from jsonb_to_recordset($1::jsonb) as i (id text, "alertId" text, "ruleId" text, "groupKey" text, kind text, severity text,
         "dueAt" timestamptz, "waitsFor" text)
     ), turn as (
       insert into alert_group as g (org_id, rule_id, group_key, next_at, used_at)
       select $2, named.rule_id, named.group_key, case when named.waits then $3::timestamptz + named.wait end, $3
       from (
         select coalesce(i."ruleId", '') collate "C" as rule_id, i."groupKey" collate "C" as group_key, bool_or(i."dueAt" is null) as waits,
           make_interval(secs => coalesce(max((r.config ->> 'groupWaitSeconds')::int), $4)) as wait
         from input i left join alert_rule r on r.id = i."ruleId"
         -- In one order everywhere, so that two changes never wait for each other's groups.
         group by 1, 2 order by 1, 2
       ) named
       on conflict (org_id, rule_id, group_key) do update set used_at = $3,
         next_at = case
           when g.next_at is not null or excluded.next_at is null then g.next_at
           else greatest(excluded.next_at, g.last_told_at + make_interval(secs => coalesce(
             (select (r.config ->> 'groupIntervalSeconds')::int from alert_rule r where r.id = g.rule_id), $5
           ))) end
       returning g.rule_id, g.group_key, g.next_at
     )
     insert into alert_notice (id, org_id, rule_id, group_key, alert_id, kind, severity, due_at, waits_for, created_at)
     select i.id, $2, i."ruleId", i."groupKey", i."alertId", i.kind, i.severity,
       coalesce(i."dueAt", case when i.severity = 'critical' then $3 else turn.next_at end), i."waitsFor", $3
     from input i join turn on turn.rule_id = coalesce(i."ruleId", '') and turn.group_key = i."groupKey"`,
    [JSON.stringify(rows), change.orgId, change.now, groupWaitSeconds, groupIntervalSeconds],
  )
}

/** As the contract's rules have them, for alerts whose rule is gone. */
const groupWaitSeconds = 30
const groupIntervalSeconds = 300

/**
 * What muted these notices has ended: a silence, a maintenance, a snooze, or the outage of a parent, after which its children are given a
 * moment to come back by themselves. Whether there is still something to tell is decided then.
 */
export async function wakeNotices(change: Change, input: { waitFor: readonly string[]; at: Date }): Promise<void> {
  await change.tx.query(
    `update alert_notice set due_at = $3, waits_for = null where org_id = $1 and waits_for = any ($2) and decided_at is null`,
    [change.orgId, input.waitFor, input.at],
  )
}

export const snoozePrefix = 'snooze of '
/** What waits for a snooze of this alert. */
export const snoozeOf = (alertId: AlertId): string => `${snoozePrefix}${alertId}`

/** What waits for the end of a snooze is told at another end. Whether there is a reminder among it. */
export async function moveSnooze(change: Change, { alertId, until }: { alertId: AlertId; until: Date }): Promise<boolean> {
  const { rows } = await change.tx.query<{ kind: NoticeKind }>(
    `update alert_notice set due_at = $3 where org_id = $1 and waits_for = $2 and decided_at is null returning kind`,
    [change.orgId, snoozeOf(alertId), until],
  )
  return rows.some(({ kind }) => kind === 'reminder')
}

const later = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * 1000)
