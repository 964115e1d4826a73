import * as api from '@tocsin/contract/api/sites'
import { createSite, deleteSite, pauseSite, resumeSite, updateSite } from '@tocsin/domain/sites/sites'
import { getSite, listSites, readSiteHealth } from '@tocsin/domain/sites/sites.read'
import { readState } from '@tocsin/journal/read'
import type { Clock } from '@tocsin/process/clock'
import { change, list, org, type Route, read } from '../http/route.ts'
import type { TargetGuard } from '../http/target-guard.ts'

const dayMs = 86_400_000

export const siteRoutes = (deps: { guardTarget: TargetGuard; clock: Clock }): Route[] => [
  list(api.listSites, (sql, { query }) => listSites(sql, query)),
  change(
    api.createSite,
    (change, { body }) => createSite(change, body),
    ({ body }) => deps.guardTarget(body.url),
  ),
  read(api.getSite, (sql, { params }) => getSite(sql, params.siteId)),
  org(api.getSiteHealth, (call) =>
    call.read(async (sql) => ({
      ...(await readSiteHealth(sql, {
        siteId: call.params.siteId,
        from: new Date(deps.clock.now().getTime() - call.query.days * dayMs),
      })),
      asOf: (await readState(sql, call.orgId)).head,
    })),
  ),
  change(api.updateSite, (change, { params, body, ifVersion }) =>
    updateSite(change, { siteId: params.siteId, changes: body, ifVersion }),
  ),
  change(api.pauseSite, (change, { params }) => pauseSite(change, params)),
  change(api.resumeSite, (change, { params }) => resumeSite(change, params)),
  change(api.deleteSite, (change, { params }) => deleteSite(change, params)),
]
