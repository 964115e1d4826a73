import { z } from 'zod'
import { Incident, IncidentUpdate } from '../api/incidents.ts'
import { defineEvent } from '../event.ts'

const data = z.object({
  incident: Incident,
  update: IncidentUpdate.nullable().meta({ description: 'What was said with it; null: it was only corrected.' }),
})

export const incidentCreated = defineEvent('incident.created', { doc: 'An incident was opened.', data })
export const incidentUpdated = defineEvent('incident.updated', { doc: 'An incident goes on, or was corrected.', data })
export const incidentResolved = defineEvent('incident.resolved', {
  doc: 'An incident is over; its components are set back unless something else holds them.',
  data,
})
