import * as api from '@tocsin/contract/api/alerts'
import { acknowledgeAlert, resolveAlert, snoozeAlert } from '@tocsin/domain/alerts/alerts'
import { getAlert, listAlertDecisions, listAlerts } from '@tocsin/domain/alerts/alerts.read'
import { change, list, type Route, read } from '../http/route.ts'

export const alertRoutes = (): Route[] => [
  list(api.listAlerts, (sql, { query }) => listAlerts(sql, query)),
  read(api.getAlert, (sql, { params }) => getAlert(sql, params.alertId)),
  change(api.acknowledgeAlert, (change, { params, body }) =>
    acknowledgeAlert(change, { alertId: params.alertId, note: body.note ?? null }),
  ),
  change(api.snoozeAlert, (change, { params, body }) =>
    snoozeAlert(change, {
      alertId: params.alertId,
      note: body.note ?? null,
      until: body.until === undefined ? undefined : new Date(body.until),
      minutes: body.minutes,
    }),
  ),
  change(api.resolveAlert, (change, { params, body }) =>
    resolveAlert(change, { alertId: params.alertId, note: body.note ?? null }),
  ),
  list(api.listAlertDecisions, (sql, { params, query }) => listAlertDecisions(sql, { ...query, ...params })),
]
