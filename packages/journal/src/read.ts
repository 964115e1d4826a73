import type { Actor } from '@tocsin/contract/actor'
import type { Envelope } from '@tocsin/contract/event'
import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'

/** `head`: the newest seq. `floor`: events up to here are pruned; a reader whose cursor is below it must take a snapshot. */
export interface JournalState {
  head: number
  floor: number
}

export interface DurableEvent extends Envelope {
  seq: number
}

export async function readState(sql: Sql, orgId: OrgId): Promise<JournalState> {
  const { rows } = await sql.query<JournalState>('select seq as head, floor_seq as floor from journal_head where org_id = $1', [
    orgId,
  ])
  const state = rows[0]
  if (!state) throw new Error(`The org ${orgId} has no journal.`)
  return state
}

/** At most `limit` events after `after`, in order, without a hole; with `types`, those of these types only. */
export async function readEvents(
  sql: Sql,
  orgId: OrgId,
  after: number,
  limit: number,
  types: readonly string[] | null = null,
): Promise<DurableEvent[]> {
  const { rows } = await sql.query<EventRow>(
    `select seq, type, at, actor, data from event
     where org_id = $1 and seq > $2 and ($4::text[] is null or type = any ($4))
     order by seq limit $3`,
    [orgId, after, limit, types],
  )
  return rows.map((row) => eventOf(orgId, row))
}

type EventRow = { seq: number; type: string; at: Date; actor: Actor; data: unknown }

const eventOf = (orgId: OrgId, row: EventRow): DurableEvent => ({
  seq: row.seq,
  type: row.type,
  orgId,
  at: row.at.toISOString(),
  actor: row.actor,
  data: row.data,
})

/** Why a reader cannot go on from `after`, if so: its events are pruned, or it comes from a journal that is not this one. */
export function resetReason(after: number, state: JournalState): 'expired' | 'ahead' | null {
  if (after < state.floor) return 'expired'
  return after > state.head ? 'ahead' : null
}

/** How far each of these orgs' journals goes. An org that is gone is not in the answer. */
export async function readHeads(db: Database, orgIds: readonly OrgId[]): Promise<{ orgId: OrgId; head: number }[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId; head: number }>('select org_id as "orgId", seq as head from journal_heads($1)', [orgIds]),
  )
  return rows
}

/** Events of these types since a moment, in order. */
export async function readEventsOfTypes(sql: Sql, orgId: OrgId, types: readonly string[], since: Date): Promise<DurableEvent[]> {
  const { rows } = await sql.query<EventRow>(
    'select seq, type, at, actor, data from event where org_id = $1 and at >= $2 and type = any ($3) order by seq',
    [orgId, since, types],
  )
  return rows.map((row) => eventOf(orgId, row))
}

/** After which seq there are at most `limit` events of these types, none of them before `since`; and whether there are more than that. */
export async function startOfNewest(
  sql: Sql,
  orgId: OrgId,
  { types, since, limit }: { types: readonly string[]; since: Date; limit: number },
): Promise<{ after: number; cut: boolean }> {
  const { rows } = await sql.query<{ seq: number; isCut: boolean }>(
    `select coalesce(min(seq), (select seq + 1 from journal_head where org_id = $1)) as seq, count(*) > $4 as "isCut" from (
       select seq from event where org_id = $1 and at >= $2 and type = any ($3) order by seq desc limit $4 + 1
     ) newest`,
    [orgId, since, types, limit],
  )
  const { seq = 0, isCut = false } = rows[0] ?? {}
  // The first of one too many is itself left out.
  return { after: isCut ? seq : Math.max(0, seq - 1), cut: isCut }
}
