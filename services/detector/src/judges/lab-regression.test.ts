import { expect, test } from '@jest/globals'
import { weighLab } from './lab-regression.ts'

const config = { minPercent: 15, maxP: 0.01 }
const around = (value: number, count: number) => Array.from({ length: count }, (_, n) => value * (0.95 + (n % 5) * 0.025))
const weigh = (now: readonly number[], before: readonly number[], metric: 'LCP' | 'CLS' | 'TBT' = 'LCP') =>
  weighLab({ url: 'https://shop.example/', metrics: [{ metric, now: [...now], before: [...before] }] }, config)[0]?.level

test.each([
  { what: 'a fifth slower', now: around(2_400, 5), before: around(2_000, 15), level: 'bad' },
  { what: 'a tenth slower', now: around(2_200, 5), before: around(2_000, 15), level: 'ok' },
  { what: 'a fifth, but of little', now: around(360, 5), before: around(300, 15), level: 'ok' },
  { what: 'as before', now: around(2_000, 5), before: around(2_000, 15), level: 'ok' },
  { what: 'faster', now: around(1_500, 5), before: around(2_000, 15), level: 'ok' },
  {
    what: 'a median that is worse, of loads that are all over the place',
    now: [900, 1_000, 2_500, 2_600, 5_000],
    before: around(2_000, 15),
    level: 'ok',
  },
  { what: 'four loads', now: around(4_000, 4), before: around(2_000, 15), level: 'unknown' },
  { what: 'one visit before', now: around(4_000, 5), before: around(2_000, 5), level: 'unknown' },
])('$what: $level', ({ now, before, level }) => expect(weigh(now, before)).toBe(level))

test('layout that shifts and scripts that block are told as well, the worst first', () => {
  expect(weigh(around(0.2, 5), around(0.1, 10), 'CLS')).toBe('bad')
  expect(weigh(around(0.011, 5), around(0.001, 10), 'CLS')).toBe('ok')
  const metrics = [
    { metric: 'LCP' as const, now: around(2_000, 5), before: around(2_000, 10) },
    { metric: 'TBT' as const, now: around(900, 5), before: around(300, 10) },
  ]
  expect(weighLab({ url: '', metrics }, config).map(({ metric, level }) => [metric, level])).toEqual([
    ['TBT', 'bad'],
    ['LCP', 'ok'],
  ])
})
