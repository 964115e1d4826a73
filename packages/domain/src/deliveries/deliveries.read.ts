import type { Attempt, Delivery, DeliveryDetail, DeliveryState, PlanReason } from '@tocsin/contract/api/deliveries'
import type { DeliveryId, DestinationId, SubscriberId, UserId, WebhookId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface DeliveryRow {
  id: DeliveryId
  channel: Delivery['channel']
  webhookId: WebhookId | null
  destinationId: DestinationId | null
  userId: UserId | null
  subscriberId: SubscriberId | null
  eventSeq: number | null
  eventType: string
  state: DeliveryState
  reason: PlanReason
  attempts: number
  nextAttemptAt: Date | null
  holdUntil: Date | null
  createdAt: Date
  finishedAt: Date | null
}

export const deliveryColumns = `delivery.id, delivery.channel, delivery.webhook_id as "webhookId", delivery.destination_id as "destinationId",
  delivery.user_id as "userId", delivery.subscriber_id as "subscriberId", delivery.hold_until as "holdUntil",
  delivery.event_seq as "eventSeq", delivery.event_type as "eventType", delivery.state, delivery.reason, delivery.attempts,
  delivery.next_attempt_at as "nextAttemptAt", delivery.created_at as "createdAt", delivery.finished_at as "finishedAt"`

export function deliveryView(row: DeliveryRow): Delivery {
  return {
    ...row,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    holdUntil: row.holdUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}

export interface DeliveryFilter {
  state?: DeliveryState | undefined
  reason?: PlanReason | undefined
  eventType?: string | undefined
  /** Planned at or after, and before. */
  since?: string | undefined
  until?: string | undefined
  webhookId?: WebhookId | undefined
  destinationId?: DestinationId | undefined
  userId?: UserId | undefined
}

export async function listDeliveries(sql: Sql, request: PageRequest & DeliveryFilter): Promise<Page<Delivery>> {
  const { follows, order } = keyset(request, 'delivery.created_at', 'delivery.id')
  const { rows } = await sql.query<DeliveryRow>(
    `select ${deliveryColumns} from delivery
     where ${follows}
       and ($4::text is null or delivery.state = $4)
       and ($5::text is null or delivery.webhook_id = $5)
       and ($6::text is null or delivery.destination_id = $6)
       and ($7::text is null or delivery.user_id = $7)
       and ($8::text is null or delivery.reason = $8)
       and ($9::text is null or delivery.event_type = $9)
       and ($10::timestamptz is null or delivery.created_at >= $10)
       and ($11::timestamptz is null or delivery.created_at < $11)
     order by ${order} limit $3`,
    [
      ...positionValues(request),
      request.limit + 1,
      request.state ?? null,
      request.webhookId ?? null,
      request.destinationId ?? null,
      request.userId ?? null,
      request.reason ?? null,
      request.eventType ?? null,
      request.since ?? null,
      request.until ?? null,
    ],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), deliveryView)
}

/** With its latest attempts, oldest of them first. */
export async function getDelivery(sql: Sql, deliveryId: DeliveryId): Promise<DeliveryDetail> {
  const { rows } = await sql.query<DeliveryRow>(`select ${deliveryColumns} from delivery where delivery.id = $1`, [deliveryId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such delivery.')
  const { rows: attempts } = await sql.query<Omit<Attempt, 'at'> & { at: Date }>(
    `select number, at, outcome, status, latency_ms as "latencyMs", response from attempt
     where delivery_id = $1 order by number desc limit $2`,
    [deliveryId, attemptsShownMax],
  )
  return {
    ...deliveryView(row),
    attemptLog: attempts.reverse().map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
  }
}

/** Ten per schedule; whoever sends again by hand many times sees the last of them. */
const attemptsShownMax = 50
