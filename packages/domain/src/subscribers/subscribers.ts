import type { Subscriber } from '@tocsin/contract/api/subscribers'
import { subscriberConfirmed, subscriberUnsubscribed } from '@tocsin/contract/events/subscribers'
import type { ComponentId, StatusPageId, SubscriberId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'
import { requireComponents } from '../components/components.ts'
import { dropDeliveries } from '../deliveries/deliveries.ts'
import { hashToken } from '../token.ts'
import { askOrRemind } from './asking.ts'
import { subscriberOfToken } from './links.ts'
import { insertSubscriber, type NewSubscriber, refuseCrowd } from './new-subscriber.ts'
import { type SubscriberRow, subscriberColumns, subscriberView } from './subscribers.read.ts'

/**
 * ```
 * pending ──link──▶ confirmed ──▶ unsubscribed ──subscribes again──▶ (asked anew)
 *    └─7 days─▶ gone    └──mail comes back──▶ quarantined ──subscribes and confirms──▶ confirmed
 * ```
 * Whoever is new is asked; whoever is confirmed is told where to change it. Neither is told to the one who typed the address.
 */
export async function subscribe(change: Change, input: NewSubscriber & { box: SecretBox }): Promise<Subscriber> {
  await refuseCrowd(change, input.statusPageId)
  if (input.componentIds) await requireComponents(change, input.componentIds)
  const row = await insertSubscriber(change, input)
  return askOrRemind(change, row, input)
}

/** By the link that was sent: once, and within its time. The same link again finds them confirmed, and says so. */
export async function confirmSubscriber(change: Change, input: { token: string }): Promise<Subscriber | null> {
  const subscriberId = subscriberOfToken(input.token)
  if (!subscriberId) return null
  const { rows } = await change.tx.query<SubscriberRow>(
    `update subscriber set state = 'confirmed', state_reason = null, state_at = $3, confirmed_at = $3,
       consent = 'Confirmed by the link in a message', soft_bounces = 0, token_hash = null, token_expires_at = null, updated_at = $3,
       version = version + 1
     where id = $1 and token_hash = $2 and token_expires_at > $3 returning ${subscriberColumns}`,
    [subscriberId, hashToken(input.token), change.now],
  )
  const row = rows[0]
  if (!row) return null
  const subscriber = subscriberView(row)
  change.emit(subscriberConfirmed, { subscriber })
  return subscriber
}

export interface Wishes {
  componentIds: ComponentId[] | null
  minimumImpact: Subscriber['minimumImpact']
  pausedUntil: Date | null
}

/** What they have chosen themselves, by their own link. */
export async function setWishes(change: Change, input: Wishes & { subscriberId: SubscriberId }): Promise<Subscriber> {
  const { componentIds, minimumImpact, pausedUntil } = input
  if (componentIds) await requireComponents(change, componentIds)
  const { rows } = await change.tx.query<SubscriberRow>(
    `update subscriber set component_ids = $2, minimum_impact = $3, paused_until = $4, updated_at = $5, version = version + 1
     where id = $1 returning ${subscriberColumns}`,
    [input.subscriberId, componentIds, minimumImpact, pausedUntil, change.now],
  )
  return subscriberView(only(rows))
}

/** Leaving twice is no error. What is still to be sent is dropped; one that is in hand at this moment may still arrive. */
export async function leave(
  change: Change,
  input: { subscriberId: SubscriberId; reason: 'by_themselves' | 'by_admin' | 'complaint' },
): Promise<Subscriber> {
  const before = await lockSubscriber(change, input.subscriberId)
  await dropDeliveries(change, { subscriberId: before.id })
  if (before.state === 'unsubscribed') return subscriberView(before)
  const { rows } = await change.tx.query<SubscriberRow>(
    `update subscriber set state = 'unsubscribed', state_reason = $2, state_at = $3, token_hash = null, token_expires_at = null,
       updated_at = $3, version = version + 1
     where id = $1 returning ${subscriberColumns}`,
    [before.id, input.reason, change.now],
  )
  const subscriber = subscriberView(only(rows))
  change.emit(subscriberUnsubscribed, { subscriber })
  return subscriber
}

/** Forgets them altogether; their deliveries go along. */
export async function deleteSubscriber(change: Change, input: { subscriberId: SubscriberId }): Promise<void> {
  const subscriber = await leave(change, { subscriberId: input.subscriberId, reason: 'by_admin' })
  await change.tx.query('delete from subscriber where id = $1', [subscriber.id])
}

export async function lockSubscriber(change: Change, subscriberId: SubscriberId): Promise<SubscriberRow> {
  const { rows } = await change.tx.query<SubscriberRow>(
    `select ${subscriberColumns} from subscriber where id = $1 for no key update`,
    [subscriberId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such subscriber.')
  return row
}

/** The page that is named, or the org's first. */
export async function requirePage(change: Change, statusPageId: StatusPageId | undefined): Promise<StatusPageId> {
  const { rows } = await change.tx.query<{ id: StatusPageId }>(
    'select id from status_page where ($1::text is null or id = $1) order by created_at, id limit 1',
    [statusPageId ?? null],
  )
  const page = rows[0]
  if (!page) throw new Refusal('not_found', 'No such status page.')
  return page.id
}

function only(rows: readonly SubscriberRow[]): SubscriberRow {
  const row = rows[0]
  if (!row) throw new Error('The locked subscriber is gone.')
  return row
}
