import type { Severity } from '@tocsin/contract/rule'
import type { z } from 'zod'
import type { Replayed } from './verdict.ts'

/** What facts weigh by themselves: the part of a judgement that a scan, a look and a replay share. */
export type Weighed =
  | { readonly level: 'bad'; readonly severity: Severity }
  | { readonly level: 'ok' | 'unknown'; readonly severity: null }

export const bad = (severity: Severity): Weighed => ({ level: 'bad', severity })
export const ok: Weighed = { level: 'ok', severity: null }
export const unknown: Weighed = { level: 'unknown', severity: null }

/** Judges stored facts again. What does not hold them any more (it was cut, or is older than the rule) proves nothing. */
export function reweigh<Facts>(
  Facts: z.ZodType<Facts>,
  evidence: Readonly<Record<string, unknown>>,
  weigh: (facts: Facts) => Replayed,
): Replayed {
  const facts = Facts.safeParse(evidence)
  return facts.success ? weigh(facts.data) : unknown
}
