import * as api from '@tocsin/contract/api/subscribers'
import { importSubscribers } from '@tocsin/domain/subscribers/import'
import { deleteSubscriber, requirePage, subscribe } from '@tocsin/domain/subscribers/subscribers'
import { getSubscriber, listSubscribers } from '@tocsin/domain/subscribers/subscribers.read'
import type { SecretBox } from '@tocsin/process/secret-box'
import { change, listOrCsv, type Route, read } from '../http/route.ts'

export const subscriberRoutes = ({ subscriberBox }: { subscriberBox: SecretBox }): Route[] => [
  listOrCsv(api.listSubscribers, (sql, { query }, page) => listSubscribers(sql, { ...query, ...page })),
  change(api.addSubscriber, async (change, { body }) =>
    subscribe(change, {
      statusPageId: await requirePage(change, body.statusPageId),
      reach: { kind: 'email', address: body.address },
      componentIds: body.componentIds ?? null,
      minimumImpact: body.minimumImpact,
      source: 'admin',
      box: subscriberBox,
    }),
  ),
  change(api.importSubscribers, async (change, { body }) =>
    importSubscribers(change, {
      statusPageId: await requirePage(change, body.statusPageId),
      rows: body.subscribers,
      box: subscriberBox,
    }),
  ),
  read(api.getSubscriber, (sql, { params }) => getSubscriber(sql, params.subscriberId)),
  change(api.deleteSubscriber, (change, { params }) => deleteSubscriber(change, params)),
]
