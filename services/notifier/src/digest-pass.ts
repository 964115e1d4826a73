import { system } from '@tocsin/contract/actor'
import type { OrgId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { dayOf, orgsToReset, resetBreaker } from '@tocsin/domain/alert-days/alert-days'
import { planDigest, type Quiet, receiversToDigest } from '@tocsin/domain/deliveries/digests'
import type { DigestReceiver } from '@tocsin/domain/deliveries/digests.read'
import { getSchedule } from '@tocsin/domain/people/people.read'
import { quietUntil } from '@tocsin/domain/people/quiet-hours'
import type { Change } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

const batch = 100

/**
 * What was held is told in one message to each receiver when its time has come; and a new day is announced to whoever had reached the limit.
 * An org for which that fails is tried again with the next pass, and holds up nobody else.
 */
export async function digestPass(deps: Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'>): Promise<PassResult> {
  const { db, journal, clock, log } = deps
  const now = clock.now()
  let worked = false
  async function attempt(orgId: OrgId, work: (change: Change) => Promise<boolean>): Promise<void> {
    try {
      worked = (await journal.change(orgId, system('notifier'), work)) || worked
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      log.error({ err: error, orgId }, 'A digest, or the end of a day, could not be planned.')
    }
  }
  for (const { orgId, receiver } of await receiversToDigest(db, now, batch))
    await attempt(orgId, async (change) => planDigest(change, { receiver, quiet: await quietOf(change, receiver) }))
  for (const orgId of await orgsToReset(db, dayOf(now), batch)) await attempt(orgId, resetBreaker)
  return worked ? 'worked' : 'idle'
}

/** What was held for another reason may have its time in quiet hours too. */
async function quietOf(change: Change, receiver: DigestReceiver): Promise<Quiet | null> {
  if (!('userId' in receiver)) return null
  const schedule = await getSchedule(change.tx, receiver.userId)
  const until = quietUntil(schedule, change.now)
  return until && { until, unlessCritical: schedule.criticalOverrides }
}
