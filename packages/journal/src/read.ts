import type { Actor } from '@tocsin/contract/actor'
import type { Envelope } from '@tocsin/contract/event'
import type { OrgId } from '@tocsin/contract/ids'
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

/** At most `limit` events after `after`, in order, without a hole. */
export async function readEvents(sql: Sql, orgId: OrgId, after: number, limit: number): Promise<DurableEvent[]> {
  const { rows } = await sql.query<{ seq: number; type: string; at: Date; actor: Actor; data: unknown }>(
    'select seq, type, at, actor, data from event where org_id = $1 and seq > $2 order by seq limit $3',
    [orgId, after, limit],
  )
  return rows.map((row) => ({ seq: row.seq, type: row.type, orgId, at: row.at.toISOString(), actor: row.actor, data: row.data }))
}

/** Why a reader cannot go on from `after`, if so: its events are pruned, or it comes from a journal that is not this one. */
export function resetReason(after: number, state: JournalState): 'expired' | 'ahead' | null {
  if (after < state.floor) return 'expired'
  return after > state.head ? 'ahead' : null
}
