import type { PlanReason } from '@tocsin/contract/api/deliveries'
import type { AlertId, DeliveryId, DestinationId, UserId } from '@tocsin/contract/ids'
import { type NoticeAlert, noticeMessageType } from '@tocsin/contract/notice'
import type { Change } from '@tocsin/journal/change'
import type { DigestEntry } from './message.ts'

export type DigestReceiver = { destinationId: DestinationId } | { userId: UserId }

/** A message that is held: an event, or a notice with its alerts. */
export interface HeldDelivery {
  readonly id: DeliveryId
  readonly reason: PlanReason
  readonly heldAt: Date
  readonly seq: number | null
  readonly type: string
  readonly at: string
  readonly site: string | null
  /** Of a notice. */
  readonly alerts: readonly Pick<NoticeAlert, 'id' | 'kind' | 'severity' | 'title' | 'site'>[] | null
}

/** What is held for a receiver and whose time has come, in the order in which it was held. */
export async function readHeld(change: Change, receiver: DigestReceiver, limit: number): Promise<HeldDelivery[]> {
  const { rows } = await change.tx.query<HeldDelivery>(
    `select id, reason, created_at as "heldAt", event_seq as seq, event_type as type, message ->> 'at' as at,
       message #>> '{data,site,name}' as site, case when event_type = $5 then message #> '{data,alerts}' end as alerts
     from delivery
     where org_id = $1 and receiver_id = $2 and state = 'held' and digest_id is null and (hold_until is null or hold_until <= $3)
     order by created_at, event_seq, id limit $4
     for update`,
    [change.orgId, Object.values(receiver)[0], change.now, limit, noticeMessageType],
  )
  return rows
}

export type Standings = ReadonlyMap<string, DigestEntry['now']>

/** How the alerts of these messages stand now, by their ids. */
export async function readStandings(change: Change, held: readonly HeldDelivery[]): Promise<Standings> {
  const alertIds = [...new Set(held.flatMap(({ alerts }) => alerts?.map(({ id }) => id) ?? []))]
  const { rows } = await change.tx.query<{ id: AlertId; now: DigestEntry['now'] }>(
    `select id, case when state in ('resolved', 'acknowledged') then state else 'open' end as now from alert where id = any ($1)`,
    [alertIds],
  )
  return new Map(rows.map(({ id, now }) => [id, now]))
}
