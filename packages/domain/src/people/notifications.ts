import type { Notification } from '@tocsin/contract/api/notifications'
import { notificationCreated, notificationRead } from '@tocsin/contract/events/people'
import { type AlertId, type NotificationId, newId, type UserId } from '@tocsin/contract/ids'
import type { NoticeKind } from '@tocsin/contract/notice'
import { Refusal } from '@tocsin/contract/refusal'
import type { Severity } from '@tocsin/contract/rule'
import type { Change } from '@tocsin/journal/change'
import { type NotificationRow, notificationColumns, notificationView } from './notifications.read.ts'

/** What one person's feed says of one alert. */
export interface NewNotification {
  readonly userId: UserId
  readonly alertId: AlertId
  readonly kind: NoticeKind
  readonly severity: Severity
  readonly title: string
  readonly site: string | null
  /** Within the dashboard. */
  readonly path: string
}

/** Nobody reads further back, and a storm must not fill the disk once for each member. */
const keptPerUserMax = 1_000
/** Of one event: the feed itself is read through the API. */
const idsToldMax = 100

/** An alert that is told of again moves up in the feed and is unread again. The last row wins where an alert is named twice for a person. */
export async function addNotifications(change: Change, added: readonly NewNotification[]): Promise<void> {
  if (added.length === 0) return
  const { tx, orgId, now } = change
  const last = new Map(added.map((row) => [`${row.userId} ${row.alertId}`, row]))
  // In one order everywhere, so that two changes never wait for each other's rows.
  const rows = [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const { rows: written } = await tx.query<{ id: NotificationId; userId: UserId }>(
    `insert into notification (id, org_id, user_id, alert_id, kind, severity, title, site, path, told_at)
     select n.id, $1, n.user_id, n.alert_id, n.kind, n.severity, n.title, n.site, n.path, $2
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
       as n (id, user_id, alert_id, kind, severity, title, site, path)
     on conflict (org_id, user_id, alert_id) do update set kind = excluded.kind, severity = excluded.severity, title = excluded.title,
       site = excluded.site, path = excluded.path, told_at = excluded.told_at, read_at = null
     returning id, user_id as "userId"`,
    [
      orgId,
      now,
      rows.map(() => newId('notification')),
      rows.map(({ userId }) => userId),
      rows.map(({ alertId }) => alertId),
      rows.map(({ kind }) => kind),
      rows.map(({ severity }) => severity),
      rows.map(({ title }) => title),
      rows.map(({ site }) => site),
      rows.map(({ path }) => path),
    ],
  )
  const byUser = Map.groupBy(written, ({ userId }) => userId)
  await forgetOldest(change, [...byUser.keys()])
  const unread = await countUnread(change, [...byUser.keys()])
  for (const [userId, theirs] of byUser)
    change.emit(notificationCreated, {
      userId,
      notificationIds: theirs.slice(0, idsToldMax).map(({ id }) => id),
      unread: unread.get(userId) ?? 0,
    })
}

async function forgetOldest(change: Change, userIds: readonly UserId[]): Promise<void> {
  await change.tx.query(
    // Where each feed is cut is found once, not for each of its rows.
    `with cut as materialized (
       select u.id as user_id, oldest.told_at, oldest.id from unnest($2::text[]) as u (id) cross join lateral (
         select o.told_at, o.id from notification o where o.org_id = $1 and o.user_id = u.id
         order by o.told_at desc, o.id desc offset $3 limit 1
       ) oldest
     )
     delete from notification n using cut
     where n.org_id = $1 and n.user_id = cut.user_id and (n.told_at, n.id) <= (cut.told_at, cut.id)`,
    [change.orgId, userIds, keptPerUserMax],
  )
}

async function countUnread(change: Change, userIds: readonly UserId[]): Promise<Map<UserId, number>> {
  const { rows } = await change.tx.query<{ userId: UserId; unread: number }>(
    `select user_id as "userId", count(*) as unread from notification
     where org_id = $1 and user_id = any ($2) and read_at is null group by user_id`,
    [change.orgId, userIds],
  )
  return new Map(rows.map(({ userId, unread }) => [userId, unread]))
}

/** Reading twice is not an error. */
export async function readNotification(
  change: Change,
  input: { userId: UserId; notificationId: NotificationId },
): Promise<Notification> {
  const { rows } = await change.tx.query<NotificationRow>(
    `select ${notificationColumns} from notification where id = $1 and user_id = $2 for update`,
    [input.notificationId, input.userId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such notification.')
  if (row.readAt) return notificationView(row)
  await change.tx.query('update notification set read_at = $2 where id = $1', [row.id, change.now])
  await tellRead(change, input.userId, [row.id])
  return notificationView({ ...row, readAt: change.now })
}

/** How many are unread after it: none. */
export async function readAllNotifications(change: Change, input: { userId: UserId }): Promise<{ unread: number }> {
  const { rows } = await change.tx.query<{ id: NotificationId }>(
    'update notification set read_at = $3 where org_id = $1 and user_id = $2 and read_at is null returning id',
    [change.orgId, input.userId, change.now],
  )
  const ids = rows.map(({ id }) => id)
  return ids.length === 0 ? { unread: 0 } : tellRead(change, input.userId, ids)
}

async function tellRead(change: Change, userId: UserId, ids: readonly NotificationId[]): Promise<{ unread: number }> {
  const unread = (await countUnread(change, [userId])).get(userId) ?? 0
  change.emit(notificationRead, { userId, notificationIds: ids.slice(0, idsToldMax), unread })
  return { unread }
}
