import { subscriberQuarantined } from '@tocsin/contract/events/subscribers'
import type { DestinationId, OrgId, SubscriberId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import { dropDeliveries } from '../deliveries/deliveries.ts'
import { type SubscriberRow, subscriberColumns, subscriberView } from './subscribers.read.ts'
import { leave } from './subscribers.ts'

/** hard: there is no such mailbox. soft: not now. complaint: its owner calls it spam. gone: a webhook or chat says that it is no more. */
export type BounceKind = 'hard' | 'soft' | 'complaint' | 'gone'

/** In a row, without a message that got through in between. A full mailbox is emptied sooner or later; an abandoned one is not. */
export const softBouncesMax = 5

/** A server tries for days before it says that it could not bring a mail. Until then that it took one says nothing of the mailbox. */
const bounceMsMax = 5 * 24 * 3_600_000

/** A complaint ends it, at once and for good; a mailbox that is not there, or is full again and again, gets nothing more. */
export async function noteBounce(
  change: Change,
  { subscriberId, kind }: { subscriberId: SubscriberId; kind: BounceKind },
): Promise<void> {
  const { rows } = await change.tx.query<SubscriberRow & { softBounces: number }>(
    `update subscriber set soft_bounces = soft_bounces + case when $2 then 1 else 0 end,
       soft_bounced_at = case when $2 then $3 else soft_bounced_at end
     where id = $1 returning ${subscriberColumns}, soft_bounces as "softBounces"`,
    [subscriberId, kind === 'soft', change.now],
  )
  const row = rows[0]
  // Forgotten in the meantime.
  if (!row) return
  if (kind === 'complaint') return void (await leave(change, { subscriberId, reason: 'complaint' }))
  if (kind === 'soft' && row.softBounces < softBouncesMax) return
  if (row.state === 'quarantined' || row.state === 'unsubscribed') return
  const reason = ({ hard: 'hard_bounce', soft: 'soft_bounces', gone: 'receiver_gone' } as const)[kind]
  await quarantine(change, subscriberId, reason)
}

async function quarantine(change: Change, subscriberId: SubscriberId, reason: string): Promise<void> {
  const { rows } = await change.tx.query<SubscriberRow>(
    `update subscriber set state = 'quarantined', state_reason = $2, state_at = $3, updated_at = $3, version = version + 1
     where id = $1 returning ${subscriberColumns}`,
    [subscriberId, reason, change.now],
  )
  const row = rows[0]
  if (!row) throw new Error('The locked subscriber is gone.')
  await dropDeliveries(change, { subscriberId })
  change.emit(subscriberQuarantined, { subscriber: subscriberView(row) })
}

/**
 * Those that a batch of attempts may change, before its deliveries are written: whoever leaves takes the subscriber first and then what is
 * still to be sent to them.
 */
export async function lockForOutcomes(
  change: Change,
  { bounced, reached }: { bounced: readonly SubscriberId[]; reached: readonly SubscriberId[] },
): Promise<void> {
  if (bounced.length === 0 && reached.length === 0) return
  await change.tx.query(
    'select id from subscriber where id = any ($1) or (id = any ($2) and soft_bounces > 0) order by id for no key update',
    [bounced, reached],
  )
}

/** Something got through: what came back before was passing. */
export async function noteReached(change: Change, subscriberIds: readonly SubscriberId[]): Promise<void> {
  if (subscriberIds.length === 0) return
  await change.tx.query(
    `update subscriber set soft_bounces = 0
     where id = any ($1) and soft_bounces > 0 and (kind <> 'email' or soft_bounced_at is null or soft_bounced_at <= $2)`,
    [subscriberIds, new Date(change.now.getTime() - bounceMsMax)],
  )
}

export type Bounced = { orgId: OrgId } & (
  | { subscriberId: SubscriberId; destinationId: null }
  | { subscriberId: null; destinationId: DestinationId }
)

/** Whom a mail that came back is about, by the delivery it names; by its address where it names none of ours. Members' mail is not looked at. */
export async function bouncedReceivers(
  db: Database,
  about: { orgId: OrgId | null; deliveryId: string | null; address: string | null },
): Promise<Bounced[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<Bounced>(
      `select org_id as "orgId", subscriber_id as "subscriberId", destination_id as "destinationId" from bounced_receivers($1, $2, $3)`,
      [about.orgId, about.deliveryId, about.address?.toLowerCase() ?? null],
    ),
  )
  return rows
}
