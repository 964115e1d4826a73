import type { AttemptOutcome } from '@tocsin/contract/api/deliveries'
import { deliveryExhausted, deliveryFailed, deliverySucceeded } from '@tocsin/contract/events/deliveries'
import type { DeliveryId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { type DeliveryRow, deliveryColumns, deliveryView } from './deliveries.read.ts'

/** One attempt that was made, and what follows from it for its delivery. */
export interface AttemptRecord {
  deliveryId: DeliveryId
  token: string
  at: Date
  outcome: AttemptOutcome
  status: number | null
  latencyMs: number
  response: string
  next: { state: 'succeeded' } | { state: 'exhausted' } | { state: 'pending'; at: Date; step: number }
}

type RecordedRow = DeliveryRow & { step: number; redelivered: boolean }

/**
 * Logs attempts and moves their deliveries on. Whoever lost the lease in the meantime (killed and taken over, disabled, sent again by
 * hand) has nothing more to say about the delivery: its record is ignored. Answers those.
 */
export async function recordAttempts(change: Change, records: readonly AttemptRecord[]): Promise<AttemptRecord[]> {
  if (records.length === 0) return []
  // Most are first attempts that succeeded, of which nothing follows: they are not even read.
  const { rows: found } = await change.tx.query<(RecordedRow | { id: null }) & { recorded: string[] | null }>(
    `with record as (
       select * from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[],
         $10::int[], $11::timestamptz[]) as r (id, token, at, outcome, status, latency_ms, response, state, step, next_at)
     ), ours as (
       -- One by one by its key, and then by its place: with stale statistics a join would rather read every row that waits.
       select d.place, r.* from record r cross join lateral (
         select d.ctid as place from delivery d where d.id = r.id and d.state = 'pending' and d.lease_token = r.token for update
       ) d
     ), moved as (
       update delivery set state = r.state, attempts = delivery.attempts + 1, step = coalesce(r.step, delivery.step),
         next_attempt_at = r.next_at, lease_token = null, lease_until = null,
         finished_at = case when r.state <> 'pending' then $12::timestamptz end
       from ours r where delivery.ctid = any (array(select place from ours)) and delivery.id = r.id
       returning ${deliveryColumns}, delivery.step, delivery.redelivered_at is not null as redelivered, r.token, r.at, r.outcome, r.status,
         r.latency_ms, r.response
     ), logged as (
       insert into attempt (org_id, delivery_id, number, at, outcome, status, latency_ms, response)
       select $1, m.id, m.attempts, m.at, m.outcome, m.status, m.latency_ms, m.response from moved m
     ), told as (
       -- Hardly ever are there fewer than were given: only then it is told which.
       select case when count(*) < cardinality($2::text[]) then coalesce(array_agg(m.id || ' ' || m.token), '{}') end as recorded from moved m
     )
     select told.recorded, m.id, m.channel, m."webhookId", m."destinationId", m."userId", m."subscriberId", m."holdUntil", m."eventSeq", m."eventType", m.state, m.reason, m.attempts,
       m."nextAttemptAt", m."createdAt", m."finishedAt", m.step, m.redelivered
     from told left join moved m on m.state <> 'succeeded' or m.attempts > 1 or m.redelivered or m.reason in ('test', 'digest')`,
    [
      change.orgId,
      records.map((record) => record.deliveryId),
      records.map((record) => record.token),
      records.map((record) => record.at),
      records.map((record) => record.outcome),
      records.map((record) => record.status),
      records.map((record) => record.latencyMs),
      // Postgres keeps no NUL in text, and a receiver may answer anything.
      records.map((record) => record.response.replaceAll('\0', '')),
      records.map(({ next }) => next.state),
      records.map(({ next }) => (next.state === 'pending' ? next.step : null)),
      records.map(({ next }) => (next.state === 'pending' ? next.at : null)),
      change.now,
    ],
  )
  const rows = found.filter((row) => row.id !== null)
  for (const { recorded: _, ...row } of rows) tell(change, row)
  await settleDigests(change, rows)
  const recorded = found[0]?.recorded
  return recorded ? records.filter(({ deliveryId, token }) => !recorded.includes(`${deliveryId} ${token}`)) : []
}

/** A success is an event only after a failure or when somebody waits for it: else every event would be followed by another. */
function tell(change: Change, { step, redelivered, ...row }: RecordedRow): void {
  const delivery = deliveryView(row)
  const byHand = delivery.reason === 'test' || redelivered
  if (delivery.state === 'exhausted') change.emit(deliveryExhausted, { delivery })
  else if (delivery.state === 'succeeded' && (delivery.attempts > 1 || byHand)) change.emit(deliverySucceeded, { delivery })
  else if (delivery.state === 'pending' && step === 1) change.emit(deliveryFailed, { delivery })
}

/** What could not be told for so long is given up, as an endpoint is that fails for so long. */
const heldMsMax = 5 * 24 * 3_600_000

/** What was held is told when its digest was accepted; if the digest will never arrive, it waits for the next one, but not for ever. */
async function settleDigests(change: Change, rows: readonly RecordedRow[]): Promise<void> {
  const digests = rows.filter((row) => row.reason === 'digest')
  const accepted = digests.filter((row) => row.state === 'succeeded').map((row) => row.id)
  const lost = digests.filter((row) => row.state === 'exhausted').map((row) => row.id)
  if (accepted.length > 0)
    await change.tx.query(
      `update delivery set state = 'digested', finished_at = $2 where digest_id = any ($1) and state = 'held'`,
      [accepted, change.now],
    )
  if (lost.length > 0)
    await change.tx.query(
      `update delivery set digest_id = null, state = case when created_at <= $3 then 'exhausted' else state end,
         finished_at = case when created_at <= $3 then $2::timestamptz end
       where digest_id = any ($1) and state = 'held'`,
      [lost, change.now, new Date(change.now.getTime() - heldMsMax)],
    )
}
