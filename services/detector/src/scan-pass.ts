import { randomUUID } from 'node:crypto'
import type { ScanFailure } from '@tocsin/contract/api/scans'
import { type ClaimedScan, claimScan } from '@tocsin/domain/scans/claim'
import { beginScan, failScan, releaseScan } from '@tocsin/domain/scans/scans'
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
  const scan = await deps.journal.change(orgId, detector, (change) => beginScan(change, { scanId, token }))
  if (!scan) return 'dropped'
  const held: HeldScan = { orgId, siteId: scan.siteId, scanId, token }
  const progress = createProgress(deps, held)
  const keeper = keepHeld(deps, held, progress)
  try {
    const findings = await inspectSite(deps, held, progress, AbortSignal.any([stopping, keeper.lost]))
    if (keeper.lost.aborted) return 'dropped'
    if (findings === null) return await release(deps, held)
    progress.set({ percentage: 96, step: 'Recording' })
    return await concludeScan(deps, held, findings)
  } finally {
    await keeper.stop()
    await progress.settle()
  }
}

async function release(deps: ScanDeps, held: HeldScan): Promise<ScanResult> {
  await deps.journal.change(held.orgId, detector, (change) => releaseScan(change, held))
  return 'released'
}
