import { system } from '@tocsin/contract/actor'
import { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import type { OrgId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { type AlertDay, lockAlertDay, saveAlertDay } from '@tocsin/domain/alert-days/alert-days'
import { planDeliveries } from '@tocsin/domain/deliveries/deliveries'
import { closeTurn, recordDecisions } from '@tocsin/domain/notices/decisions'
import { planFollowUps, postponeNotices } from '@tocsin/domain/notices/follow-ups'
import { wakeNotices } from '@tocsin/domain/notices/notices'
import { type DueGroup, lockDueGroups, orgsWithDueNotices } from '@tocsin/domain/notices/notices.read'
import { addNotifications } from '@tocsin/domain/people/notifications'
import type { Change } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import { round } from '@tocsin/journal/round'
import type { PassResult } from '@tocsin/process/loop'
import { type Decided, decide } from './dispatch/decide.ts'
import { type OrgWorld, readGroupWorld, readOrgWorld } from './dispatch/read-world.ts'

/** Of one change, so that it stays short: a change holds back everything else that happens in the org. */
const groupsMax = 20
const noticesMax = 1_000

export type DispatchDeps = Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'> & { readonly mail: boolean }

/**
 * Decides who hears of what is due, group by group, and why or why not. A group is held by whoever decides it, so that replicas share
 * the groups and none is decided twice. An org for which that fails is tried again with the next pass, and holds up nobody else.
 */
export async function dispatchPass(deps: DispatchDeps, signal?: AbortSignal): Promise<PassResult> {
  let worked = false
  for await (const orgId of round(deps.db, orgsWithDueNotices, [deps.clock.now()], signal)) {
    try {
      worked = (await dispatchOrg(deps, orgId)) || worked
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      deps.log.error({ err: error, orgId }, 'It could not be decided who hears of alerts.')
    }
  }
  return worked ? 'worked' : 'idle'
}

/** Whether anything was due. */
function dispatchOrg({ journal, mail }: DispatchDeps, orgId: OrgId): Promise<boolean> {
  return journal.change(orgId, system('notifier'), async (change) => {
    const groups = await lockDueGroups(change.tx, { orgId, now: change.now, limit: groupsMax })
    if (groups.length === 0) return false
    const org = await readOrgWorld(change, groups, mail)
    // Locked last of what is read: other replicas wait here while they decide about other groups.
    const before = await lockAlertDay(change)
    let day = before
    let room = noticesMax
    for (const group of groups) {
      if (room <= 0) break
      const { notices, day: next } = await dispatchGroup(change, group, { org, day, room })
      day = next
      room -= notices
    }
    if (day !== before) await saveAlertDay(change, day)
    if (day.trippedAt && !before.trippedAt) change.emit(circuitBreakerTripped, { day: day.day, limit: org.limits.daily })
    return true
  })
}

async function dispatchGroup(
  change: Change,
  group: DueGroup,
  { org, day, room }: { org: OrgWorld; day: AlertDay; room: number },
): Promise<{ notices: number; day: AlertDay }> {
  const world = await readGroupWorld(change, group, { org, day, limit: room })
  const decided = decide(world)
  await keep(change, group, decided)
  return { notices: world.notices.length, day: decided.day }
}

/** Of one statement: a message to people may be tens of kilobytes. */
const messagesMax = 100

async function keep(change: Change, group: DueGroup, decided: Decided): Promise<void> {
  const ids: Awaited<ReturnType<typeof planDeliveries>> = []
  for (let from = 0; from < decided.deliveries.length; from += messagesMax)
    ids.push(...(await planDeliveries(change, decided.deliveries.slice(from, from + messagesMax))))
  await recordDecisions(
    change,
    decided.decisions.map(({ delivery, ...decision }) => ({
      ...decision,
      deliveryId: delivery === null ? null : (ids[delivery] ?? null),
    })),
  )
  await addNotifications(
    change,
    decided.feed.map(({ userId, alert, kind }) => ({
      userId,
      alertId: alert.id,
      kind,
      severity: alert.severity,
      title: alert.title,
      site: alert.site?.name ?? null,
      path: alert.facts.path,
    })),
  )
  await planFollowUps(change, group, decided.followUps)
  await postponeNotices(change, decided.postponed)
  // Those that were muted while nobody had said yet that their parent is back.
  if (decided.outagesOver.length > 0) await wakeNotices(change, { waitFor: decided.outagesOver, at: change.now })
  await closeTurn(change, group, decided.told)
}
