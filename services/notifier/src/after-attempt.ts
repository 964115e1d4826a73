import type { AttemptRecord } from '@tocsin/domain/deliveries/attempts'
import { spread } from '@tocsin/process/backoff'
import type { SendResult } from './channels/channel.ts'

/** A receiver may ask us to wait, but not for ever. */
const waitMsMax = 24 * 3_600_000
/** For an endpoint that asks for less without saying until when. */
const slowMsDefault = 10_000

/**
 * What follows from an attempt. `step` counts attempts of the current run through the schedule before this one; waits are spread by
 * ±20 % so that many who failed together do not come back together.
 */
export function afterAttempt(
  result: SendResult,
  run: { step: number; stepsMs: readonly number[]; now: Date; random?: () => number },
): AttemptRecord['next'] {
  if (result.outcome === 'accepted') return { state: 'succeeded' }
  // Ours to repeat: the receiver has no part in it.
  if (result.outcome === 'aborted') return { state: 'pending', at: run.now, step: run.step }
  const stepMs = run.stepsMs[run.step]
  if (!result.retry || stepMs === undefined) return { state: 'exhausted' }
  const waitMs = Math.min(waitMsMax, Math.max(spread(stepMs, run.random), result.retryAfterMs ?? 0))
  return { state: 'pending', at: new Date(run.now.getTime() + waitMs), step: run.step + 1 }
}

/** Until when nothing else is sent to the endpoint, if it asked for that. */
export function slowUntil(result: SendResult, now: Date): Date | null {
  if (!result.slow && result.retryAfterMs === null) return null
  return new Date(now.getTime() + Math.min(waitMsMax, result.retryAfterMs ?? slowMsDefault))
}
