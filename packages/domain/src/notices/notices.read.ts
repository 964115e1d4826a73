import type { AlertRule } from '@tocsin/contract/api/alert-rules'
import type { AlertState } from '@tocsin/contract/api/alerts'
import type { AlertId, AlertNoticeId, AlertRuleId, OrgId, SiteId } from '@tocsin/contract/ids'
import type { NoticeAlert, NoticeKind } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import type { Sql } from '@tocsin/db/transaction'
import { snoozePrefix } from './notices.ts'

export interface DueGroup {
  /** Null: the rule is gone. */
  readonly ruleId: AlertRuleId | null
  readonly groupKey: string
}

export interface WaitingNotice {
  readonly id: AlertNoticeId
  readonly alertId: AlertId
  readonly ruleId: AlertRuleId | null
  readonly groupKey: string
  readonly kind: NoticeKind
  readonly severity: Severity
  readonly step: number | null
  readonly round: number | null
  readonly waitsFor: string | null
}

/** What has to be known of an alert to tell of it, or not to. */
export interface AlertToTell {
  readonly id: AlertId
  readonly ruleId: AlertRuleId | null
  readonly ruleName: string
  readonly subject: string
  readonly parents: readonly string[]
  readonly outage: boolean
  readonly site: { id: SiteId; name: string; url: string } | null
  readonly labels: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly source: string
  readonly title: string
  readonly facts: Pick<NoticeAlert, 'topic' | 'description' | 'impact' | 'action' | 'facts' | 'path'>
  readonly severity: Severity
  readonly state: AlertState
  readonly snoozedUntil: Date | null
  readonly flapping: boolean
  readonly triggeredAt: Date
  readonly acknowledgedAt: Date | null
  readonly resolvedAt: Date | null
  /** How often its escalation has begun. */
  readonly rounds: number
  /** Something of it was told, or would have been to anybody who wants such things. */
  readonly spoken: boolean
}

/** In the way of `round`: orgs with something to tell. */
export const orgsWithDueNotices = 'select org_id as "orgId" from orgs_with_due_notices($1, $2, $3)'

/** Critical ones first, as the day's messages may be few. Held until the change commits. Those that somebody is planning for, or telling of, at this moment have their turn with the next pass. */
export async function lockDueGroups(sql: Sql, input: { orgId: OrgId; now: Date; limit: number }): Promise<DueGroup[]> {
  const { rows } = await sql.query<DueGroup>(
    `with due as (
       select coalesce(n.rule_id, '') as rule_id, n.group_key, bool_or(n.severity = 'critical') as critical, min(n.due_at) as due_at
       from alert_notice n
       where n.org_id = $1 and n.decided_at is null and n.due_at <= $2
       group by 1, 2 order by 3 desc, 4, 1, 2 limit $3
     )
     select nullif(g.rule_id, '') as "ruleId", g.group_key as "groupKey"
     from due join alert_group g on g.org_id = $1 and g.rule_id = due.rule_id and g.group_key = due.group_key
     order by due.critical desc, due.due_at, due.rule_id, due.group_key
     for update of g skip locked`,
    [input.orgId, input.now, input.limit],
  )
  return rows
}

/**
 * What is told with the turns of these groups, one group after the other: what is due, what waits for the turn, and with a reminder those
 * that would follow it soon. All that there is of an alert comes together.
 */
export async function readTurns(
  sql: Sql,
  input: { orgId: OrgId; groups: readonly DueGroup[]; now: Date; limit: number },
): Promise<WaitingNotice[]> {
  const { rows } = await sql.query<WaitingNotice>(
    `select w.id, w.alert_id as "alertId", w.rule_id as "ruleId", w.group_key as "groupKey", w.kind, w.severity, w.step, w.round,
       w.waits_for as "waitsFor"
     from unnest($2::text[], $3::text[]) with ordinality as named (rule_id, group_key, place)
     join alert_group g on g.org_id = $1 and g.rule_id = coalesce(named.rule_id, '') and g.group_key = named.group_key
     left join alert_rule r on r.id = named.rule_id
     cross join lateral (
       select n.*, bool_or(n.repeats and n.due_at <= $4) over () as repeating
       from (
         select n.*, n.kind = 'reminder' and n.round is null and coalesce(n.waits_for = $6 || n.alert_id, true) as repeats
         from alert_notice n
         where n.org_id = $1 and n.rule_id is not distinct from named.rule_id and n.group_key = named.group_key and n.decided_at is null
       ) n
     ) w
     where w.due_at <= $4 or (w.due_at <= g.next_at and w.kind not in ('reminder', 'escalated') and w.waits_for is null)
       or (w.repeats and w.repeating and w.due_at <= $4 + make_interval(mins => (r.config ->> 'repeatMinutes')::int) / 2)
     order by named.place, w.alert_id, w.created_at, w.id
     limit $5`,
    [
      input.orgId,
      input.groups.map(({ ruleId }) => ruleId),
      input.groups.map(({ groupKey }) => groupKey),
      input.now,
      input.limit,
      snoozePrefix,
    ],
  )
  return rows
}

