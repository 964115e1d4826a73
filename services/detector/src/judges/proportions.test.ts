import { expect, test } from '@jest/globals'
import { betweenDays, comparisonsPerTrip, mannWhitneyP, oneProportionZ, shareZ, zAmong } from './proportions.ts'

const of = (count: number, n: number, days = 1) => ({ count, n, days })

test('two shares differ by as many standard errors as a table says', () => {
  expect(shareZ(of(203, 500), of(875, 3_500, 7), 0)).toBeCloseTo(7.35, 2)
  expect(shareZ(of(250, 1_000), of(250, 1_000), 0)).toBe(0)
  expect(shareZ(of(0, 0), of(5, 10), 0)).toBe(0)
  expect(oneProportionZ({ count: 300, n: 1_000 }, 0.25)).toBeCloseTo(3.65, 2)
})

test('days that differ by themselves leave less to be explained, however many views they have', () => {
  expect(shareZ(of(30_000, 100_000), of(175_000, 700_000, 7), 0)).toBeGreaterThan(30)
  expect(shareZ(of(30_000, 100_000), of(175_000, 700_000, 7), 0.03)).toBeCloseTo(1.56, 2)
})

test('how much days differ is told from how much views do', () => {
  const days = (...counts: number[]) => counts.map((count) => ({ count, n: 10_000 }))
  expect(betweenDays(days(2_500, 2_540, 2_460, 2_510, 2_490))).toBe(0)
  expect(betweenDays(days(2_500, 2_900, 2_100, 2_800, 2_200))).toBeCloseTo(0.035, 3)
  expect(betweenDays(days(2_500))).toBe(0)
})

test('among many comparisons each must be surer', () => {
  expect(zAmong(3.09, 1)).toBeCloseTo(3.09, 3)
  expect(zAmong(3.09, 10)).toBeCloseTo(3.719, 2)
  expect(zAmong(3.09, 100)).toBeCloseTo(4.265, 2)
  expect(zAmong(1.645, 2)).toBeCloseTo(1.96, 2)
})

test('those that trip together bear each other out', () => {
  expect(comparisonsPerTrip([5, 0, 0, 0, 0, 0, 0, 0, 0, 0], 3.09)).toBe(10)
  expect(comparisonsPerTrip([5, 5, 4, 4, 3.4, 0, 0, 0, 0, 0], 3.09)).toBe(2)
  expect(comparisonsPerTrip([0, 0], 3.09)).toBe(2)
  expect(comparisonsPerTrip([], 3.09)).toBe(0)
})

test.each([
  // Of 252 orders of five and five, one has all five on top; of 3003 of ten and five.
  { larger: [6, 7, 8, 9, 10], smaller: [1, 2, 3, 4, 5], p: 1 / 252 },
  { larger: [11, 12, 13, 14, 15], smaller: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], p: 1 / 3_003 },
  { larger: [5, 7, 8, 9, 10], smaller: [1, 2, 3, 4, 6], p: 2 / 252 },
  { larger: [1, 2, 3, 4, 5], smaller: [6, 7, 8, 9, 10], p: 1 },
  { larger: [], smaller: [1], p: 1 },
])('$larger above $smaller by chance: $p', ({ larger, smaller, p }) => expect(mannWhitneyP(larger, smaller)).toBeCloseTo(p, 8))

test('what is the same is no difference', () => {
  expect(mannWhitneyP([3, 3, 3, 3, 3], [3, 3, 3, 3, 3])).toBeGreaterThan(0.4)
})
