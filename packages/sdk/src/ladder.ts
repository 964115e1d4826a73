/** The ways to hear of events, best first. Each works where the one before it is held up by something between us and the server. */
export const rungs = ['stream', 'long_poll', 'poll'] as const
export type Rung = (typeof rungs)[number]

export interface Ladder {
  rung: Rung
  /** Failed attempts on this rung since it last worked. */
  failures: number
  /** When to try the stream again, in the milliseconds of `now`; null on the top rung. */
  climbAtMs: number | null
  climbWaitMs: number
  /** The rung that works, while a better one is being tried. */
  fallBackTo: Rung | null
}

export interface LadderLimits {
  /** Failures on a rung before the next one is tried. */
  failuresMax: number
  climbFirstMs: number
  climbMaxMs: number
}

export const topOfLadder: Ladder = {
  rung: 'stream',
  failures: 0,
  climbAtMs: null,
  climbWaitMs: 0,
  fallBackTo: null,
}

/**
 * The rung works. On a lower one the clock for the next climb starts, unless it is already running. The first climb is at once: most often it was
 * the server that was away, and not the stream that was held up.
 */
export function afterSuccess(ladder: Ladder, nowMs: number): Ladder {
  if (ladder.rung === 'stream') return topOfLadder
  return { ...ladder, failures: 0, fallBackTo: null, climbAtMs: ladder.climbAtMs ?? nowMs + ladder.climbWaitMs }
}

/** The rung failed: after a few times the next one is tried, after the last the first again. A failed climb goes straight back and waits longer. */
export function afterFailure(ladder: Ladder, nowMs: number, limits: LadderLimits): Ladder {
  if (ladder.fallBackTo) {
    const climbWaitMs = Math.min(Math.max(ladder.climbWaitMs * 2, limits.climbFirstMs), limits.climbMaxMs)
    return { rung: ladder.fallBackTo, failures: 0, fallBackTo: null, climbWaitMs, climbAtMs: nowMs + climbWaitMs }
  }
  const failures = ladder.failures + 1
  if (failures < limits.failuresMax) return { ...ladder, failures }
  return { ...ladder, rung: next(ladder.rung), failures: 0, climbAtMs: null }
}

/** Before each attempt: back to the stream, when it is time. What held it up may be gone. */
export function climbWhenDue(ladder: Ladder, nowMs: number): Ladder {
  if (ladder.climbAtMs === null || nowMs < ladder.climbAtMs || ladder.rung === 'stream') return ladder
  return { ...ladder, rung: 'stream', fallBackTo: ladder.rung, climbAtMs: null }
}

function next(rung: Rung): Rung {
  return rungs[rungs.indexOf(rung) + 1] ?? 'stream'
}
