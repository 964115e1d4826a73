import * as api from '@tocsin/contract/api/incidents'
import { addIncidentUpdate, createIncident, editIncidentUpdate, updateIncident } from '@tocsin/domain/incidents/incidents'
import { getIncident, listIncidents, listIncidentUpdates } from '@tocsin/domain/incidents/incidents.read'
import { change, list, type Route, read } from '../http/route.ts'

export const incidentRoutes = (): Route[] => [
  list(api.listIncidents, (sql, { query }) => listIncidents(sql, query)),
  change(api.createIncident, (change, { body }) => createIncident(change, body)),
  read(api.getIncident, (sql, { params }) => getIncident(sql, params.incidentId)),
  change(api.updateIncident, (change, { params, body, ifVersion }) =>
    updateIncident(change, { ...params, changes: body, ifVersion }),
  ),
  list(api.listIncidentUpdates, (sql, { params, query }) => listIncidentUpdates(sql, { ...params, ...query })),
  change(api.addIncidentUpdate, (change, { params, body }) => addIncidentUpdate(change, { ...params, ...body })),
  change(api.editIncidentUpdate, (change, { params, body }) => editIncidentUpdate(change, { ...params, ...body })),
]
