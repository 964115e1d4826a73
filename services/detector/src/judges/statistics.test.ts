import { expect, test } from '@jest/globals'
import { median, medianAbsoluteDeviation, robustZ } from './statistics.ts'

test.each([
  [[], null, 0],
  [[4], 4, 0],
  [[9, 1], 5, 4],
  [[3, 1, 2], 2, 1],
  [[1, 1, 2, 2, 4, 6, 9], 2, 1],
  [[5, 5, 5, 5, 100], 5, 0],
])('%j has the median %p and deviates by %p', (values, middle, deviation) => {
  expect([median(values), medianAbsoluteDeviation(values)]).toEqual([middle, deviation])
})

test('a surprise is measured by what is usual, and by no less than a floor', () => {
  expect(robustZ(9, [1, 1, 2, 2, 4, 6, 9], 0)).toBeCloseTo(7 / 1.4826)
  expect(robustZ(6, [5, 5, 5, 5], 0.7)).toBeCloseTo(1 / (0.7 * 1.4826))
  expect(robustZ(6, [], 1)).toBe(0)
})
