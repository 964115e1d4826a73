import { system } from '@tocsin/contract/actor'
import { alertSuppressed } from '@tocsin/contract/events/alerts'
import { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import type { OrgId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { lockAlertDay, saveAlertDay } from '@tocsin/domain/alert-days/alert-days'
import { planDeliveries } from '@tocsin/domain/deliveries/deliveries'
import { closeTurns, recordDecisions } from '@tocsin/domain/notices/decisions'
import { planFollowUps, postponeNotices } from '@tocsin/domain/notices/follow-ups'
import { wakeNotices } from '@tocsin/domain/notices/notices'
import { type DueGroup, lockDueGroups, orgsWithDueNotices } from '@tocsin/domain/notices/notices.read'
import { addNotifications, type NewNotification } from '@tocsin/domain/people/notifications'
import type { Change } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import { round } from '@tocsin/journal/round'
import type { PassResult } from '@tocsin/process/loop'
import { type Decided, decide } from './dispatch/decide.ts'
import { readOrgWorld, readTurnWorlds } from './dispatch/read-world.ts'

/** Of one change, so that it stays short: a change holds back everything else that happens in the org. */
const groupsMax = 100
const noticesMax = 1_000
const decisionsMax = 20_000

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
    const limit = Math.min(noticesMax, Math.ceil(decisionsMax / Math.max(1, org.receivers.length)))
    const turns = await readTurnWorlds(change, groups, org, limit)
    // Locked last of what is read: other replicas wait here while they decide about other groups.
    const before = await lockAlertDay(change)
    let day = before
    const decided = turns.map(({ group, world }) => {
      const decision = decide({ ...world, day })
      day = decision.day
      return { group, decision }
    })
    await keep(change, decided)
    if (day !== before) await saveAlertDay(change, day)
    if (day.trippedAt && !before.trippedAt) change.emit(circuitBreakerTripped, { day: day.day, limit: org.limits.daily })
    return true
  })
}

/** Of one statement: a message to people may be tens of kilobytes. */
const messagesMax = 100

/** A few statements, however many groups there are. */
async function keep(change: Change, decided: readonly { group: DueGroup; decision: Decided }[]): Promise<void> {
  const deliveries = decided.flatMap(({ decision }) => decision.deliveries)
  const ids: Awaited<ReturnType<typeof planDeliveries>> = []
  for (let from = 0; from < deliveries.length; from += messagesMax)
    ids.push(...(await planDeliveries(change, deliveries.slice(from, from + messagesMax))))
  let place = 0
  const decisions = decided.flatMap(({ decision }) => {
    const first = place
    place += decision.deliveries.length
    return decision.decisions.map(({ delivery, ...rest }) => ({
      ...rest,
      deliveryId: delivery === null ? null : (ids[first + delivery] ?? null),
    }))
  })
  await recordDecisions(change, decisions)
  for (const { alertId, receiver, notice, reason, until } of decisions)
    if (receiver.kind === 'none') change.emit(alertSuppressed, { alertId, notice, reason, until: until?.toISOString() ?? null })
  await addNotifications(
    change,
    decided.flatMap(({ decision }) => decision.feed.map(notificationOf)),
  )
  await planFollowUps(
    change,
    decided.flatMap(({ group, decision }) => decision.followUps.map((each) => ({ ...each, ...group }))),
  )
  await postponeNotices(
    change,
    decided.flatMap(({ decision }) => decision.postponed),
  )
  // Those that were muted while nobody had said yet that their parent is back.
  const outagesOver = decided.flatMap(({ decision }) => decision.outagesOver)
  if (outagesOver.length > 0) await wakeNotices(change, { waitFor: outagesOver, at: change.now })
  await closeTurns(
    change,
    decided.map(({ group, decision }) => ({ ...group, told: decision.told })),
  )
}

const notificationOf = ({ userId, alert, kind }: Decided['feed'][number]): NewNotification => ({
  userId,
  alertId: alert.id,
  kind,
  severity: alert.severity,
  title: alert.title,
  site: alert.site?.name ?? null,
  path: `/alerts/${alert.id}`,
})
