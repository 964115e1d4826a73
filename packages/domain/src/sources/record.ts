import type { Source, SourceFault } from '@tocsin/contract/api/sources'
import { sourceUpdated } from '@tocsin/contract/events/sources'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { storableJson } from '../storable-json.ts'
import type { SourceLease } from './claim.ts'
import { isFailing, nextBudgetDay, retryAfterFault } from './retry.ts'
import { type SourceRow, sourceColumns, sourceView } from './sources.read.ts'

/** What a person reads of a fault; the rest of it is for logs. */
const detailLengthMax = 500

/** Why a fetch brought nothing. */
export interface FetchFault {
  reason: SourceFault
  detail: string
  /** When the provider wants to be asked again. */
  retryAt: Date | null
}

/** Whether or not the outcome counts: what was asked was asked. */
export async function countRequests(change: Change, input: { fingerprint: string; requests: number }): Promise<void> {
  if (input.requests <= 0) return
  await change.tx.query(
    `insert into source_quota (org_id, fingerprint, day, used) values ($1, $2, ($3 at time zone 'UTC')::date, $4)
     on conflict (org_id, fingerprint, day) do update set used = source_quota.used + excluded.used`,
    [change.orgId, input.fingerprint, change.now, input.requests],
  )
}

/** Measurements, cursor and next time in one change. False: the lease is lost and nothing was written. */
export async function recordFetched(
  change: Change,
  input: SourceLease & { record(change: Change): Promise<void>; adapterState: object; nextAt: Date },
): Promise<boolean> {
  const before = await lockLeased(change, input)
  if (!before) return false
  await input.record(change)
  const { rows } = await change.tx.query<SourceRow>(
    `update source set adapter_state = $2, state = 'active', failures = 0, last_error = null, last_fetched_at = $3,
       next_fetch_at = $4, lease_token = null, lease_until = null
     where id = $1 returning ${sourceColumns}`,
    [before.id, storableJson(input.adapterState), change.now, input.nextAt],
  )
  await judgeDataSoon(change, before.siteId)
  emitTransition(change, before, rows)
  return true
}

/** Tried again later, ever more rarely. Nothing that was measured changes: a source that is silent says nothing about the site. */
export async function recordFault(change: Change, input: SourceLease & { fault: FetchFault }): Promise<boolean> {
  const before = await lockLeased(change, input)
  if (!before) return false
  const failures = before.failures + 1
  await writeFault(change, before, {
    fault: input.fault,
    failures,
    state: isFailing(input.fault.reason, failures) ? 'failing' : before.state === 'failing' ? 'failing' : 'active',
    nextAt: retryAfterFault(input.fault, failures, change.now),
  })
  return true
}

/** The day's budget is spent: nothing was asked, and nothing is wrong. */
export async function deferToNextDay(change: Change, lease: SourceLease): Promise<boolean> {
  const before = await lockLeased(change, lease)
  if (!before) return false
  const fault = { reason: 'quota' as const, detail: 'The budget of requests for today is spent.', retryAt: null }
  const { failures, state } = before
  await writeFault(change, before, { fault, failures, state, nextAt: nextBudgetDay(change.now) })
  return true
}

async function writeFault(
  change: Change,
  before: LeasedRow,
  after: { fault: FetchFault; failures: number; state: Source['state']; nextAt: Date },
): Promise<void> {
  const { reason, detail } = after.fault
  const error = { reason, detail: detail.slice(0, detailLengthMax), at: change.now.toISOString() }
  const { rows } = await change.tx.query<SourceRow>(
    `update source set state = $2, failures = $3, last_error = $4, next_fetch_at = $5, lease_token = null, lease_until = null
     where id = $1 returning ${sourceColumns}`,
    [before.id, after.state, after.failures, storableJson(error), after.nextAt],
  )
  emitTransition(change, before, rows)
}

/** What a test found. One that passes makes a failing source due at once: whoever put it right wants to see it work. */
export async function recordTested(
  change: Change,
  input: SourceLease & { tested: { ok: true; detail: string } | { ok: false; reason: SourceFault; detail: string } },
): Promise<boolean> {
  const before = await lockLeased(change, input)
  if (!before) return false
  const { tested } = input
  const test = {
    result: tested.ok ? 'passed' : 'failed',
    reason: tested.ok ? null : tested.reason,
    detail: tested.detail.slice(0, detailLengthMax),
    at: change.now.toISOString(),
  }
  const { rows } = await change.tx.query<SourceRow>(
    `update source set last_test = $2, test_requested_at = null, lease_token = null, lease_until = null,
       next_fetch_at = case when $3 and failures > 0 then least(next_fetch_at, $4) else next_fetch_at end
     where id = $1 returning ${sourceColumns}`,
    [before.id, storableJson(test), tested.ok, change.now],
  )
  emitUpdated(change, rows)
  return true
}

type LeasedRow = SourceRow & { failures: number }

async function lockLeased(change: Change, lease: SourceLease): Promise<LeasedRow | null> {
  // The site before its rows, as everywhere: what a fetch brought may want it, and who deletes it wants both.
  await change.tx.query('select from site where id = (select site_id from source where id = $1) for no key update', [
    lease.sourceId,
  ])
  const { rows } = await change.tx.query<LeasedRow>(
    `select ${sourceColumns}, source.failures from source where source.id = $1 and source.lease_token = $2 for no key update`,
    [lease.sourceId, lease.token],
  )
  return rows[0] ?? null
}

/** Still fine, or still failing for the same reason, is no event. */
function emitTransition(change: Change, before: SourceRow, rows: readonly SourceRow[]): void {
  const [after] = rows
  if (after && after.state === before.state && after.lastError?.reason === before.lastError?.reason) return
  emitUpdated(change, rows)
}

function emitUpdated(change: Change, rows: readonly SourceRow[]): void {
  const [row] = rows
  if (!row) throw new Error('The locked source is gone.')
  change.emit(sourceUpdated, { source: sourceView(row) })
}
