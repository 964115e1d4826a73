import { z } from 'zod'
import { Maintenance } from '../api/maintenances.ts'
import { defineEvent } from '../event.ts'

const data = z.object({ maintenance: Maintenance })

export const maintenanceScheduled = defineEvent('maintenance.scheduled', { doc: 'A maintenance is planned.', data })
export const maintenanceUpdated = defineEvent('maintenance.updated', {
  doc: 'A maintenance was changed or moved, or its work is done and being looked at.',
  data,
})
export const maintenanceReminded = defineEvent('maintenance.reminded', {
  doc: 'A maintenance begins soon: subscribers are reminded.',
  data,
})
export const maintenanceStarted = defineEvent('maintenance.started', { doc: 'A maintenance has begun.', data })
export const maintenanceCompleted = defineEvent('maintenance.completed', { doc: 'A maintenance is over.', data })
export const maintenanceCancelled = defineEvent('maintenance.cancelled', { doc: 'A maintenance was called off.', data })
