import { describe, expect, test } from '@jest/globals'
import { chanceAllowed, positionShift } from './position-shift.ts'
import { studentTail } from './student-t.ts'

test.each([
  [0, 5, 0.5],
  [1, 1, 0.25],
  [2.228, 10, 0.025],
  [3, 33, 0.00255],
  [4.144, 10, 0.001],
  [-2.228, 10, 0.975],
  [12, 8, 1.0719e-6],
  [Number.POSITIVE_INFINITY, 8, 0],
  [3, 0, 1],
])('Student’s t %d with %d degrees: %d', (t, degrees, p) => {
  expect(studentTail(t, degrees)).toBeCloseTo(p, p < 0.001 ? 8 : 4)
})

const days = (...positions: number[]) =>
  positions.map((position, n) => ({ at: `day ${n}`, impressions: 100, clicks: 5, position }))
const around = (position: number, n: number) => days(...Array.from({ length: n }, (_, i) => position + 0.4 * Math.cos(2 * i)))

describe('a shift of positions', () => {
  test('is the difference of the means, weighted by impressions', () => {
    const before = [
      { at: '1', impressions: 900, clicks: 0, position: 2 },
      { at: '2', impressions: 100, clicks: 0, position: 12 },
    ]
    expect(positionShift(days(8, 8), before)).toMatchObject({ before: 3, after: 8, delta: 5 })
  })

  test('that is clear has a large t and a small chance; none has neither', () => {
    expect(positionShift(around(8, 7), around(3, 28))?.t).toBeGreaterThan(10)
    expect(Math.abs(positionShift(around(3, 7), around(3, 28))?.t ?? 9)).toBeLessThan(1)
  })

  test('within what days usually differ proves nothing', () => {
    const wild = Array.from({ length: 28 }, (_, n) => 10 + (n % 2 === 0 ? 8 : -8))
    expect(positionShift(days(22, 5, 20, 3, 21, 22, 4), days(...wild))?.t).toBeLessThan(3)
  })

  test('proves less when each day resembles the one before', () => {
    const slow = Array.from({ length: 28 }, (_, n) => 10 + 3 * Math.sin(n / 4))
    const quick = slow.toSorted((a, b) => Math.sin(a * 997) - Math.sin(b * 997))
    const week = days(16, 16.5, 15.5, 16, 16.2, 15.8, 16)
    expect(positionShift(week, days(...slow))?.t).toBeLessThan(positionShift(week, days(...quick))?.t ?? 0)
  })

  test('of what never moves is not made a surprise of by a rounding', () => {
    expect(positionShift(days(1.1, 1.1, 1.1), days(1, 1, 1, 1))?.t).toBeLessThan(1)
  })

  test('needs two points on both sides', () => {
    expect(positionShift(days(5), days(1, 2))).toBeNull()
    expect(positionShift(days(5, 6), [])).toBeNull()
  })
})

test('among many, one must be rarer; many together bear each other out', () => {
  expect(chanceAllowed([0.0005], 0.001)).toBe(0.001)
  expect(chanceAllowed([...Array(999).fill(0.5), 0.0005], 0.001)).toBeCloseTo(1e-6, 9)
  expect(chanceAllowed([...Array(500).fill(0.5), ...Array(500).fill(0.0004)], 0.001)).toBeCloseTo(0.0005, 6)
  expect(chanceAllowed([], 0.001)).toBe(0.001)
})
