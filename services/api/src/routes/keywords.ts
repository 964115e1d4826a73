import * as api from '@tocsin/contract/api/keywords'
import { createKeyword, deleteKeyword, putKeywords, updateKeyword } from '@tocsin/domain/keywords/keywords'
import { getKeyword, listKeywords } from '@tocsin/domain/keywords/keywords.read'
import { keywordHistory } from '@tocsin/domain/rankings/rankings.read'
import type { Clock } from '@tocsin/process/clock'
import { change, list, type Route, read } from '../http/route.ts'

const dayMs = 86_400_000

export const keywordRoutes = ({ clock }: { clock: Clock }): Route[] => [
  list(api.listKeywords, (sql, { params, query }) => listKeywords(sql, { ...params, ...query })),
  change(api.createKeyword, (change, { params, body }) => createKeyword(change, { ...params, ...body })),
  change(api.putKeywords, (change, { params, body }) => putKeywords(change, { ...params, ...body })),
  read(api.getKeyword, (sql, { params }) => getKeyword(sql, params)),
  change(api.updateKeyword, (change, { params, body, ifVersion }) =>
    updateKeyword(change, { ...params, changes: body, ifVersion }),
  ),
  change(api.deleteKeyword, (change, { params }) => deleteKeyword(change, params)),
  read(api.getKeywordHistory, (sql, { params, query }) =>
    keywordHistory(sql, { ...params, since: new Date(clock.now().getTime() - query.days * dayMs) }),
  ),
]
