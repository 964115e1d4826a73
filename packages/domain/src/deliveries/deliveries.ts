import type { Delivery, DeliveryState, PlanReason } from '@tocsin/contract/api/deliveries'
import {
  type DeliveryId,
  type DestinationId,
  newId,
  type SubscriberId,
  type ThreatId,
  type UserId,
  type WebhookId,
} from '@tocsin/contract/ids'
import { testMessageType } from '@tocsin/contract/message'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { type DeliveryRow, deliveryColumns, deliveryView } from './deliveries.read.ts'
import type { Message } from './message.ts'

export type Receiver =
  | { webhookId: WebhookId }
  | { destinationId: DestinationId }
  | { userId: UserId }
  | { subscriberId: SubscriberId }

/** One message to one receiver, and why it is sent or not. */
export interface PlannedDelivery {
  receiver: Receiver
  message: Message
  state: Extract<DeliveryState, 'pending' | 'suppressed' | 'held'>
  reason: PlanReason
  threatId: ThreatId | null
  /** Of one that is held. */
  holdUntil?: Date | null
}

/** Written in one statement. An event that was planned for a receiver before is not planned again. */
export async function planDeliveries(change: Change, planned: readonly PlannedDelivery[]): Promise<DeliveryId[]> {
  if (planned.length === 0) return []
  const ids = planned.map(() => newId('delivery'))
  await change.tx.query(
    `insert into delivery (id, org_id, channel, webhook_id, destination_id, user_id, subscriber_id, event_seq, event_type, message, state,
       reason, threat_id, hold_until, next_attempt_at, created_at, finished_at)
     select p.id, $1, case when p.webhook_id is not null then 'webhook' when t.kind <> 'email' then 'chat' else 'email' end,
       p.webhook_id, p.destination_id, p.user_id, p.subscriber_id,
       (p.message ->> 'seq')::bigint, p.message ->> 'type', p.message, p.state, p.reason, p.threat_id, p.hold_until,
       case p.state when 'pending' then $2::timestamptz end, $2, case p.state when 'suppressed' then $2::timestamptz end
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::text[], $11::text[],
       $12::timestamptz[])
       as p (id, webhook_id, destination_id, user_id, subscriber_id, message, state, reason, threat_id, hold_until)
     left join destination t on t.id = p.destination_id
     on conflict (org_id, event_seq, receiver_id) where event_seq is not null do nothing`,
    [
      change.orgId,
      change.now,
      ids,
      planned.map(({ receiver }) => ('webhookId' in receiver ? receiver.webhookId : null)),
      planned.map(({ receiver }) => ('destinationId' in receiver ? receiver.destinationId : null)),
      planned.map(({ receiver }) => ('userId' in receiver ? receiver.userId : null)),
      planned.map(({ receiver }) => ('subscriberId' in receiver ? receiver.subscriberId : null)),
      planned.map(({ message }) => JSON.stringify(message)),
      planned.map(({ state }) => state),
      planned.map(({ reason }) => reason),
      planned.map(({ threatId }) => threatId),
      planned.map(({ holdUntil }) => holdUntil ?? null),
    ],
  )
  return ids
}

/** A message sent by hand to see whether a receiver hears us. Its caller has made sure that there is such a receiver. */
export async function planTest(change: Change, receiver: Receiver): Promise<Delivery> {
  const data = { text: 'This is a test of Tocsin. If you can read it, alerts will reach you.' }
  const message: Message = { seq: null, type: testMessageType, at: change.now.toISOString(), data }
  const [id] = await planDeliveries(change, [{ receiver, message, state: 'pending', reason: 'test', threatId: null }])
  if (!id) throw new Error('The test was not planned.')
  return deliveryView(await readDelivery(change, id))
}

/**
 * Sent again now, under the same id, with the whole retry schedule before it; what it was planned for stays its reason. One that is in
 * hand at this moment is left alone.
 */
export async function redeliver(change: Change, input: { deliveryId: DeliveryId }): Promise<Delivery> {
  const found = await readDelivery(change, input.deliveryId)
  // The receiver first, as whoever disables it does: then no row stays waiting for one that is disabled.
  if (!(await lockReceiver(change, found))) throw new Refusal('conflict', 'Its receiver is disabled: enable it first.')
  await change.tx.query(
    `update delivery set state = 'pending', next_attempt_at = $2, redelivered_at = $2, step = 0, finished_at = null, digest_id = null,
       lease_token = null, lease_until = null
     where id = $1 and not (state = 'pending' and coalesce(lease_until > $2, false))`,
    [found.id, change.now],
  )
  return deliveryView(await readDelivery(change, found.id))
}

/** Whether it is enabled, and that it stays so until this change is committed. */
async function lockReceiver(change: Change, { webhookId, destinationId }: DeliveryRow): Promise<boolean> {
  // A member's deliveries go with the member.
  if (!webhookId && !destinationId) return true
  const { rows } = webhookId
    ? await change.tx.query<{ enabled: boolean }>('select enabled from webhook where id = $1 for share', [webhookId])
    : await change.tx.query<{ enabled: boolean }>('select enabled from destination where id = $1 for share', [destinationId])
  return rows[0]?.enabled ?? false
}

/** What is still to be sent to a receiver that was disabled. One that is in hand may still arrive; its outcome is not recorded. */
export async function dropDeliveries(change: Change, receiver: Receiver): Promise<void> {
  await change.tx.query(
    `update delivery set state = 'dropped', next_attempt_at = null, lease_token = null, lease_until = null, finished_at = $2
     where receiver_id = $1 and state in ('pending', 'held')`,
    [Object.values(receiver)[0], change.now],
  )
}

async function readDelivery(change: Change, deliveryId: DeliveryId): Promise<DeliveryRow> {
  const { rows } = await change.tx.query<DeliveryRow>(`select ${deliveryColumns} from delivery where delivery.id = $1`, [
    deliveryId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such delivery.')
  return row
}
