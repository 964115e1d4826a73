import { setTimeout as delay } from 'node:timers/promises'

export interface Clock {
  now(): Date
  /** Resolves after `ms`, or as soon as the signal is aborted: a stop is not an error. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const wallClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    await delay(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
  },
}

export interface HandSetClock extends Clock {
  /** Moves time forward and wakes, in order, whoever slept until then. */
  advance(ms: number): void
}

/** A clock that stands still until it is told to move: an hour passes in a test when the test says so. */
export function createHandSetClock(start: Date): HandSetClock {
  let nowMs = start.getTime()
  const sleepers = new Set<{ untilMs: number; wake: () => void }>()
  return {
    now: () => new Date(nowMs),
    sleep: (ms, signal) =>
      new Promise<void>((resolve) => {
        if (signal?.aborted) return resolve()
        const sleeper = { untilMs: nowMs + ms, wake }
        function wake() {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        signal?.addEventListener('abort', wake, { once: true })
        sleepers.add(sleeper)
      }),
    advance(ms) {
      nowMs += ms
      const due = [...sleepers].filter((sleeper) => sleeper.untilMs <= nowMs).sort((a, b) => a.untilMs - b.untilMs)
      for (const sleeper of due) sleeper.wake()
    },
  }
}
