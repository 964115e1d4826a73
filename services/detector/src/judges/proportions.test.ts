import { expect, test } from '@jest/globals'
import {
  comparisonsPerTrip,
  excess,
  mannWhitneyP,
  normalEquivalent,
  oneProportionZ,
  shareZ,
  spreadBeyond,
  zAmong,
} from './proportions.ts'

const of = (above: number, n: number) => ({ above, n })

test('two shares differ by as many standard errors as a table says', () => {
  expect(shareZ(of(203, 500), of(875, 3_500))).toBeCloseTo(7.35, 2)
  expect(shareZ(of(250, 1_000), of(250, 1_000))).toBe(0)
  expect(shareZ(of(0, 0), of(5, 10))).toBe(0)
  expect(oneProportionZ({ count: 300, n: 1_000 }, 0.25)).toBeCloseTo(3.65, 2)
})

test('days that differ by themselves leave less to be explained, however many views they have', () => {
  const [now, before] = [
    { value: 0.3, n: 100_000, days: 1 },
    { value: 0.25, n: 700_000, days: 7 },
  ]
  expect(excess(now, before, { variance: 0.19, daySpread: 0, degrees: 20 })).toEqual({
    z: expect.closeTo(33.9, 1),
    degrees: Infinity,
  })
  const { z, degrees } = excess(now, before, { variance: 0.19, daySpread: 0.03, degrees: 20 })
  expect(z).toBeCloseTo(1.56, 2)
  // Nearly all there is to know is how days differ, and that is known from twenty.
  expect(degrees).toBeCloseTo(20.1, 1)
  expect(excess({ ...now, n: 0 }, before, { variance: 0.19, daySpread: 0.03, degrees: 20 }).z).toBe(0)
})

test('what is known from few days has to differ more to be as rare', () => {
  // Of Student's t with 20 degrees one in 200 is above 2.845, and of a normal distribution above 2.576.
  expect(normalEquivalent(2.845, 20)).toBeCloseTo(2.576, 2)
  expect(normalEquivalent(2.576, Infinity)).toBeCloseTo(2.576, 2)
  expect(normalEquivalent(2.576, Infinity, 0.5)).toBeCloseTo(2.326, 2)
  expect(normalEquivalent(-1, 20)).toBeLessThan(0)
  expect(normalEquivalent(40, 1_000)).toBeGreaterThan(20)
})

test('how much days differ is told from how much views do', () => {
  const days = (...values: number[]) => values.map((value) => ({ value, n: 10_000 }))
  expect(spreadBeyond(days(0.25, 0.254, 0.246, 0.251, 0.249), 0.1875)).toBe(0)
  expect(spreadBeyond(days(0.25, 0.29, 0.21, 0.28, 0.22), 0.1875)).toBeCloseTo(0.035, 3)
  expect(spreadBeyond(days(0.25), 0.1875)).toBe(0)
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
