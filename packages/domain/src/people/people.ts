import type { PreferenceSettings, Schedule } from '@tocsin/contract/api/preferences'
import { preferenceChanged } from '@tocsin/contract/events/people'
import type { AlertRuleId, UserId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'

/** Whose word it is: a person's about one rule, a person's about all of them, or the org's. */
export type Level = { userId: UserId; ruleId: AlertRuleId | null } | { userId: null; ruleId: null }

/** In the place of what was said before; to say nothing is to leave it to the level behind. */
export async function setPreferences(change: Change, { userId, ruleId }: Level, settings: PreferenceSettings): Promise<void> {
  const { tx, orgId, now } = change
  if (ruleId !== null) await lockRule(change, ruleId)
  const place = [orgId, userId, ruleId]
  const { rowCount } =
    Object.keys(settings).length === 0
      ? await tx.query(
          'delete from preference where org_id = $1 and user_id is not distinct from $2 and rule_id is not distinct from $3',
          place,
        )
      : await tx.query(
          `insert into preference (org_id, user_id, rule_id, settings, updated_at) values ($1, $2, $3, $4, $5)
           on conflict (org_id, user_id, rule_id) do update set settings = excluded.settings, updated_at = excluded.updated_at
           where preference.settings is distinct from excluded.settings`,
          [...place, JSON.stringify(settings), now],
        )
  if (rowCount > 0) change.emit(preferenceChanged, { userId, alertRuleId: ruleId, about: 'settings' })
}

async function lockRule(change: Change, ruleId: AlertRuleId): Promise<void> {
  const { rows } = await change.tx.query('select 1 from alert_rule where id = $1 for key share', [ruleId])
  if (rows.length === 0) throw new Refusal('not_found', 'No such alert rule.')
}

export async function setSchedule(change: Change, userId: UserId, schedule: Schedule): Promise<void> {
  const { rowCount } = await change.tx.query(
    `insert into member_schedule as kept (org_id, user_id, zone, windows, critical_overrides, daily_digest_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (org_id, user_id) do update set zone = excluded.zone, windows = excluded.windows,
       critical_overrides = excluded.critical_overrides, daily_digest_at = excluded.daily_digest_at, updated_at = excluded.updated_at
     where (kept.zone, kept.windows, kept.critical_overrides, kept.daily_digest_at)
       is distinct from (excluded.zone, excluded.windows, excluded.critical_overrides, excluded.daily_digest_at)`,
    [
      change.orgId,
      userId,
      schedule.zone,
      JSON.stringify(schedule.windows),
      schedule.criticalOverrides,
      schedule.dailyDigestAt,
      change.now,
    ],
  )
  if (rowCount > 0) change.emit(preferenceChanged, { userId, alertRuleId: null, about: 'schedule' })
}
