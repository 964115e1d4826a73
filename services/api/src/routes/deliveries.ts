import * as api from '@tocsin/contract/api/deliveries'
import { redeliver } from '@tocsin/domain/deliveries/deliveries'
import { getDelivery, listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import { change, list, type Route, read } from '../http/route.ts'

export const deliveryRoutes = (): Route[] => [
  list(api.listDeliveries, (sql, { query }) => listDeliveries(sql, query)),
  read(api.getDelivery, (sql, { params }) => getDelivery(sql, params.deliveryId)),
  change(api.redeliver, (change, { params }) => redeliver(change, params)),
]
