import { describe, expect, test } from '@jest/globals'
import { cycleFrom, worstStatus } from './status.ts'

test.each([
  { statuses: [], worst: 'operational' },
  { statuses: ['operational', 'under_maintenance'], worst: 'under_maintenance' },
  { statuses: ['degraded_performance', 'under_maintenance'], worst: 'degraded_performance' },
  { statuses: ['partial_outage', 'major_outage', 'degraded_performance'], worst: 'major_outage' },
] as const)('of $statuses $worst is shown', ({ statuses, worst }) => expect(worstStatus(statuses)).toBe(worst))

describe('a cycle of dependencies', () => {
  const edges = (...pairs: [string, string[]][]) => new Map(pairs)
  test.each([
    { when: 'there is none', given: edges(['a', ['b', 'c']], ['b', ['d']], ['c', ['d']]), path: null },
    { when: 'two depend on each other', given: edges(['a', ['b']], ['b', ['a']]), path: ['a', 'b', 'a'] },
    { when: 'it is long', given: edges(['a', ['x', 'b']], ['b', ['c']], ['c', ['a']]), path: ['a', 'b', 'c', 'a'] },
    { when: 'it is somewhere else', given: edges(['a', ['b']], ['b', ['c']], ['c', ['b']]), path: null },
  ])('$when', ({ given, path }) => expect(cycleFrom('a', given)).toEqual(path))

  test('a chain of a hundred thousand is walked', () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, n) => [`c${n}`, [`c${n + 1}`]]))
    expect(cycleFrom('c0', chain)).toBeNull()
  })
})
