import { system } from '@tocsin/contract/actor'
import { calmAlerts } from '@tocsin/domain/alerts/alerts'
import type { Foundation } from '@tocsin/journal/foundation'
import { round } from '@tocsin/journal/round'
import type { PassResult } from '@tocsin/process/loop'

/** What flapped and has not changed for long enough is said to be steady. Nothing happens then that could say so: time has to be watched. */
export async function steadyPass(deps: Pick<Foundation, 'db' | 'journal' | 'clock'>, signal?: AbortSignal): Promise<PassResult> {
  let worked = false
  const steady = 'select org_id as "orgId" from orgs_with_steady_alerts($1, $2, $3)'
  for await (const orgId of round(deps.db, steady, [deps.clock.now()], signal))
    worked = (await deps.journal.change(orgId, system('notifier'), calmAlerts)) > 0 || worked
  return worked ? 'worked' : 'idle'
}
