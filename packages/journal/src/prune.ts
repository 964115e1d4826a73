import { system } from '@tocsin/contract/actor'
import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { PassResult } from '@tocsin/process/loop'
import type { Change, Journal } from './change.ts'

const orgsMax = 100
/** The head row is locked while a batch is deleted, so a batch is short. */
const eventsMax = 2_000

/** Deletes events older than `before` that every consumer has had, and raises the floor below which readers are told to reset. */
export async function prunePass(deps: { db: Database; journal: Journal }, before: Date): Promise<PassResult> {
  const { rows } = await deps.db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId }>('select org_id as "orgId" from orgs_with_events_before($1, $2)', [before, orgsMax]),
  )
  let pruned = 0
  for (const { orgId } of rows)
    pruned += await deps.journal.change(orgId, system('scheduler'), (change) => pruneBatch(change, before))
  return pruned > 0 ? 'worked' : 'idle'
}

async function pruneBatch(change: Change, before: Date): Promise<number> {
  const { rows } = await change.tx.query<{ upTo: number }>(
    `select least(
       h.floor_seq + $3,
       coalesce((select min(seq) - 1 from event where org_id = $1 and at >= $2), h.seq),
       coalesce((select min(seq) from journal_cursor where org_id = $1), h.seq)
     ) as "upTo"
     from journal_head h where h.org_id = $1 for update`,
    [change.orgId, before, eventsMax],
  )
  const upTo = rows[0]?.upTo ?? 0
  const { rowCount } = await change.tx.query('delete from event where org_id = $1 and seq <= $2', [change.orgId, upTo])
  await change.tx.query('update journal_head set floor_seq = greatest(floor_seq, $2) where org_id = $1', [change.orgId, upTo])
  return rowCount
}
