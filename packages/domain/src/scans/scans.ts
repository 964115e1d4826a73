import type { Scan, ScanFailure } from '@tocsin/contract/api/scans'
import { scanCancelled, scanCompleted, scanFailed, scanQueued, scanStarted } from '@tocsin/contract/events/scans'
import { newId, type ScanId, type SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { lockSite } from '../sites/sites.ts'
import { type ScanRow, scanColumns, scanView } from './scans.read.ts'

/**
 * queued ──beginScan──▶ running ──completeScan──▶ completed
 *    │                     ├──failScan──▶ failed
 *    └────────────cancelScan──▶ cancelled
 *
 * A detector at work holds a lease. One that dies lets it run out and another begins the scan anew; only who holds the token may write.
 */

/** Who works on a scan, until when nobody else may. */
export interface Lease {
  scanId: ScanId
  token: string
}

/** Answers the scan that is already open, if there is one: "check now" during a scan is that scan. */
export async function startScan(change: Change, input: { siteId: SiteId; trigger: Scan['trigger'] }): Promise<Scan> {
  await lockSite(change, input.siteId)
  const { rows } = await change.tx.query<ScanRow>(
    `insert into scan (id, org_id, site_id, state, trigger, step, queued_at) values ($1, $2, $3, 'queued', $4, 'Waiting', $5)
     on conflict (site_id) where state in ('queued', 'running') do nothing
     returning ${scanColumns}`,
    [newId('scan'), change.orgId, input.siteId, input.trigger, change.now],
  )
  const row = rows[0]
  if (!row) return openScan(change, input.siteId)
  const scan = scanView(row)
  change.emit(scanQueued, { scan })
  return scan
}

async function openScan(change: Change, siteId: SiteId): Promise<Scan> {
  const { rows } = await change.tx.query<ScanRow>(
    `select ${scanColumns} from scan where site_id = $1 and state in ('queued', 'running')`,
    [siteId],
  )
  const row = rows[0]
  // It ended between the two statements: the caller may ask again and then starts a new one.
  if (!row) throw new Refusal('conflict', 'The scan that was running has just ended. Ask again.')
  return scanView(row)
}

/** Cancelling twice is not an error. What the scan has found until then is dropped; the detector notices when it renews its lease. */
export async function cancelScan(change: Change, input: { scanId: ScanId }): Promise<Scan> {
  const before = await lockScan(change, input.scanId)
  if (before.state === 'cancelled') return scanView(before)
  if (before.state !== 'queued' && before.state !== 'running') throw new Refusal('conflict', 'The scan has already ended.')
  const scan = await endScan(change, before.id, { state: 'cancelled', step: 'Cancelled', failure: null })
  change.emit(scanCancelled, { scan })
  return scan
}

async function lockScan(change: Change, scanId: ScanId): Promise<ScanRow> {
  const { rows } = await change.tx.query<ScanRow>(`select ${scanColumns} from scan where id = $1 for update`, [scanId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such scan.')
  return row
}

/** Null: the lease is lost, so the scan is no longer the caller's. A scan that is taken over begins anew. */
export async function beginScan(change: Change, lease: Lease): Promise<Scan | null> {
  const { rows } = await change.tx.query<ScanRow>(
    `update scan set state = 'running', percentage = 0, step = 'Starting', pages_done = 0, pages_total = 0,
       started_at = coalesce(started_at, $3)
     where id = $1 and lease_token = $2 and state in ('queued', 'running')
     returning ${scanColumns}`,
    [lease.scanId, lease.token, change.now],
  )
  const row = rows[0]
  if (!row) return null
  await failExecutions(change, row.id, 'The detector was lost.')
  const scan = scanView(row)
  change.emit(scanStarted, { scan })
  return scan
}

export interface ScanProgress {
  percentage: number
  step: string
  pagesDone: number
  pagesTotal: number
}

/** Extends the lease and writes how far the scan is. False: it was cancelled, taken over or deleted, so the work is to be dropped. */
export async function keepScan(change: Change, lease: Lease & { leaseUntil: Date; progress: ScanProgress }): Promise<boolean> {
  const { percentage, step, pagesDone, pagesTotal } = lease.progress
  const { rowCount } = await change.tx.query(
    `update scan set lease_until = $3, percentage = $4, step = $5, pages_done = $6, pages_total = $7
     where id = $1 and lease_token = $2 and state = 'running'`,
    [lease.scanId, lease.token, lease.leaseUntil, percentage, step, pagesDone, pagesTotal],
  )
  return rowCount === 1
}

/**
 * From a detector that is alive and no longer works on the scan. If it still has the lease, another takes the scan at once; if it lost it
 * while the record was away, somebody may be at work already. Either way its claim was no death. To be said once for a claim.
 */
export async function releaseScan(change: Change, lease: Lease): Promise<void> {
  const { rows } = await change.tx.query<{ released: boolean }>(
    `update scan set claims = greatest(claims - 1, 0), lease_token = nullif(lease_token, $2),
       lease_until = case when lease_token = $2 then null else lease_until end
     where id = $1 and state in ('queued', 'running')
     returning lease_token is null as released`,
    [lease.scanId, lease.token],
  )
  if (rows[0]?.released) await cancelExecutions(change, lease.scanId)
}

/** Takes the site, then the scan: what follows in this change concludes the scan. False: the lease is lost. */
export async function lockLeasedScan(change: Change, lease: Lease & { siteId: SiteId }): Promise<boolean> {
  const { rowCount: found } = await change.tx.query('select from site where id = $1 for no key update', [lease.siteId])
  if (found === 0) return false
  const { rowCount } = await change.tx.query(
    "select from scan where id = $1 and lease_token = $2 and state = 'running' for update",
    [lease.scanId, lease.token],
  )
  return rowCount === 1
}

export interface ScanOutcome {
  pagesDone: number
  pagesTotal: number
  complete: boolean
  baseline: boolean
  threatsFound: number
  suspected: number
}

/** After lockLeasedScan, in the same change. */
export async function completeScan(change: Change, input: { scanId: ScanId } & ScanOutcome): Promise<Scan> {
  await change.tx.query(
    `update scan set percentage = 100, pages_done = $2, pages_total = $3, complete = $4, baseline = $5, threats_found = $6, suspected = $7
     where id = $1`,
    [input.scanId, input.pagesDone, input.pagesTotal, input.complete, input.baseline, input.threatsFound, input.suspected],
  )
  const scan = await endScan(change, input.scanId, { state: 'completed', step: 'Done', failure: null })
  change.emit(scanCompleted, { scan })
  return scan
}

/** Null: the lease is lost. */
export async function failScan(change: Change, input: Lease & { failure: ScanFailure }): Promise<Scan | null> {
  const { rowCount } = await change.tx.query(
    "select from scan where id = $1 and lease_token = $2 and state in ('queued', 'running') for update",
    [input.scanId, input.token],
  )
  if (rowCount === 0) return null
  const scan = await endScan(change, input.scanId, { state: 'failed', step: 'Failed', failure: input.failure })
  change.emit(scanFailed, { scan })
  return scan
}

async function endScan(
  change: Change,
  scanId: ScanId,
  end: { state: 'completed' | 'failed' | 'cancelled'; step: string; failure: ScanFailure | null },
): Promise<Scan> {
  if (end.state === 'cancelled') await cancelExecutions(change, scanId)
  else await failExecutions(change, scanId, 'The scan ended before it.')
  const { rows } = await change.tx.query<ScanRow>(
    `update scan set state = $2, step = $3, failure = $4, finished_at = $5, lease_token = null, lease_until = null
     where id = $1 returning ${scanColumns}`,
    [scanId, end.state, end.step, end.failure, change.now],
  )
  const row = rows[0]
  if (!row) throw new Error('The locked scan is gone.')
  return scanView(row)
}

async function failExecutions(change: Change, scanId: ScanId, error: string): Promise<void> {
  await change.tx.query(
    "update execution set status = 'failed', finished_at = $2, error = $3 where scan_id = $1 and status = 'running'",
    [scanId, change.now, error],
  )
}

async function cancelExecutions(change: Change, scanId: ScanId): Promise<void> {
  await change.tx.query("update execution set status = 'cancelled', finished_at = $2 where scan_id = $1 and status = 'running'", [
    scanId,
    change.now,
  ])
}
