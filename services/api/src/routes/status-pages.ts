import * as api from '@tocsin/contract/api/status-pages'
import { updateStatusPage } from '@tocsin/domain/status-pages/status-pages'
import { getStatusPage, listStatusPages } from '@tocsin/domain/status-pages/status-pages.read'
import { change, list, type Route, read } from '../http/route.ts'

export const statusPageRoutes = (): Route[] => [
  list(api.listStatusPages, (sql, { query }) => listStatusPages(sql, query)),
  read(api.getStatusPage, (sql, { params }) => getStatusPage(sql, params.statusPageId)),
  change(api.updateStatusPage, (change, { params, body, ifVersion }) =>
    updateStatusPage(change, { ...params, changes: body, ifVersion }),
  ),
]
