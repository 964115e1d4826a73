import type { PreferenceSettings, Preferences, Schedule } from '@tocsin/contract/api/preferences'
import type { AlertRuleId, UserId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { securityEventTypes } from '@tocsin/contract/security-notice'
import type { Sql } from '@tocsin/db/transaction'
import { explainPreference, type PreferenceLevels } from './preferences.ts'

/** A member as far as alerts are concerned. */
export interface PersonSettings {
  readonly userId: UserId
  readonly name: string
  readonly email: string
  readonly levels: PreferenceLevels
  readonly schedule: Schedule
}

const defaultSchedule: Schedule = { zone: 'UTC', windows: [], criticalOverrides: true, dailyDigestAt: '08:00' }

/** Every member, with what they say of these rules: what they say of others is not read. */
export async function readPeople(sql: Sql, ruleIds: readonly AlertRuleId[]): Promise<PersonSettings[]> {
  const { rows: members } = await sql.query<Pick<PersonSettings, 'userId' | 'name' | 'email'> & ScheduleRow>(
    `select m.account_id as "userId", a.name, a.email, ${scheduleColumns}
     from member m join account a on a.id = m.account_id
     left join member_schedule s on s.org_id = m.org_id and s.user_id = m.account_id
     order by m.joined_at, m.account_id`,
  )
  const said = await readSaid(sql, ruleIds)
  const org = said.find(({ userId }) => userId === null)?.settings ?? null
  const byUser = Map.groupBy(said, ({ userId }) => userId)
  return members.map(({ userId, name, email, ...schedule }) => ({
    userId,
    name,
    email,
    levels: levelsOf(byUser.get(userId) ?? [], org),
    schedule: scheduleOf(schedule),
  }))
}

interface SaidRow {
  userId: UserId | null
  ruleId: AlertRuleId | null
  settings: PreferenceSettings
}

async function readSaid(sql: Sql, ruleIds: readonly AlertRuleId[]): Promise<SaidRow[]> {
  const { rows } = await sql.query<SaidRow>(
    'select user_id as "userId", rule_id as "ruleId", settings from preference where rule_id is null or rule_id = any ($1)',
    [ruleIds],
  )
  return rows
}

function levelsOf(said: readonly SaidRow[], org: PreferenceSettings | null): PreferenceLevels {
  return {
    rules: new Map(said.flatMap(({ ruleId, settings }) => (ruleId === null ? [] : [[ruleId, settings] as const]))),
    user: said.find(({ ruleId }) => ruleId === null)?.settings ?? null,
    org,
  }
}

interface ScheduleRow {
  zone: string | null
  windows: Schedule['windows'] | null
  criticalOverrides: boolean | null
  dailyDigestAt: string | null
}

const scheduleColumns = 's.zone, s.windows, s.critical_overrides as "criticalOverrides", s.daily_digest_at as "dailyDigestAt"'

const scheduleOf = (row: ScheduleRow | undefined): Schedule => ({
  zone: row?.zone ?? defaultSchedule.zone,
  windows: row?.windows ?? defaultSchedule.windows,
  criticalOverrides: row?.criticalOverrides ?? defaultSchedule.criticalOverrides,
  dailyDigestAt: row?.dailyDigestAt ?? defaultSchedule.dailyDigestAt,
})

export async function getSchedule(sql: Sql, userId: UserId): Promise<Schedule> {
  const { rows } = await sql.query<ScheduleRow>(`select ${scheduleColumns} from member_schedule s where s.user_id = $1`, [userId])
  return scheduleOf(rows[0])
}

/** What one person, or the org, has said: by rule, with the rule's name. */
async function readLevels(sql: Sql, userId: UserId | null): Promise<{ levels: PreferenceLevels; rules: Preferences['rules'] }> {
  const { rows } = await sql.query<SaidRow & { name: string | null }>(
    `select p.user_id as "userId", p.rule_id as "ruleId", p.settings, r.name
     from preference p left join alert_rule r on r.id = p.rule_id
     where p.user_id is null or p.user_id = $1
     order by r.created_at, r.id`,
    [userId],
  )
  const org = rows.find((row) => row.userId === null)?.settings ?? null
  const own = rows.filter((row) => row.userId !== null)
  const rules = own.flatMap(({ ruleId, name, settings }) =>
    ruleId !== null && name !== null ? [{ alertRuleId: ruleId, name, settings }] : [],
  )
  return { levels: levelsOf(own, org), rules }
}

export async function getPreferences(sql: Sql, userId: UserId): Promise<Preferences> {
  const { levels, rules } = await readLevels(sql, userId)
  return {
    settings: levels.user ?? {},
    effective: explainPreference(levels, null),
    rules,
    schedule: await getSchedule(sql, userId),
    security: { email: true, readOnly: true, events: [...securityEventTypes] },
  }
}

type PreferenceView = Pick<Preferences, 'settings' | 'effective'>

export async function getRulePreferences(sql: Sql, userId: UserId, ruleId: AlertRuleId): Promise<PreferenceView> {
  const { rows } = await sql.query('select 1 from alert_rule where id = $1', [ruleId])
  if (rows.length === 0) throw new Refusal('not_found', 'No such alert rule.')
  const { levels } = await readLevels(sql, userId)
  return { settings: levels.rules.get(ruleId) ?? {}, effective: explainPreference(levels, ruleId) }
}

export async function getOrgPreferences(sql: Sql): Promise<PreferenceView> {
  const { levels } = await readLevels(sql, null)
  return { settings: levels.org ?? {}, effective: explainPreference(levels, null) }
}
