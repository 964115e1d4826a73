import { system } from '@tocsin/contract/actor'
import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import type { Log } from '@tocsin/process/log'
import type { PassResult } from '@tocsin/process/loop'
import type { Change, Journal } from './change.ts'
import { type DurableEvent, readEvents, readState } from './read.ts'

export interface Consumer {
  /** The name of its cursors; changing it means starting again from the floor. */
  readonly name: string
  /** Plans rows for the events. Runs in the transaction that moves the cursor: an event is planned exactly once, whoever dies. */
  handle(change: Change, events: readonly DurableEvent[]): Promise<void>
}

const orgsMax = 50
const eventsMax = 200

/** Brings a consumer forward by up to a page of events in each org that has some. Several replicas may run it. */
export async function consumePass(deps: { db: Database; journal: Journal; log: Log }, consumer: Consumer): Promise<PassResult> {
  const { rows } = await deps.db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId }>('select org_id as "orgId" from orgs_behind($1, $2)', [consumer.name, orgsMax]),
  )
  let worked = false
  const failures: unknown[] = []
  for (const { orgId } of rows) {
    try {
      const moved = await deps.journal.change(orgId, system(consumer.name), (change) => consumePage(change, consumer, deps.log))
      worked ||= moved
    } catch (error) {
      // The other orgs do not wait for one whose events cannot be planned. The pass fails after them.
      deps.log.error({ err: error, orgId, consumer: consumer.name }, 'The events of an org could not be consumed.')
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return worked ? 'worked' : 'idle'
}

/** Whether the cursor moved. */
async function consumePage(change: Change, consumer: Consumer, log: Log): Promise<boolean> {
  const cursor = await lockCursor(change.tx, change.orgId, consumer.name)
  if (cursor === null) return false
  const { floor } = await readState(change.tx, change.orgId)
  if (cursor < floor)
    log.error({ orgId: change.orgId, consumer: consumer.name, cursor, floor }, 'Events were pruned before they were consumed.')
  const events = await readEvents(change.tx, change.orgId, Math.max(cursor, floor), eventsMax)
  // A cursor below the floor of an empty journal moves too, or the org would look behind for ever.
  const to = events.at(-1)?.seq ?? floor
  if (to <= cursor) return false
  if (events.length > 0) await consumer.handle(change, events)
  await change.tx.query('update journal_cursor set seq = $3 where org_id = $1 and consumer = $2', [
    change.orgId,
    consumer.name,
    to,
  ])
  return true
}

/** Null: another replica is planning this org right now. */
async function lockCursor(tx: Sql, orgId: OrgId, consumer: string): Promise<number | null> {
  await tx.query('insert into journal_cursor (org_id, consumer) values ($1, $2) on conflict do nothing', [orgId, consumer])
  const { rows } = await tx.query<{ seq: number }>(
    'select seq from journal_cursor where org_id = $1 and consumer = $2 for update skip locked',
    [orgId, consumer],
  )
  return rows[0]?.seq ?? null
}
