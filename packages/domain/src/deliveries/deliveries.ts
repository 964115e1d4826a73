import type { Delivery, DeliveryState, PlanReason } from '@tocsin/contract/api/deliveries'
import { type DeliveryId, type DestinationId, newId, type SubscriberId, type UserId, type WebhookId } from '@tocsin/contract/ids'
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
  /** Of one that is held. */
  holdUntil?: Date | null
}

/** Written in one statement. An event that was planned for a receiver before is not planned again. */
export async function planDeliveries(change: Change, planned: readonly PlannedDelivery[]): Promise<DeliveryId[]> {
  const named = planned.map((each) => [newId('delivery'), each] as const)
  await insertDeliveries(change, named)
  return named.map(([id]) => id)
}

/** Answers how many were new. */
async function insertDeliveries(change: Change, named: readonly (readonly [DeliveryId, PlannedDelivery])[]): Promise<number> {
  if (named.length === 0) return 0
  const planned = named.map(([, each]) => each)
  const { rowCount } = await change.tx.query(
    `insert into delivery (id, org_id, channel, webhook_id, destination_id, user_id, subscriber_id, event_seq, event_type, message, state,
       reason, hold_until, ordered, next_attempt_at, created_at, finished_at)
     select p.id, $1, case when p.webhook_id is not null or s.kind = 'webhook' then 'webhook' when t.kind <> 'email' or s.kind = 'slack' then 'chat' else 'email' end,
       p.webhook_id, p.destination_id, p.user_id, p.subscriber_id,
       (p.message ->> 'seq')::bigint, p.message ->> 'type', p.message, p.state, p.reason, p.hold_until,
       coalesce(w.ordered, false) and p.message ->> 'seq' is not null, case p.state when 'pending' then $2::timestamptz end, $2, case p.state when 'suppressed' then $2::timestamptz end
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::text[],
       $11::timestamptz[])
       as p (id, webhook_id, destination_id, user_id, subscriber_id, message, state, reason, hold_until)
     left join destination t on t.id = p.destination_id
     left join subscriber s on s.id = p.subscriber_id
     left join webhook w on w.id = p.webhook_id
     on conflict (org_id, event_seq, receiver_id) where event_seq is not null do nothing`,
    [
      change.orgId,
      change.now,
      named.map(([id]) => id),
      planned.map(({ receiver }) => ('webhookId' in receiver ? receiver.webhookId : null)),
      planned.map(({ receiver }) => ('destinationId' in receiver ? receiver.destinationId : null)),
      planned.map(({ receiver }) => ('userId' in receiver ? receiver.userId : null)),
      planned.map(({ receiver }) => ('subscriberId' in receiver ? receiver.subscriberId : null)),
      planned.map(({ message }) => JSON.stringify(message)),
      planned.map(({ state }) => state),
      planned.map(({ reason }) => reason),
      planned.map(({ holdUntil }) => holdUntil ?? null),
    ],
  )
  return rowCount
}

/** A message sent by hand to see whether a receiver hears us. Its caller has made sure that there is such a receiver. */
export async function planTest(change: Change, receiver: Receiver): Promise<Delivery> {
  const data = { text: 'This is a test of Tocsin. If you can read it, alerts will reach you.' }
  const message: Message = { seq: null, type: testMessageType, at: change.now.toISOString(), data }
  const [id] = await planDeliveries(change, [{ receiver, message, state: 'pending', reason: 'test' }])
  if (!id) throw new Error('The test was not planned.')
  return deliveryView(await readDelivery(change, id))
}

/**
 * Sent again now, under the same id, with the whole retry schedule before it; what it was planned for stays its reason. One that is in
 * hand at this moment is left alone. Whoever asks for it wants it now: it waits for no order.
 */
export async function redeliver(change: Change, input: { deliveryId: DeliveryId }): Promise<Delivery> {
  const found = await readDelivery(change, input.deliveryId)
  // The receiver first, as whoever disables it does: then no row stays waiting for one that is disabled.
  if (!(await lockReceiver(change, found))) throw new Refusal('conflict', 'Its receiver is disabled: enable it first.')
  await change.tx.query(
    `update delivery set state = 'pending', next_attempt_at = $2, redelivered_at = $2, step = 0, finished_at = null, digest_id = null,
       ordered = false, lease_token = null, lease_until = null
     where id = $1 and not (state = 'pending' and coalesce(lease_until > $2, false))`,
    [found.id, change.now],
  )
  return deliveryView(await readDelivery(change, found.id))
}

/** Whether it is enabled, and that it stays so until this change is committed. */
async function lockReceiver(change: Change, { webhookId, destinationId, subscriberId }: DeliveryRow): Promise<boolean> {
  if (subscriberId) return wantsToHear(change, subscriberId)
  // A member's deliveries go with the member.
  if (!webhookId && !destinationId) return true
  const { rows } = webhookId
    ? await change.tx.query<{ enabled: boolean }>('select enabled from webhook where id = $1 for share', [webhookId])
    : await change.tx.query<{ enabled: boolean }>('select enabled from destination where id = $1 for share', [destinationId])
  return rows[0]?.enabled ?? false
}

