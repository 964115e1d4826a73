import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { AlertId, NotificationId } from '../ids.ts'
import { NoticeKind } from '../notice.ts'
import { Severity } from '../rule.ts'

/** An alert in the feed of one person. */
export const Notification = z
  .object({
    id: NotificationId,
    alertId: AlertId,
    kind: NoticeKind.meta({ description: 'What was told of the alert last.' }),
    severity: Severity,
    title: z.string(),
    site: z.string().nullable(),
    path: z.string().meta({ description: 'Within the dashboard.' }),
    toldAt: Timestamp,
    readAt: Timestamp.nullable(),
  })
  .meta({ id: 'Notification' })
export type Notification = z.infer<typeof Notification>

const Unread = z.object({ unread: z.number().int() })

export const listNotifications = defineEndpoint('listNotifications', {
  method: 'get',
  path: '/v1/notifications',
  doc: 'Your feed: each alert once, what was told last first, with the number of those you have not read. The latest thousand are kept. An API key has none: it is no person.',
  needs: 'member',
  query: z.strictObject({
    ...pageQuery,
    unread: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: 'true: only those you have not read; false: only the others.' }),
  }),
  answer: pageOf(Notification).extend(Unread.shape),
})
export const readNotification = defineEndpoint('readNotification', {
  method: 'post',
  path: '/v1/notifications/{notificationId}/read',
  doc: 'Mark one of them as read.',
  needs: 'member',
  params: z.strictObject({ notificationId: NotificationId }),
  status: 200,
  answer: Notification,
})
export const readAllNotifications = defineEndpoint('readAllNotifications', {
  method: 'post',
  path: '/v1/notifications/read-all',
  doc: 'Mark all of them as read.',
  needs: 'member',
  status: 200,
  answer: Unread,
})
