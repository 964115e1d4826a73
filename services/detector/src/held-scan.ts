import { system } from '@tocsin/contract/actor'
import type { OrgId, ScanId, SiteId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { keepScan, type ScanProgress } from '@tocsin/domain/scans/scans'
import type { Foundation } from '@tocsin/journal/foundation'

export const detector = system('detector')

/** A scan in the hands of this process. */
export interface HeldScan {
  readonly orgId: OrgId
  readonly siteId: SiteId
  readonly scanId: ScanId
  readonly token: string
}

/** A detector that dies is replaced within this. */
export const leaseMs = 45_000
/** Also how long a cancelled scan may go unnoticed. */
const tickMs = 1_000

export interface Keeper {
  /** Aborted when the scan is no longer ours: cancelled, deleted, or taken over. */
  readonly lost: AbortSignal
  /** Whether the record was away at some time, so that a lost lease is not the scan's doing. */
  recordWasAway(): boolean
  stop(): Promise<void>
}

/** Renews the lease and writes the progress, every second until it is stopped. */
export function keepHeld(
  deps: Pick<Foundation, 'journal' | 'clock' | 'log'>,
  scan: HeldScan,
  progress: { now(): ScanProgress; tell(): void },
): Keeper {
  const { clock, log } = deps
  const lost = new AbortController()
  const done = new AbortController()
  let away = false
  let heldUntil = leaseEnd(clock.now())

  async function renew(): Promise<void> {
    const leaseUntil = leaseEnd(clock.now())
    const lease = { scanId: scan.scanId, token: scan.token, leaseUntil, progress: progress.now() }
    if (await deps.journal.change(scan.orgId, detector, (change) => keepScan(change, lease))) heldUntil = leaseUntil
    else lost.abort()
  }

  async function run(): Promise<void> {
    for (;;) {
      await clock.sleep(tickMs, done.signal)
      if (done.signal.aborted || lost.signal.aborted) return
      try {
        await renew()
      } catch (error) {
        // The work may go on for as long as nobody else can have it.
        away ||= error instanceof DatabaseUnavailable
        log.warn({ err: error, orgId: scan.orgId, scanId: scan.scanId }, 'The lease of a scan could not be renewed.')
        if (clock.now() >= heldUntil) lost.abort()
      }
      // Whoever slept may have lost the scan: its next holder tells how far it is.
      if (!lost.signal.aborted) progress.tell()
    }
  }

  const running = run()
  return {
    lost: lost.signal,
    recordWasAway: () => away,
    async stop() {
      done.abort()
      await running
    },
  }
}

export const leaseEnd = (now: Date): Date => new Date(now.getTime() + leaseMs)
