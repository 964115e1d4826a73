import * as api from '@tocsin/contract/api/destinations'
import {
  createDestination,
  deleteDestination,
  testDestination,
  updateDestination,
} from '@tocsin/domain/destinations/destinations'
import { getDestination, listDestinations } from '@tocsin/domain/destinations/destinations.read'
import type { SecretBox } from '@tocsin/process/secret-box'
import { change, list, type Route, read } from '../http/route.ts'

export const destinationRoutes = (deps: { destinationBox: SecretBox }): Route[] => [
  list(api.listDestinations, (sql, { query }) => listDestinations(sql, query)),
  change(api.createDestination, (change, { body }) => createDestination(change, { input: body, box: deps.destinationBox })),
  read(api.getDestination, (sql, { params }) => getDestination(sql, params.destinationId)),
  change(api.updateDestination, (change, { params, body, ifVersion }) =>
    updateDestination(change, { destinationId: params.destinationId, changes: body, ifVersion, box: deps.destinationBox }),
  ),
  change(api.deleteDestination, (change, { params }) => deleteDestination(change, params)),
  change(api.testDestination, (change, { params }) => testDestination(change, params)),
]
