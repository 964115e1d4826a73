import type { Clock } from '@tocsin/process/clock'

/**
 * How fast one host is asked. Each connection rests as long as the site took to begin its last answer; a crawl-delay counts for all
 * of them together. A site that says 429 or 503 gets half as many connections and twice the rest, and the time it asks for.
 */
export interface Pace {
  /** Resolves when the next request may be made; at once for connections beyond those allowed, which then end. */
  turn(worker: number): Promise<'go' | 'retire'>
  /** The worker's connection rests from now on. */
  answered(worker: number, firstByteMs: number): void
  pushedBack(retryAfterSeconds: number | null): void
}

/** A crawl-delay of minutes would make a scan last for days. */
const crawlDelayMsMax = 10_000
const restMsMax = 15_000
const retryAfterMsMax = 60_000
const slowestFactor = 64
/** No timer sleeps less, and each may sleep so much too long: what is too little or too much of a rest is settled with the next one. */
const timerMs = 1

export function createPace(options: {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly connections: number
  readonly crawlDelaySeconds: number | null
}): Pace {
  const { clock, signal } = options
  const crawlDelayMs = Math.min(crawlDelayMsMax, (options.crawlDelaySeconds ?? 0) * 1000)
  let connections = crawlDelayMs > 0 ? 1 : options.connections
  let slowdown = 1
  let silentUntilMs = 0
  /** By worker: its last answer, and what was owed before it. */
  const last = new Map<number, { atMs: number; firstByteMs: number; owedMs: number }>()
  /** By worker: what its last rest left out, or less than nothing. */
  const owed = new Map<number, number>()
  const restOf = (worker: number, nowMs: number): number => {
    const answer = last.get(worker)
    if (!answer) return crawlDelayMs
    // Who did not answer at all is given the least.
    const restMs = Math.max(crawlDelayMs, Math.min(restMsMax, (answer.firstByteMs || timerMs) * slowdown))
    return answer.atMs + answer.owedMs + restMs - nowMs
  }
  return {
    async turn(worker) {
      if (worker >= connections) return 'retire'
      const restMs = restOf(worker, performance.now())
      if (restMs >= timerMs) await clock.sleep(Math.ceil(restMs), signal)
      for (
        let waitMs = silentUntilMs - clock.now().getTime();
        waitMs > 0 && !signal.aborted;
        waitMs = silentUntilMs - clock.now().getTime()
      )
        await clock.sleep(waitMs, signal)
      // The time that the next request takes is no rest.
      if (last.has(worker)) owed.set(worker, Math.max(-timerMs, Math.min(timerMs, restOf(worker, performance.now()))))
      return worker >= connections ? 'retire' : 'go'
    },
    answered(worker, firstByteMs) {
      last.set(worker, { atMs: performance.now(), firstByteMs, owedMs: owed.get(worker) ?? 0 })
    },
    pushedBack(retryAfterSeconds) {
      connections = Math.max(1, Math.floor(connections / 2))
      slowdown = Math.min(slowestFactor, slowdown * 2)
      const waitMs = Math.min(retryAfterMsMax, (retryAfterSeconds ?? 1) * 1000)
      silentUntilMs = Math.max(silentUntilMs, clock.now().getTime() + waitMs)
    },
  }
}
