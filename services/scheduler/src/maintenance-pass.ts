import { system } from '@tocsin/contract/actor'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { advanceMaintenance } from '@tocsin/domain/maintenances/maintenances'
import { dueMaintenances } from '@tocsin/domain/maintenances/maintenances.read'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

const batch = 100

/** Windows are reminded of, begin and end by themselves. One that cannot be moved on is tried again, and holds up no other. */
export async function maintenancePass(deps: Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'>): Promise<PassResult> {
  const { db, journal, clock, log } = deps
  const due = await dueMaintenances(db, clock.now(), batch)
  let worked = false
  for (const { orgId, maintenanceId } of due)
    try {
      const moved = await journal.change(orgId, system('scheduler'), (change) => advanceMaintenance(change, { maintenanceId }))
      worked ||= moved
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      log.error({ err: error, orgId, maintenanceId }, 'A maintenance could not be moved on.')
    }
  return worked ? 'worked' : 'idle'
}