/** Whoever has left, or cannot be reached, is not written to again by hand. */
async function wantsToHear(change: Change, subscriberId: SubscriberId): Promise<boolean> {
  const { rows } = await change.tx.query<{ state: string }>('select state from subscriber where id = $1 for share', [
    subscriberId,
  ])
  return rows[0]?.state === 'confirmed' || rows[0]?.state === 'pending'
}

/**
 * What is still to be sent to a receiver that was disabled; answers when the oldest event among it happened. One that is in hand may still
 * arrive; its outcome is not recorded.
 */
export async function dropDeliveries(change: Change, receiver: Receiver): Promise<Date | null> {
  const [receiverId] = Object.values(receiver)
  const oldest: (Date | null)[] = []
  // Each queue by its own index: a receiver may have millions of rows that are done with.
  for (const [state, ordered] of droppable) {
    const { rows } = await change.tx.query<{ at: Date | null }>(
      `with gone as (
         update delivery set state = 'dropped', next_attempt_at = null, lease_token = null, lease_until = null, finished_at = $2
         where receiver_id = $1 and state = '${state}' ${ordered} and channel in ('webhook', 'email', 'chat')
         returning event_seq, message
       ) select min((message ->> 'at')::timestamptz) as at from gone where event_seq is not null`,
      [receiverId, change.now],
    )
    oldest.push(rows[0]?.at ?? null)
  }
  return earliest(oldest)
}

const earliest = (times: readonly (Date | null)[]): Date | null =>
  times.filter((time) => time !== null).sort((a, b) => a.getTime() - b.getTime())[0] ?? null

/** An event is seldom tried for the first time later than this after it was planned. */
const planToAttemptMs = 3_600_000

/** The same, and also of what was given up since the endpoint began to fail: it happened before its first attempt did. */
export async function dropEndpointDeliveries(
  change: Change,
  { webhookId, failingSince }: { webhookId: WebhookId; failingSince: Date | null },
): Promise<Date | null> {
  const dropped = await dropDeliveries(change, { webhookId })
  if (failingSince === null) return dropped
  const { rows } = await change.tx.query<{ at: Date | null }>(
    `select min((message ->> 'at')::timestamptz) as at from delivery
     where webhook_id = $1 and created_at >= $2 and state = 'exhausted' and finished_at >= $3 and event_seq is not null`,
    [webhookId, new Date(failingSince.getTime() - planToAttemptMs), failingSince],
  )
  return earliest([dropped, rows[0]?.at ?? null])
}

const droppable = [
  ['pending', 'and not ordered'],
  ['pending', 'and ordered'],
  ['held', ''],
] as const

/** What waits for an endpoint goes over to its other queue. Tests, and what is sent again by hand, wait for no order. */
export async function orderDeliveries(change: Change, input: { webhookId: WebhookId; ordered: boolean }): Promise<void> {
  await change.tx.query(
    `update delivery set ordered = $2
     where receiver_id = $1 and channel = 'webhook' and state = 'pending' ${input.ordered ? 'and not ordered' : 'and ordered'}
       and event_seq is not null and ($2 = false or redelivered_at is null)`,
    [input.webhookId, input.ordered],
  )
}

/**
 * What an endpoint has missed of these events is planned: what was given up or dropped again under its id, what was never planned anew.
 * What is waiting or has been accepted stays as it is.
 */
export async function recoverDeliveries(
  change: Change,
  input: { webhookId: WebhookId; messages: readonly Message[] },
): Promise<{ planned: number; revived: number }> {
  const { webhookId, messages } = input
  if (messages.length === 0) return { planned: 0, revived: 0 }
  const { rowCount: revived } = await change.tx.query(
    `update delivery set state = 'pending', next_attempt_at = $2, redelivered_at = $2, step = 0, finished_at = null,
       ordered = (select w.ordered from webhook w where w.id = $1)
     where org_id = $3 and receiver_id = $1 and event_seq = any ($4) and state in ('exhausted', 'dropped')`,
    [webhookId, change.now, change.orgId, messages.map(({ seq }) => seq)],
  )
  const planned = messages.map(
    (message): PlannedDelivery => ({ receiver: { webhookId }, message, state: 'pending', reason: 'recovered' }),
  )
  return {
    planned: await insertDeliveries(
      change,
      planned.map((each) => [newId('delivery'), each]),
    ),
    revived,
  }
}

async function readDelivery(change: Change, deliveryId: DeliveryId): Promise<DeliveryRow> {
  const { rows } = await change.tx.query<DeliveryRow>(`select ${deliveryColumns} from delivery where delivery.id = $1`, [
    deliveryId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such delivery.')
  return row
}
