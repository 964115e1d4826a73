import * as api from '@tocsin/contract/api/destinations'
import {
  createDestination,
  deleteDestination,
  testDestination,
  updateDestination,
} from '@tocsin/domain/destinations/destinations'
import { getDestination, listDestinations } from '@tocsin/domain/destinations/destinations.read'
import { change, list, type Route, read } from '../http/route.ts'

export const destinationRoutes = (): Route[] => [
  list(api.listDestinations, (sql, { query }) => listDestinations(sql, query)),
  change(api.createDestination, (change, { body }) => createDestination(change, body)),
  read(api.getDestination, (sql, { params }) => getDestination(sql, params.destinationId)),
  change(api.updateDestination, (change, { params, body, ifVersion }) =>
    updateDestination(change, { destinationId: params.destinationId, changes: body, ifVersion }),
  ),
  change(api.deleteDestination, (change, { params }) => deleteDestination(change, params)),
  change(api.testDestination, (change, { params }) => testDestination(change, params)),
]
