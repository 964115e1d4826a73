import * as api from '@tocsin/contract/api/pages'
import { listPages } from '@tocsin/domain/pages/pages.read'
import { listOrCsv, type Route } from '../http/route.ts'

export const pageRoutes = (): Route[] => [
  listOrCsv(api.listSitePages, (sql, { params, query }, page) => listPages(sql, { ...params, ...query, ...page })),
]
