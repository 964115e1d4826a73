import * as api from '@tocsin/contract/api/competitors'
import { forgetCompetitorLinks } from '@tocsin/domain/backlinks/backlinks'
import { createCompetitor, deleteCompetitor, updateCompetitor } from '@tocsin/domain/competitors/competitors'
import { getCompetitor, listCompetitors } from '@tocsin/domain/competitors/competitors.read'
import { forgetCompetitorPositions } from '@tocsin/domain/rankings/rankings'
import { change, list, type Route, read } from '../http/route.ts'

export const competitorRoutes = (): Route[] => [
  list(api.listCompetitors, (sql, { params, query }) => listCompetitors(sql, { ...params, ...query })),
  change(api.createCompetitor, (change, { params, body }) => createCompetitor(change, { ...params, ...body })),
  read(api.getCompetitor, (sql, { params }) => getCompetitor(sql, params)),
  change(api.updateCompetitor, (change, { params, body, ifVersion }) =>
    updateCompetitor(change, { ...params, name: body.name ?? null, ifVersion }),
  ),
  change(api.deleteCompetitor, (change, { params }) =>
    deleteCompetitor(change, params, [forgetCompetitorPositions, forgetCompetitorLinks]),
  ),
]
