import * as api from '@tocsin/contract/api/scans'
import { cancelScan, startScan } from '@tocsin/domain/scans/scans'
import { getScan, listExecutions, listScans } from '@tocsin/domain/scans/scans.read'
import { change, list, type Route, read } from '../http/route.ts'

export const scanRoutes = (): Route[] => [
  change(api.startScan, (change, { params }) => startScan(change, { siteId: params.siteId, trigger: 'manual' })),
  list(api.listScans, (sql, { query }) => listScans(sql, query)),
  read(api.getScan, (sql, { params }) => getScan(sql, params.scanId)),
  change(api.cancelScan, (change, { params }) => cancelScan(change, params)),
  list(api.listExecutions, (sql, { query }) => listExecutions(sql, query)),
]
