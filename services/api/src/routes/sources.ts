import * as api from '@tocsin/contract/api/sources'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { createSource, deleteSource, pauseSource, resumeSource, testSource, updateSource } from '@tocsin/domain/sources/sources'
import { getSource, listSources } from '@tocsin/domain/sources/sources.read'
import type { SecretBox } from '@tocsin/process/secret-box'
import { change, list, type Route, read } from '../http/route.ts'

export const sourceRoutes = (deps: { sourceBox: SecretBox }): Route[] => [
  list(api.listSources, async (sql, { params, query }) => {
    await getSite(sql, params.siteId)
    return listSources(sql, { ...query, siteId: params.siteId })
  }),
  change(api.createSource, (change, { params, body }) =>
    createSource(change, { siteId: params.siteId, input: body, box: deps.sourceBox }),
  ),
  read(api.getSource, (sql, { params }) => getSource(sql, params.sourceId)),
  change(api.updateSource, (change, { params, body, ifVersion }) =>
    updateSource(change, { sourceId: params.sourceId, changes: body, ifVersion, box: deps.sourceBox }),
  ),
  change(api.pauseSource, (change, { params }) => pauseSource(change, params)),
  change(api.resumeSource, (change, { params }) => resumeSource(change, params)),
  change(api.testSource, (change, { params }) => testSource(change, params)),
  change(api.deleteSource, (change, { params }) => deleteSource(change, params)),
]
