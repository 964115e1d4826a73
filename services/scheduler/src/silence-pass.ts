import { system } from '@tocsin/contract/actor'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { expireOldSilences, orgsToExpire } from '@tocsin/domain/silences/silences'
import type { Foundation } from '@tocsin/journal/foundation'
import { round } from '@tocsin/journal/round'
import type { PassResult } from '@tocsin/process/loop'

/** Silences end by themselves. Those of an org that cannot be ended are tried again, and hold up no other. */
export async function silencePass(
  deps: Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'>,
  signal?: AbortSignal,
): Promise<PassResult> {
  const { db, journal, clock, log } = deps
  let worked = false
  for await (const orgId of round(db, orgsToExpire, [clock.now()], signal))
    try {
      worked = (await journal.change(orgId, system('scheduler'), expireOldSilences)) || worked
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      log.error({ err: error, orgId }, 'A silence could not be ended.')
    }
  return worked ? 'worked' : 'idle'
}
