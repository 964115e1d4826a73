import { createHash } from 'node:crypto'
import type { AlertId, AlertRuleId } from '@tocsin/contract/ids'
import { destinationsToTell } from '@tocsin/domain/destinations/destinations.read'
import { activeMaintenances } from '@tocsin/domain/maintenances/maintenances.read'
import {
  type AlertToTell,
  countOpen,
  type DueGroup,
  openOutages,
  readAlertsToTell,
  readTellingRules,
  readTold,
  readTurns,
  type TellingRule,
  type ToldRow,
} from '@tocsin/domain/notices/notices.read'
import { getOrg } from '@tocsin/domain/orgs/orgs'
import { type PersonSettings, readPeople } from '@tocsin/domain/people/people.read'
import { nextTimeOfDay, quietUntil } from '@tocsin/domain/people/quiet-hours'
import { activeSilences } from '@tocsin/domain/silences/silences.read'
import type { Change } from '@tocsin/journal/change'
import { type GroupWorld, type MemberReceiver, type Mutes, nextHour, type TellReason, type Told, toldKey } from './world.ts'

/** What is the same for all groups of an org. */
export interface OrgWorld extends Pick<GroupWorld, 'receivers' | 'mutes' | 'mail' | 'limits'> {
  readonly rules: ReadonlyMap<AlertRuleId, TellingRule>
}

export async function readOrgWorld(change: Change, groups: readonly DueGroup[], mail: boolean): Promise<OrgWorld> {
  const { tx, orgId, now } = change
  const ruleIds = [...new Set(groups.flatMap(({ ruleId }) => ruleId ?? []))]
  const rules = await readTellingRules(tx, ruleIds)
  const destinations = await destinationsToTell(tx)
  const people = await readPeople(tx, ruleIds)
  const org = await getOrg(tx, orgId)
  return {
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    receivers: [
      ...destinations.map((destination) => ({ ...destination, kind: 'destination' as const })),
      ...people.map((person) => memberOf(person, now)),
    ],
    mutes: await readMutes(change),
    mail,
    limits: { daily: org.dailyAlertLimit, criticalReserve: org.dailyCriticalReserve },
  }
}

/** A group whose turn has come, and all that is known when it is decided but how many messages are left by then. */
export interface Turn {
  readonly group: DueGroup
  readonly world: Omit<GroupWorld, 'day'>
}

/** Those that have no room have their turn with the next pass. */
export async function readTurnWorlds(
  { tx, orgId, now }: Change,
  groups: readonly DueGroup[],
  { rules, ...org }: OrgWorld,
  limit: number,
): Promise<Turn[]> {
  const notices = wholeAlerts(await readTurns(tx, { orgId, groups, now, limit: limit + 1 }), limit)
  const alertIds = [...new Set(notices.map(({ alertId }) => alertId))]
  const alerts = new Map((await readAlertsToTell(tx, alertIds)).map((alert) => [alert.id, alert]))
  const told = Map.groupBy(await readTold(tx, alertIds), ({ alertId }) => alertId)
  const open = await countOpen(tx, orgId, groups)
  const byGroup = Map.groupBy(
    notices.filter(({ alertId }) => alerts.has(alertId)),
    keyOf,
  )
  return groups.flatMap((group, index): Turn[] => {
    const own = byGroup.get(keyOf(group))
    if (!own) return []
    const known = [...new Set(own.map(({ alertId }) => alertId))].flatMap((alertId) => told.get(alertId) ?? [])
    const world = {
      ...org,
      now,
      rule: (group.ruleId && rules.get(group.ruleId)) ?? null,
      ruleId: group.ruleId,
      dedupKey: createHash('sha256')
        .update(`${orgId} ${keyOf(group)}`)
        .digest('hex')
        .slice(0, 32),
      open: open[index] ?? 0,
      notices: own,
      alerts,
      told: new Map(known.map((row) => [toldKey(row.alertId, row.receiverId), toldOf(row)])),
    }
    return [{ group, world }]
  })
}

const keyOf = ({ ruleId, groupKey }: DueGroup): string => `${ruleId} ${groupKey}`

/** Where the limit has cut, the last alert may miss some of its notices: it is left for the next turn. */
function wholeAlerts<Row extends { alertId: AlertId }>(rows: readonly Row[], limit: number): readonly Row[] {
  const last = rows.at(-1)
  if (!last || rows.length <= limit || rows[0]?.alertId === last.alertId) return rows
  return rows.filter(({ alertId }) => alertId !== last.alertId)
}

function memberOf({ userId, name, email, levels, schedule }: PersonSettings, now: Date): MemberReceiver {
  const afterQuiet = (at: Date): Date => quietUntil(schedule, at) ?? at
  return {
    kind: 'member',
    id: userId,
    name,
    address: email,
    levels,
    times: {
      quietUntil: quietUntil(schedule, now),
      criticalOverrides: schedule.criticalOverrides,
      hourlyAt: afterQuiet(nextHour(now)),
      dailyAt: afterQuiet(nextTimeOfDay({ zone: schedule.zone, time: schedule.dailyDigestAt }, now)),
    },
  }
}

async function readMutes({ tx, orgId, now }: Change): Promise<Mutes> {
  const maintenances = await activeMaintenances(tx, now)
  return {
    silences: await activeSilences(tx, now),
    maintenances: maintenances.map(({ maintenanceId, title, endsAt, siteIds, componentIds }) => {
      const subjects = new Set([...siteIds.map((id) => `site:${id}`), ...componentIds.map((id) => `component:${id}`)])
      return {
        id: maintenanceId,
        title,
        endsAt,
        covers: ({ site, subject, parents }: AlertToTell) =>
          [site ? `site:${site.id}` : '', subject, ...parents].some((name) => subjects.has(name)),
      }
    }),
    outages: await openOutages(tx, orgId),
  }
}

function toldOf({ told, reason, until }: ToldRow): Told {
  // A decision that holds has one of the reasons for which a message is held.
  return told ? { state: 'told' } : { state: 'held', reason: reason as TellReason, until }
}
