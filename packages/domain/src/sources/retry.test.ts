import { expect, test } from '@jest/globals'
import { isFailing, nextBudgetDay, retryAfterFault } from './retry.ts'

const now = new Date('2026-03-01T10:00:00.000Z')
const middle = () => 0.5
const after = (reason: Parameters<typeof isFailing>[0], failures: number, retryAt: Date | null = null) =>
  (retryAfterFault({ reason, retryAt }, failures, now, middle).getTime() - now.getTime()) / 60_000
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

test.each([
  { when: 'what passes by itself is tried soon', reason: 'unavailable', failures: 1, retryAt: null, minutes: 1 },
  { when: 'and ever more rarely', reason: 'unavailable', failures: 4, retryAt: null, minutes: 8 },
  { when: 'up to six hours', reason: 'unavailable', failures: 40, retryAt: null, minutes: 360 },
  { when: 'what a person must put right is tried rarely', reason: 'credentials', failures: 1, retryAt: null, minutes: 60 },
  { when: 'a provider that names a time is heard', reason: 'quota', failures: 1, retryAt: inMinutes(100), minutes: 105 },
  { when: 'a time in the past is soon', reason: 'quota', failures: 1, retryAt: inMinutes(-5), minutes: 1 / 60 },
  { when: 'a year is not believed', reason: 'quota', failures: 1, retryAt: inMinutes(525_600), minutes: 48 * 60 * 1.05 },
] as const)('$when', ({ reason, failures, retryAt, minutes }) => {
  expect(after(reason, failures, retryAt)).toBeCloseTo(minutes, 3)
})

test.each([
  { reason: 'credentials', failures: 1, failing: true },
  { reason: 'forbidden', failures: 1, failing: true },
  { reason: 'not_found', failures: 1, failing: true },
  { reason: 'unavailable', failures: 2, failing: false },
  { reason: 'unavailable', failures: 3, failing: true },
  { reason: 'bad_answer', failures: 3, failing: true },
  { reason: 'quota', failures: 30, failing: false },
] as const)('$reason, $failures in a row: failing $failing', ({ reason, failures, failing }) => {
  expect(isFailing(reason, failures)).toBe(failing)
})

test('a new budget comes with the next day, for each at another minute', () => {
  expect(nextBudgetDay(now, () => 0).toISOString()).toBe('2026-03-02T00:00:00.000Z')
  expect(nextBudgetDay(now, middle).toISOString()).toBe('2026-03-02T00:30:00.000Z')
})
