import type { Notification } from '@tocsin/contract/api/notifications'
import type { UserId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface NotificationRow extends Omit<Notification, 'toldAt' | 'readAt'> {
  toldAt: Date
  readAt: Date | null
}

export const notificationColumns =
  'id, alert_id as "alertId", kind, severity, title, site, path, told_at as "toldAt", read_at as "readAt"'

export const notificationView = (row: NotificationRow): Notification => ({
  ...row,
  toldAt: row.toldAt.toISOString(),
  readAt: row.readAt?.toISOString() ?? null,
})

export async function listNotifications(
  sql: Sql,
  request: PageRequest & { userId: UserId; unread: boolean | null },
): Promise<Page<Notification> & { unread: number }> {
  const { follows, order } = keyset(request, 'told_at', 'id')
  const { rows } = await sql.query<NotificationRow>(
    `select ${notificationColumns} from notification
     where ${follows} and user_id = $4 and ($5::boolean is null or (read_at is null) = $5)
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1, request.userId, request.unread],
  )
  const { rows: counted } = await sql.query<{ unread: number }>(
    'select count(*) as unread from notification where user_id = $1 and read_at is null',
    [request.userId],
  )
  return {
    ...pageOfRows(rows, request, (row) => ({ at: row.toldAt, id: row.id }), notificationView),
    unread: counted[0]?.unread ?? 0,
  }
}
