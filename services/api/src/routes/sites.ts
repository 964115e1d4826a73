import * as api from '@tocsin/contract/api/sites'
import { createSite, deleteSite, pauseSite, resumeSite, updateSite } from '@tocsin/domain/sites/sites'
import { getSite, listSites } from '@tocsin/domain/sites/sites.read'
import { change, list, type Route, read } from '../http/route.ts'
import type { TargetGuard } from '../http/target-guard.ts'

export const siteRoutes = (deps: { guardTarget: TargetGuard }): Route[] => [
  list(api.listSites, (sql, { query }) => listSites(sql, query)),
  change(
    api.createSite,
    (change, { body }) => createSite(change, body),
    ({ body }) => deps.guardTarget(body.url),
  ),
  read(api.getSite, (sql, { params }) => getSite(sql, params.siteId)),
  change(api.updateSite, (change, { params, body, ifVersion }) =>
    updateSite(change, { siteId: params.siteId, changes: body, ifVersion }),
  ),
  change(api.pauseSite, (change, { params }) => pauseSite(change, params)),
  change(api.resumeSite, (change, { params }) => resumeSite(change, params)),
  change(api.deleteSite, (change, { params }) => deleteSite(change, params)),
]
