import { system } from '@tocsin/contract/actor'
import type { Database } from '@tocsin/db/pool'
import type { PassResult } from '@tocsin/process/loop'
import type { Change, Journal } from './change.ts'
import { round } from './round.ts'

/** The head row is locked while a batch is deleted, so a batch is short. */
const eventsMax = 2_000

/** Deletes events older than `before` that every consumer has had, and raises the floor below which readers are told to reset. */
export async function prunePass(
  deps: { db: Database; journal: Journal },
  before: Date,
  signal?: AbortSignal,
): Promise<PassResult> {
  const old = 'select org_id as "orgId" from orgs_with_events_before($3, $1, $2)'
  let pruned = 0
  for await (const orgId of round(deps.db, old, [before], signal))
    pruned += await deps.journal.change(orgId, system('scheduler'), (change) => pruneBatch(change, before))
  return pruned > 0 ? 'worked' : 'idle'
}

async function pruneBatch(change: Change, before: Date): Promise<number> {
  const { rows } = await change.tx.query<{ upTo: number }>(
    `with head as (select seq, floor_seq from journal_head where org_id = $1 for update),
     batch as (
       select event.seq, at from event, head
       where org_id = $1 and event.seq > floor_seq order by event.seq limit $3
     )
     select least(
       coalesce((select min(seq) - 1 from batch where at >= $2), (select max(seq) from batch), (select seq from head)),
       coalesce((select min(seq) from journal_cursor where org_id = $1), (select seq from head))
     ) as "upTo"`,
    [change.orgId, before, eventsMax],
  )
  const upTo = rows[0]?.upTo ?? 0
  const { rowCount } = await change.tx.query('delete from event where org_id = $1 and seq <= $2', [change.orgId, upTo])
  await change.tx.query('update journal_head set floor_seq = greatest(floor_seq, $2) where org_id = $1', [change.orgId, upTo])
  return rowCount
}
