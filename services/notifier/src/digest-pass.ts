import { system } from '@tocsin/contract/actor'
import { dayOf, orgsToReset, resetBreaker } from '@tocsin/domain/alert-days/alert-days'
import { destinationsToDigest, planDigest } from '@tocsin/domain/deliveries/digests'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

/** How long a message over the limit waits at most, and how far digests are apart at least. */
const digestMs = 3_600_000
const batch = 100

/** What was held over the daily limit is told in one mail an hour; and a new day is announced to whoever had reached the limit. */
export async function digestPass({ db, journal, clock }: Pick<Foundation, 'db' | 'journal' | 'clock'>): Promise<PassResult> {
  const now = clock.now()
  const before = new Date(now.getTime() - digestMs)
  const due = await destinationsToDigest(db, before, batch)
  let worked = false
  for (const { orgId, destinationId } of due)
    worked =
      (await journal.change(orgId, system('notifier'), (change) => planDigest(change, { destinationId, before }))) || worked
  const tripped = await orgsToReset(db, dayOf(now), batch)
  for (const orgId of tripped) await journal.change(orgId, system('notifier'), resetBreaker)
  return worked || tripped.length > 0 ? 'worked' : 'idle'
}
