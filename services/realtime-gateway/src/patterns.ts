import { EventPattern, matchesPattern } from '@tocsin/contract/event'
import { Refusal } from '@tocsin/contract/refusal'

/** More would make matching the cost of an event. */
const patternsMax = 50

/** `threat.*,scan.completed` as a list that is the same for the same choice, so that viewers with it share one log. */
export function readPatterns(text: string | null): string[] {
  const patterns = (text ?? '*').split(',').map((pattern) => pattern.trim())
  const wrong = patterns.find((pattern) => !EventPattern.safeParse(pattern).success)
  if (wrong !== undefined || patterns.length > patternsMax)
    throw new Refusal('invalid', 'The query cannot be understood.', {
      issues: [
        {
          path: 'events',
          message: `Must be up to ${patternsMax} patterns like threat.* or scan.completed, separated by commas.`,
        },
      ],
    })
  return plainest(patterns)
}

/** What both lists let through; empty when they have nothing in common. */
export function intersection(left: readonly string[], right: readonly string[]): string[] {
  const narrower = left.flatMap((one) =>
    right.flatMap((other) => (covers(one, other) ? [other] : covers(other, one) ? [one] : [])),
  )
  return plainest(narrower)
}

function plainest(patterns: readonly string[]): string[] {
  const unique = [...new Set(patterns)]
  return unique.filter((pattern) => !unique.some((other) => other !== pattern && covers(other, pattern))).sort()
}

/** A pattern matches another as if that were an event's type: `threat.*` covers itself and `threat.detected`. */
const covers = (wide: string, narrow: string): boolean => matchesPattern(wide, narrow)
