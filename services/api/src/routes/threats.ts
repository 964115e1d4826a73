import * as api from '@tocsin/contract/api/threats'
import { acceptThreat, acknowledgeThreat, resolveThreat } from '@tocsin/domain/threats/threats'
import { getThreat, getThreatEvidence, listThreats } from '@tocsin/domain/threats/threats.read'
import { change, list, type Route, read } from '../http/route.ts'

export const threatRoutes = (): Route[] => [
  list(api.listThreats, (sql, { query }) => listThreats(sql, query)),
  read(api.getThreat, (sql, { params }) => getThreat(sql, params.threatId)),
  read(api.getThreatEvidence, (sql, { params }) => getThreatEvidence(sql, params.threatId)),
  change(api.acknowledgeThreat, (change, { params, body }) =>
    acknowledgeThreat(change, { threatId: params.threatId, note: body.note ?? null }),
  ),
  change(api.resolveThreat, (change, { params, body }) =>
    resolveThreat(change, { threatId: params.threatId, note: body.note ?? null }),
  ),
  change(api.acceptThreat, (change, { params, body }) =>
    acceptThreat(change, { threatId: params.threatId, note: body.note ?? null }),
  ),
]
