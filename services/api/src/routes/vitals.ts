import * as api from '@tocsin/contract/api/vitals'
import { rotateBeacon, updateBeacon } from '@tocsin/domain/vitals/beacon'
import { getBeacon } from '@tocsin/domain/vitals/beacon.read'
import { getVitals } from '@tocsin/domain/vitals/vitals.read'
import type { Clock } from '@tocsin/process/clock'
import { change, type Route, read } from '../http/route.ts'

export const vitalsRoutes = (deps: { clock: Clock }): Route[] => [
  read(api.getVitals, (sql, { params, query }) => getVitals(sql, { siteId: params.siteId, query, now: deps.clock.now() })),
  read(api.getVitalsBeacon, (sql, { params }) => getBeacon(sql, params.siteId)),
  change(api.updateVitalsBeacon, (change, { params, body, ifVersion }) =>
    updateBeacon(change, { siteId: params.siteId, changes: body, ifVersion }),
  ),
  change(api.rotateVitalsBeacon, (change, { params }) => rotateBeacon(change, params)),
]