/** They stay until the change commits. A site that is gone is named as it was. */
export async function readAlertsToTell(sql: Sql, alertIds: readonly AlertId[]): Promise<AlertToTell[]> {
  const { rows } = await sql.query<AlertToTell>(
    `select a.id, a.rule_id as "ruleId", a.rule_name as "ruleName", a.subject, a.parents, a.outage,
       case when s.id is null then nullif(a.facts -> 'site', 'null') else jsonb_build_object('id', s.id, 'name', s.name, 'url', s.url) end
         as site,
       a.labels, a.tags, a.source, a.title, a.facts, a.severity, a.state, a.snoozed_until as "snoozedUntil", a.flapping,
       a.triggered_at as "triggeredAt", a.acknowledged_at as "acknowledgedAt", a.resolved_at as "resolvedAt",
       coalesce((select max(n.round) from alert_notice n where n.alert_id = a.id), 0) as rounds,
       exists (
         select from alert_decision d where d.alert_id = a.id and (d.receiver_kind <> 'none' or d.reason = 'no_receiver')
       ) as spoken
     from alert a left join site s on s.id = a.site_id
     where a.id = any ($1) order by a.id for key share of a`,
    [alertIds],
  )
  return rows
}

export type TellingRule = Pick<AlertRule, 'id' | 'name' | 'enabled' | 'notify' | 'repeatMinutes' | 'escalation'>

export async function readTellingRules(sql: Sql, ruleIds: readonly AlertRuleId[]): Promise<TellingRule[]> {
  const { rows } = await sql.query<TellingRule>(
    `select id, name, enabled, config -> 'notify' as notify, (config ->> 'repeatMinutes')::int as "repeatMinutes",
       nullif(config -> 'escalation', 'null') as escalation
     from alert_rule where id = any ($1)`,
    [ruleIds],
  )
  return rows
}

/** Of each group, whatever is told of them, and whether its rule is still there or not; in the order of the input. */
export async function countOpen(sql: Sql, orgId: OrgId, groups: readonly DueGroup[]): Promise<number[]> {
  const { rows } = await sql.query<{ open: number }>(
    `select (
       select count(*) from alert a
       where a.org_id = $1 and a.group_key = g.group_key and a.state <> 'resolved'
         -- Two ways into one index.
         and (a.rule_id = g.rule_id or (a.rule_id is null and a.labels ->> 'rule' is not distinct from g.rule_id))
     ) as open
     from unnest($2::text[], $3::text[]) with ordinality as g (rule_id, group_key, place) order by g.place`,
    [orgId, groups.map(({ ruleId }) => ruleId), groups.map(({ groupKey }) => groupKey)],
  )
  return rows.map(({ open }) => open)
}

export interface ToldRow {
  readonly alertId: AlertId
  readonly receiverId: string
  readonly told: boolean
  readonly reason: string
  readonly until: Date | null
}

/** The detail of a decision to tell that an alert no longer flaps, when it is over too. */
export const steadyAndOver = 'It is over.'

/**
 * Who knows that the alerts are open, or will by a digest. A message that was given up told nothing, and whoever was told of the end knows
 * of no alert any more.
 */
export async function readTold(sql: Sql, alertIds: readonly AlertId[]): Promise<ToldRow[]> {
  const { rows } = await sql.query<ToldRow>(
    `with heard as (
       select d.alert_id, d.receiver_id, d.at, d.reason, d.until, d.verdict = 'sent' or coalesce(v.state <> 'held', true) as told,
         max(d.at) filter (where d.notice = 'resolved' or d.detail = $2) over (partition by d.alert_id, d.receiver_id) as over_at
       from alert_decision d left join delivery v on v.id = d.delivery_id
       where d.alert_id = any ($1) and d.verdict in ('sent', 'held') and d.notice <> 'acknowledged'
         and coalesce(v.state, '') not in ('exhausted', 'dropped')
     )
     select distinct on (h.alert_id, h.receiver_id) h.alert_id as "alertId", h.receiver_id as "receiverId", h.told, h.reason, h.until
     from heard h
     where h.over_at is null or h.at > h.over_at
     order by h.alert_id, h.receiver_id, h.told desc, h.at`,
    [alertIds, steadyAndOver],
  )
  return rows
}

export interface OutageRow {
  readonly alertId: AlertId
  readonly subject: string
  readonly parents: readonly string[]
  readonly triggeredAt: Date
}

/** Of an org with more outages than this nobody asks which of them explains which. */
const outagesMax = 1_000

export async function openOutages(sql: Sql, orgId: OrgId): Promise<OutageRow[]> {
  const { rows } = await sql.query<OutageRow>(
    `select id as "alertId", subject, parents, triggered_at as "triggeredAt" from alert
     where org_id = $1 and outage and state <> 'resolved' order by triggered_at, id limit $2`,
    [orgId, outagesMax],
  )
  return rows
}
