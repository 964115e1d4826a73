import type { DestinationId, OrgId, ThreatId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import { planDeliveries } from './deliveries.ts'
import { type DigestData, type DigestEntry, digestMessageType } from './message.ts'

/** One mail names this many messages; more of them make more mails. */
export const digestEntriesMax = 500
/** Of one digest, so that a change stays short; what is left comes with the next one. */
const digestRowsMax = 10 * digestEntriesMax

export async function destinationsToDigest(
  db: Database,
  now: Date,
  limit: number,
): Promise<{ orgId: OrgId; destinationId: DestinationId }[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId; destinationId: DestinationId }>(
      'select org_id as "orgId", destination_id as "destinationId" from destinations_to_digest($1, $2)',
      [now, limit],
    ),
  )
  return rows
}

/**
 * Puts what is held for a destination into digests, once per interval over all replicas: the destination's row is the lock and keeps the
 * time. False if there is nothing to do, or another replica is doing it.
 */
export async function planDigest(change: Change, input: { destinationId: DestinationId }): Promise<boolean> {
  const { rows: locked } = await change.tx.query(
    `select id from destination where id = $1 and (last_digest_at is null or last_digest_at <= $2::timestamptz - digest_rest(id, $2))
     for no key update skip locked`,
    [input.destinationId, change.now],
  )
  if (locked.length === 0) return false
  const held = await readHeld(change, input.destinationId)
  if (held.length === 0) return false
  await change.tx.query('update destination set last_digest_at = $2 where id = $1', [input.destinationId, change.now])
  const parts = Math.ceil(held.length / digestEntriesMax)
  for (let part = 1; part <= parts; part += 1) {
    const rows = held.slice((part - 1) * digestEntriesMax, part * digestEntriesMax)
    const data: DigestData = { part, parts, total: held.length, entries: rows.map(({ entry }) => entry) }
    const message = { seq: null, type: digestMessageType, at: change.now.toISOString(), data }
    const receiver = { destinationId: input.destinationId }
    const [digestId] = await planDeliveries(change, [{ receiver, message, state: 'pending', reason: 'digest', threatId: null }])
    await change.tx.query('update delivery set digest_id = $1 where id = any ($2)', [digestId, rows.map(({ id }) => id)])
  }
  return true
}

/** In the order of the events. */
async function readHeld(change: Change, destinationId: DestinationId): Promise<{ id: string; entry: DigestEntry }[]> {
  const { rows } = await change.tx.query<{
    id: string
    seq: number | null
    type: string
    at: string
    threatId: ThreatId | null
    severity: Severity | null
    title: string | null
    site: string | null
  }>(
    `select id, event_seq as seq, event_type as type, message ->> 'at' as at, threat_id as "threatId",
       message #>> '{data,threat,severity}' as severity, message #>> '{data,threat,title}' as title, message #>> '{data,site,name}' as site
     from delivery
     where org_id = $1 and destination_id = $2 and state = 'held' and digest_id is null
     order by created_at, event_seq limit $3
     for update`,
    [change.orgId, destinationId, digestRowsMax],
  )
  return rows.map(({ id, ...entry }) => ({ id, entry: { ...entry, title: entry.title ?? entry.type } }))
}
