import { randomUUID } from 'node:crypto'
import type { ScanFailure } from '@tocsin/contract/api/scans'
import type { OrgId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { type ClaimedScan, claimScan } from '@tocsin/domain/scans/claim'
import { beginScan, failScan, type Lease, releaseScan } from '@tocsin/domain/scans/scans'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'
import { concludeScan } from './conclude-scan.ts'
import { detector, type HeldScan, keepHeld, leaseEnd } from './held-scan.ts'
import { type InspectDeps, inspectSite } from './inspect-site.ts'
import { createProgress } from './scan-progress.ts'

export type ScanDeps = InspectDeps & Pick<Foundation, 'db' | 'metrics'>

/** A scan that has killed this many detectors is not given to a fourth. */
const deathsMax = 3

/** Takes the scan that has waited longest, makes it and records it. Several loops and several processes may run this. */
export async function scanPass(deps: ScanDeps, stopping: AbortSignal): Promise<PassResult> {
  const now = deps.clock.now()
  const token = randomUUID()
  const claimed = await deps.db.transaction('installation', (sql) => claimScan(sql, { now, leaseUntil: leaseEnd(now), token }))
  if (!claimed) return 'idle'
  const result = claimed.claims > deathsMax ? await giveUp(deps, claimed, token) : await work(deps, claimed, token, stopping)
  deps.metrics.counter('scans_total', 'Scans by result', ['result']).inc({ result })
  const seconds = (deps.clock.now().getTime() - now.getTime()) / 1000
  deps.metrics.histogram('scan_duration_seconds', 'From taking a scan to its end', ['result']).observe({ result }, seconds)
  return 'worked'
}

type ScanResult = 'completed' | 'incomplete' | ScanFailure | 'dropped' | 'released'

async function giveUp(deps: ScanDeps, { orgId, scanId }: ClaimedScan, token: string): Promise<ScanResult> {
  const failed = await deps.journal.change(orgId, detector, (change) => failScan(change, { scanId, token, failure: 'lost' }))
  return failed ? 'lost' : 'dropped'
}

async function work(deps: ScanDeps, { orgId, scanId }: ClaimedScan, token: string, stopping: AbortSignal): Promise<ScanResult> {
  try {
    const result = await inspectAndConclude(deps, { orgId, scanId }, token, stopping)
    if (result !== 'interrupted') return result
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error
    deps.log.warn({ err: error, orgId, scanId }, 'The record went away during a scan, which is given back.')
  }
  return await release(deps, { orgId, scanId, token }, stopping)
}

async function inspectAndConclude(
  deps: ScanDeps,
  { orgId, scanId }: Pick<ClaimedScan, 'orgId' | 'scanId'>,
  token: string,
  stopping: AbortSignal,
): Promise<ScanResult | 'interrupted'> {
  const scan = await deps.journal.change(orgId, detector, (change) => beginScan(change, { scanId, token }))
  if (!scan) return 'dropped'
  const held: HeldScan = { orgId, siteId: scan.siteId, scanId, token }
  const progress = createProgress(deps, held)
  const keeper = keepHeld(deps, held, progress)
  const scratch = new DisposableStack()
  try {
    const findings = await inspectSite(deps, held, progress, scratch, AbortSignal.any([stopping, keeper.lost]))
    if (keeper.lost.aborted && !keeper.recordWasAway()) return 'dropped'
    if (keeper.lost.aborted || findings === null) return 'interrupted'
    progress.set({ percentage: 96, step: 'Recording' })
    return await concludeScan(deps, held, findings)
  } finally {
    scratch.dispose()
    await keeper.stop()
    await progress.settle()
  }
}

/** How often a record that is away is asked again. */
const retryMs = 1_000

/**
 * We are alive, so what was interrupted (a stop, a lease that was lost, a record that went away) is no death, and is said as soon as
 * somebody listens: three restarts of Postgres must not look like a scan that kills detectors.
 */
async function release(
  deps: ScanDeps,
  { orgId, ...lease }: Lease & { orgId: OrgId },
  stopping: AbortSignal,
): Promise<ScanResult> {
  for (;;) {
    try {
      await deps.journal.change(orgId, detector, (change) => releaseScan(change, lease))
      return 'released'
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || stopping.aborted) throw error
      await deps.clock.sleep(retryMs, stopping)
    }
  }
}
