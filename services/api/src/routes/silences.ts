import * as api from '@tocsin/contract/api/silences'
import { createSilence, deleteSilence, expireSilence } from '@tocsin/domain/silences/silences'
import { getSilence, listSilences } from '@tocsin/domain/silences/silences.read'
import { change, list, type Route, read } from '../http/route.ts'

export const silenceRoutes = (): Route[] => [
  list(api.listSilences, (sql, { query }) => listSilences(sql, query)),
  change(api.createSilence, (change, { body }) => createSilence(change, body)),
  read(api.getSilence, (sql, { params }) => getSilence(sql, params.silenceId)),
  change(api.expireSilence, (change, { params }) => expireSilence(change, params)),
  change(api.deleteSilence, (change, { params }) => deleteSilence(change, params)),
]
