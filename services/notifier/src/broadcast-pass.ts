import { system } from '@tocsin/contract/actor'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { expandBroadcast, orgsToBroadcast } from '@tocsin/domain/subscribers/broadcasts'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

const orgsMax = 100

/** One batch of rows for each org that has something to tell its subscribers: a large crowd holds up nobody else's. */
export async function broadcastPass(
  deps: Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'>,
  perMinute: number,
): Promise<PassResult> {
  let worked = false
  for (const orgId of await orgsToBroadcast(deps.db, orgsMax))
    try {
      const more = await deps.journal.change(orgId, system('notifier'), (change) => expandBroadcast(change, { perMinute }))
      worked ||= more
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      deps.log.error({ err: error, orgId }, 'A message could not be planned for subscribers.')
    }
  return worked ? 'worked' : 'idle'
}
