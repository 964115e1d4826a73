import { system } from '@tocsin/contract/actor'
import type { OrgId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { dayOf, orgsToReset, resetBreaker } from '@tocsin/domain/alert-days/alert-days'
import { destinationsToDigest, planDigest } from '@tocsin/domain/deliveries/digests'
import type { Change } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

const batch = 100

/**
 * What was held over the daily limit is told in one mail an hour; and a new day is announced to whoever had reached the limit. An org for
 * which that fails is tried again with the next pass, and holds up nobody else.
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
  for (const { orgId, destinationId } of await destinationsToDigest(db, now, batch))
    await attempt(orgId, (change) => planDigest(change, { destinationId }))
  for (const orgId of await orgsToReset(db, dayOf(now), batch)) await attempt(orgId, resetBreaker)
  return worked ? 'worked' : 'idle'
}
