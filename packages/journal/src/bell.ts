import type { Clock } from '@tocsin/process/clock'

/** A flag that somebody waits for: ten rings are one. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, the ring since the last wait, after `sweepMs`, or when the signal is aborted. */
  rung(sweepMs: number, signal: AbortSignal): Promise<void>
}

export function createBell(clock: Clock): Bell {
  let rang = false
  let wake = () => {}
  return {
    ring() {
      rang = true
      wake()
    },
    async rung(sweepMs, signal) {
      if (!rang) {
        const waiting = new AbortController()
        wake = () => waiting.abort()
        await clock.sleep(sweepMs, AbortSignal.any([waiting.signal, signal]))
        wake = () => {}
      }
      rang = false
    },
  }
}
