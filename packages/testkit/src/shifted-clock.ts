import type { Clock } from '@tocsin/process/clock'

export interface ShiftedClock extends Clock {
  /** Jumps ahead and wakes whoever slept until then. */
  advance(ms: number): void
}

/** A wall clock that can jump: loops, leases and retries go on by themselves, and an hour passes when a story says so. */
export function createShiftedClock(): ShiftedClock {
  let shiftMs = 0
  const sleepers = new Set<() => void>()
  const nowMs = () => Date.now() + shiftMs
  return {
    now: () => new Date(nowMs()),
    sleep: (ms, signal) =>
      new Promise<void>((resolve) => {
        if (signal?.aborted) return resolve()
        const untilMs = nowMs() + ms
        let timer: NodeJS.Timeout
        const wake = () => {
          clearTimeout(timer)
          sleepers.delete(check)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const check = () => {
          clearTimeout(timer)
          if (nowMs() >= untilMs) return wake()
          timer = setTimeout(check, Math.min(untilMs - nowMs(), 2 ** 31 - 1))
        }
        signal?.addEventListener('abort', wake, { once: true })
        sleepers.add(check)
        check()
      }),
    advance(ms) {
      shiftMs += ms
      for (const check of [...sleepers]) check()
    },
  }
}
