import { expect, test } from '@jest/globals'
import type { VitalMetric } from '@tocsin/contract/vitals'
import { type Period, periodBefore, weighCrux } from './crux-regression.ts'

const config = { goodSharePoints: 5, p75Percent: 10, clsPoints: 0.03 }
const day = (offset: number) => new Date(Date.parse('2026-03-01') + offset * 86_400_000).toISOString().slice(0, 10)
const period = (last: number, p75: number, goodShare: number | null): Period => ({
  firstDay: day(last - 27),
  lastDay: day(last),
  p75,
  goodShare,
})
const before = period(-28, 2_000, 0.85)

test.each<{ what: string; now: Period; was?: Period; metric?: VitalMetric; worst?: Period; level: string }>([
  { what: 'both worse', now: period(0, 2_200, 0.8), level: 'bad' },
  { what: 'only slower', now: period(0, 2_400, 0.81), level: 'ok' },
  { what: 'only fewer good', now: period(0, 2_190, 0.7), level: 'ok' },
  { what: 'no share is told', now: period(0, 2_400, null), level: 'unknown' },
  { what: 'shift by 0.03', metric: 'CLS', was: period(-28, 0.05, 0.85), now: period(0, 0.08, 0.8), level: 'bad' },
  { what: 'shift by 0.02', metric: 'CLS', was: period(-28, 0.05, 0.85), now: period(0, 0.07, 0.7), level: 'ok' },
  { what: 'open, half made up for', now: period(28, 2_300, 0.8), worst: period(0, 2_600, 0.75), level: 'bad' },
  { what: 'open, half of both made up for', now: period(28, 2_190, 0.81), worst: period(0, 2_600, 0.75), level: 'ok' },
  { what: 'open, a third made up for', now: period(28, 2_190, 0.79), worst: period(0, 2_600, 0.75), level: 'unknown' },
])('$what: $level', ({ now, was = before, metric = 'LCP', worst = null, level }) =>
  expect(weighCrux({ metric, now, before: was, worst }, config)).toBe(level),
)

test('only periods without a common day are held against each other, and none that is long gone', () => {
  expect(periodBefore([period(0, 1, 1), period(-7, 1, 1), period(-27, 1, 1)])).toBeNull()
  expect(periodBefore([period(0, 1, 1), period(-7, 1, 1), period(-28, 2, 1), period(-35, 3, 1)])?.p75).toBe(2)
  expect(periodBefore([period(0, 1, 1), period(-60, 2, 1)])).toBeNull()
  expect(periodBefore([])).toBeNull()
})
