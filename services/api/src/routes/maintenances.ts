import * as api from '@tocsin/contract/api/maintenances'
import { scheduleMaintenance, stepMaintenance, updateMaintenance } from '@tocsin/domain/maintenances/maintenances'
import { getMaintenance, listMaintenances } from '@tocsin/domain/maintenances/maintenances.read'
import { change, list, type Route, read } from '../http/route.ts'

export const maintenanceRoutes = (): Route[] => [
  list(api.listMaintenances, (sql, { query }) => listMaintenances(sql, query)),
  change(api.scheduleMaintenance, (change, { body }) => scheduleMaintenance(change, body)),
  read(api.getMaintenance, (sql, { params }) => getMaintenance(sql, params.maintenanceId)),
  change(api.updateMaintenance, (change, { params, body, ifVersion }) =>
    updateMaintenance(change, { ...params, changes: body, ifVersion }),
  ),
  change(api.startMaintenance, (change, { params }) => stepMaintenance(change, { ...params, to: 'in_progress' })),
  change(api.verifyMaintenance, (change, { params }) => stepMaintenance(change, { ...params, to: 'verifying' })),
  change(api.completeMaintenance, (change, { params }) => stepMaintenance(change, { ...params, to: 'completed' })),
  change(api.cancelMaintenance, (change, { params }) => stepMaintenance(change, { ...params, to: 'cancelled' })),
]
