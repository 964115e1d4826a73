import { system } from '@tocsin/contract/actor'
import type { OrgId } from '@tocsin/contract/ids'
import { type Database, DatabaseUnavailable } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import { backoffMs } from '@tocsin/process/backoff'
import type { Clock } from '@tocsin/process/clock'
import type { Log } from '@tocsin/process/log'
import type { PassResult } from '@tocsin/process/loop'
import type { Metrics } from '@tocsin/process/metrics'
import type { Change, Journal } from './change.ts'
import { type DurableEvent, readEvents, readState } from './read.ts'
import { round } from './round.ts'

export interface Consumer {
  /** The name of its cursors; changing it means starting again from the floor. */
  readonly name: string
  /** Plans rows for the events. Runs in the transaction that moves the cursor: an event is planned exactly once, whoever dies. */
  handle(change: Change, events: readonly DurableEvent[]): Promise<void>
}

const eventsMax = 200

/** Orgs whose events could not be consumed of late. Of this process; a new one finds out again. */
export type Troubled = Map<OrgId, { failures: number; retryAt: Date; careful: number }>

export interface ConsumeDeps {
  readonly db: Database
  readonly journal: Journal
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/**
 * One round: brings a consumer forward by up to a page of events in each org that has some. Several replicas may run it. An org whose
 * events cannot be consumed waits by itself, ever longer, while the others go on.
 */
export async function consumePass(
  deps: ConsumeDeps,
  consumer: Consumer,
  { troubled = new Map(), signal }: { troubled?: Troubled; signal?: AbortSignal | undefined } = {},
): Promise<PassResult> {
  forgetOld(troubled, deps.clock.now())
  let worked = false
  const behind = 'select org_id as "orgId" from orgs_behind($3, $1, $2)'
  for await (const orgId of round(deps.db, behind, [consumer.name], signal)) {
    const trouble = troubled.get(orgId)
    if (trouble && deps.clock.now() < trouble.retryAt) continue
    try {
      const moved = await deps.journal.change(orgId, system(consumer.name), (change) =>
        consumePage(change, consumer, trouble ? 1 : eventsMax, deps.log),
      )
      if (moved) calmDown(troubled, orgId)
      worked ||= moved
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      noteTrouble(deps, consumer, troubled, { orgId, error })
      // It was a page of events that failed: the first of them may be good.
      worked ||= !trouble
    }
  }
  const stuck = deps.metrics.gauge('consumer_stuck_orgs', 'Orgs with an event that cannot be consumed', ['consumer'])
  stuck.set({ consumer: consumer.name }, [...troubled.values()].filter(({ failures }) => failures > 0).length)
  return worked ? 'worked' : 'idle'
}

/** One event at a time from now on, so that what comes before the one that cannot be consumed does not wait with it. */
function noteTrouble(
  { clock, log, metrics }: ConsumeDeps,
  consumer: Consumer,
  troubled: Troubled,
  { orgId, error }: { orgId: OrgId; error: unknown },
): void {
  const before = troubled.get(orgId)
  const failures = (before?.failures ?? 0) + 1
  const waitMs = before ? backoffMs(failures, { firstMs: 1_000, maxMs: 60_000 }) : 0
  troubled.set(orgId, { failures, retryAt: new Date(clock.now().getTime() + waitMs), careful: eventsMax })
  metrics
    .counter('consume_failures_total', 'Pages of events that could not be consumed', ['consumer'])
    .inc({ consumer: consumer.name })
  log.error({ err: error, orgId, consumer: consumer.name, failures }, 'The events of an org could not be consumed.')
}

/** A page's length of single events later all is as before. */
function calmDown(troubled: Troubled, orgId: OrgId): void {
  const trouble = troubled.get(orgId)
  if (!trouble) return
  if (trouble.careful <= 1) troubled.delete(orgId)
  else troubled.set(orgId, { ...trouble, failures: 0, careful: trouble.careful - 1 })
}

const troubleMsMax = 3_600_000

/** An org may be gone, or another replica may have helped it on. */
function forgetOld(troubled: Troubled, now: Date): void {
  for (const [orgId, { retryAt }] of troubled) if (now.getTime() - retryAt.getTime() > troubleMsMax) troubled.delete(orgId)
}

/** Whether the cursor moved. */
async function consumePage(change: Change, consumer: Consumer, limit: number, log: Log): Promise<boolean> {
  const cursor = await lockCursor(change.tx, change.orgId, consumer.name)
  if (cursor === null) return false
  const { floor } = await readState(change.tx, change.orgId)
  if (cursor < floor)
    log.error({ orgId: change.orgId, consumer: consumer.name, cursor, floor }, 'Events were pruned before they were consumed.')
  const events = await readEvents(change.tx, change.orgId, Math.max(cursor, floor), limit)
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
