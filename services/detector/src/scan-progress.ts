import { scanProgressed } from '@tocsin/contract/events/scans'
import type { ScanProgress } from '@tocsin/domain/scans/scans'
import type { Foundation } from '@tocsin/journal/foundation'
import { detector, type HeldScan } from './held-scan.ts'

/** Four ticks a second are smooth to the eye; a fast crawl would make hundreds. */
const announceEveryMs = 250

export interface Progress {
  now(): ScanProgress
  set(next: Partial<ScanProgress>): void
  /** Announces what has changed since the last announcement, unless that was a moment ago. */
  tell(): void
  settle(): Promise<void>
}

/** Where a scan stands. The percentage never falls, although a crawl that finds more pages has more to do than it thought. */
export function createProgress(deps: Pick<Foundation, 'journal' | 'clock'>, scan: HeldScan): Progress {
  let current: ScanProgress = { percentage: 0, step: 'Starting', pagesDone: 0, pagesTotal: 0 }
  let untold = false
  let toldAtMs = Number.NEGATIVE_INFINITY
  let telling = Promise.resolve()

  function tell(): void {
    const nowMs = deps.clock.now().getTime()
    if (!untold || nowMs - toldAtMs < announceEveryMs) return
    untold = false
    toldAtMs = nowMs
    const data = { scanId: scan.scanId, siteId: scan.siteId, ...current }
    telling = telling.then(() => deps.journal.announce(scan.orgId, detector, scanProgressed, data))
  }
  return {
    now: () => current,
    set(next) {
      const percentage = Math.max(current.percentage, Math.floor(next.percentage ?? 0))
      current = { ...current, ...next, percentage }
      untold = true
      tell()
    },
    tell,
    settle: () => telling,
  }
}
