import * as api from '@tocsin/contract/api/notifications'
import { readAllNotifications, readNotification } from '@tocsin/domain/people/notifications'
import { listNotifications } from '@tocsin/domain/people/notifications.read'
import { change, list, memberOf, type Route } from '../http/route.ts'

export const notificationRoutes = (): Route[] => [
  list(api.listNotifications, (sql, call) => {
    const { unread, ...page } = call.query
    return listNotifications(sql, { ...page, userId: memberOf(call), unread: unread === undefined ? null : unread === 'true' })
  }),
  change(api.readNotification, (change, call) => readNotification(change, { userId: memberOf(call), ...call.params })),
  change(api.readAllNotifications, (change, call) => readAllNotifications(change, { userId: memberOf(call) })),
]
