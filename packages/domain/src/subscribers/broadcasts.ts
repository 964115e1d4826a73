import { incidentCreated, incidentResolved, incidentUpdated } from '@tocsin/contract/events/incidents'
import {
  maintenanceCancelled,
  maintenanceCompleted,
  maintenanceReminded,
  maintenanceScheduled,
  maintenanceStarted,
  maintenanceUpdated,
} from '@tocsin/contract/events/maintenances'
import type { ComponentId, OrgId, StatusPageId, SubscriberId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import type { DurableEvent } from '@tocsin/journal/read'
import { type PlannedDelivery, planDeliveries } from '../deliveries/deliveries.ts'
import type { BroadcastData, PageName } from './messages.ts'

type Message = PlannedDelivery['message']

/** What subscribers hear of an event; null: nothing. */
export function tellable(event: Pick<DurableEvent, 'type' | 'data'>): Omit<BroadcastData, 'page'> | null {
  if (incidentTypes.has(event.type)) {
    const { incident, update } = incidentCreated.data.parse(event.data)
    // A row for each reader: what was said before they have, or find on the page.
    return update?.notify ? { incident: { ...incident, updates: [] }, update } : null
  }
  if (!maintenanceTypes.has(event.type)) return null
  const { maintenance } = maintenanceScheduled.data.parse(event.data)
  // Of changes only that it is at another time, or another work, than was said before.
  const isNews = event.type !== maintenanceUpdated.type || maintenance.status === 'scheduled'
  return maintenance.notify && isNews ? { maintenance } : null
}

const incidentTypes = new Set<string>([incidentCreated.type, incidentUpdated.type, incidentResolved.type])
const maintenanceTypes = new Set<string>([
  maintenanceScheduled.type,
  maintenanceUpdated.type,
  maintenanceReminded.type,
  maintenanceStarted.type,
  maintenanceCompleted.type,
  maintenanceCancelled.type,
])

/** One row for each event and page, in the transaction that moves the journal's cursor: whoever dies, it is there exactly once. */
export async function planBroadcasts(change: Change, events: readonly DurableEvent[]): Promise<void> {
  const told = events.flatMap((event) => {
    const data = tellable(event)
    return data ? [{ seq: event.seq, type: event.type, at: event.at, data } satisfies Message] : []
  })
  if (told.length === 0) return
  await change.tx.query(
    `insert into broadcast (org_id, status_page_id, event_seq, event_type, message, created_at)
     select $1, p.id, (m ->> 'seq')::bigint, m ->> 'type',
       jsonb_set(m, '{data,page}', jsonb_build_object('slug', p.slug, 'name', p.name)), $2
     from status_page p cross join unnest($3::jsonb[]) m
     where p.enabled and exists (select from subscriber s where s.status_page_id = p.id and s.state = 'confirmed')
     on conflict do nothing`,
    [change.orgId, change.now, told.map((message) => JSON.stringify(message))],
  )
}

/** Of one change: short enough for the org's other changes to wait for. */
const batchMax = 100
/** Rows that are due and not sent: when mail stands still, more of them would only make each look at the queue longer. */
const waitingMax = 1_000

interface Broadcast {
  statusPageId: StatusPageId
  seq: number
  message: Message & { data: BroadcastData & { page: PageName } }
  toldId: string | null
  createdAt: Date
}

/**
 * The next rows of the org's oldest unfinished broadcast, in the order of its subscribers. Rows and place commit together: a killed notifier
 * leaves neither a gap nor a second row. False: there is nothing to do, the minute's share is used up, or enough is waiting to be sent.
 */
export async function expandBroadcast(change: Change, input: { perMinute: number }): Promise<boolean> {
  // Locks the org's turn: one batch after the other, and a second message about an incident only after the first.
  const room = Math.min(batchMax, await roomOfMinute(change, input.perMinute), await roomOfQueue(change))
  const { rows } = await change.tx.query<Broadcast>(
    `select status_page_id as "statusPageId", event_seq as seq, message, told_id as "toldId", created_at as "createdAt"
     from broadcast where finished_at is null order by event_seq, status_page_id limit 1`,
  )
  const broadcast = rows[0]
  if (!broadcast || room <= 0) return false
  const audience = await nextOf(change, broadcast, room)
  await planDeliveries(
    change,
    audience.map(
      ({ id, paused }): PlannedDelivery => ({
        receiver: { subscriberId: id },
        message: broadcast.message,
        state: paused ? 'suppressed' : 'pending',
        reason: paused ? 'do_not_disturb' : 'subscribed',
      }),
    ),
  )
  await change.tx.query(
    `update broadcast set told_id = coalesce($4, told_id), planned = planned + $5, finished_at = $6
     where org_id = $1 and event_seq = $2 and status_page_id = $3`,
    [
      change.orgId,
      broadcast.seq,
      broadcast.statusPageId,
      audience.at(-1)?.id ?? null,
      audience.length,
      audience.length < room ? change.now : null,
    ],
  )
  await change.tx.query('update broadcast_pace set made = made + $2 where org_id = $1', [change.orgId, audience.length])
  return true
}

async function roomOfMinute(change: Change, perMinute: number): Promise<number> {
  const minute = new Date(Math.floor(change.now.getTime() / 60_000) * 60_000)
  const { rows } = await change.tx.query<{ made: number }>(
    `insert into broadcast_pace (org_id, minute, made) values ($1, $2, 0)
     on conflict (org_id) do update set minute = excluded.minute,
       made = case when broadcast_pace.minute = excluded.minute then broadcast_pace.made else 0 end
     returning made`,
    [change.orgId, minute],
  )
  return perMinute - (rows[0]?.made ?? 0)
}

async function roomOfQueue(change: Change): Promise<number> {
  const { rows } = await change.tx.query<{ waiting: number }>(
    `select count(*) as waiting from (
       select from delivery d where d.org_id = $1 and d.state = 'pending' and d.subscriber_id is not null and d.next_attempt_at <= $2 limit $3
     ) due`,
    [change.orgId, change.now, waitingMax],
  )
  return waitingMax - (rows[0]?.waiting ?? 0)
}

/**
 * Those who come next and want to hear of it. Who was told of an incident hears the rest of it, even when it has become smaller than what
 * they ask for; who agreed only after it happened is not told.
 */
async function nextOf(
  change: Change,
  { message, statusPageId, toldId, createdAt }: Broadcast,
  limit: number,
): Promise<{ id: SubscriberId; paused: boolean }[]> {
  const { components, impact, incidentId } = subjectOf(message.data)
  const { rows } = await change.tx.query<{ id: SubscriberId; paused: boolean }>(
    `select s.id, coalesce(s.paused_until > $5, false) as paused from subscriber s
     where s.status_page_id = $1 and s.state = 'confirmed' and s.confirmed_at <= $2 and s.id > coalesce($3, '')
       and (
         ((s.component_ids is null or cardinality($6::text[]) = 0 or s.component_ids && $6)
           and array_position($8::text[], $7) >= array_position($8::text[], s.minimum_impact))
         or exists (
           select from delivery d where d.subscriber_id = s.id and d.state in ('pending', 'succeeded')
             and d.message #>> '{data,incident,id}' = $9)
       )
     order by s.id limit $4`,
    [statusPageId, createdAt, toldId, limit, change.now, components, impact, impacts, incidentId],
  )
  return rows
}

const impacts = ['none', 'minor', 'major', 'critical']

function subjectOf(data: BroadcastData): { components: ComponentId[]; impact: string; incidentId: string | null } {
  if ('incident' in data)
    return {
      components: data.incident.components.map(({ componentId }) => componentId),
      impact: data.incident.impact,
      incidentId: data.incident.id,
    }
  // Who wants to hear of major incidents only has no wish to hear of planned work.
  return { components: data.maintenance.components.map(({ componentId }) => componentId), impact: 'minor', incidentId: null }
}

export async function orgsToBroadcast(db: Database, limit: number): Promise<OrgId[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId }>('select org_id as "orgId" from open_broadcasts($1)', [limit]),
  )
  return rows.map(({ orgId }) => orgId)
}
