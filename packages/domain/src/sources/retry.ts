import type { SourceFault } from '@tocsin/contract/api/sources'
import { backoffMs } from '@tocsin/process/backoff'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What only a person can put right is tried rarely; what passes by itself soon. */
const ranges = {
  credentials: { firstMs: hourMs, maxMs: 24 * hourMs },
  forbidden: { firstMs: hourMs, maxMs: 24 * hourMs },
  not_found: { firstMs: hourMs, maxMs: 24 * hourMs },
  quota: { firstMs: 15 * minuteMs, maxMs: 6 * hourMs },
  unavailable: { firstMs: minuteMs, maxMs: 6 * hourMs },
  bad_answer: { firstMs: 5 * minuteMs, maxMs: 6 * hourMs },
} as const satisfies Record<SourceFault, { firstMs: number; maxMs: number }>

/** A provider that wants more is asked again nevertheless: its clock may be wrong. */
const waitMsMax = 48 * hourMs

/** When to ask again after `failures` ≥ 1 in a row; not before the provider wants, and spread, so that many do not come back together. */
export function retryAfterFault(
  fault: { reason: SourceFault; retryAt: Date | null },
  failures: number,
  now: Date,
  random: () => number = Math.random,
): Date {
  const ownMs = backoffMs(failures, ranges[fault.reason], random)
  if (!fault.retryAt) return new Date(now.getTime() + ownMs)
  const askedMs = Math.min(waitMsMax, Math.max(0, fault.retryAt.getTime() - now.getTime()))
  return new Date(now.getTime() + Math.round(Math.max(askedMs * (1 + 0.1 * random()), 1_000)))
}

/** From here on what passes by itself has not passed. */
const failuresToTell = 3

/** A spent quota is no failure: it is waited for. */
export function isFailing(reason: SourceFault, failures: number): boolean {
  if (reason === 'quota') return false
  return reason === 'unavailable' || reason === 'bad_answer' ? failures >= failuresToTell : true
}

/** The next day (UTC) and up to an hour: budgets are of a day. */
export function nextBudgetDay(now: Date, random: () => number = Math.random): Date {
  const day = 24 * hourMs
  return new Date((Math.floor(now.getTime() / day) + 1) * day + Math.round(hourMs * random()))
}
