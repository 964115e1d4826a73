import { describe, expect, test } from '@jest/globals'
import { linePath, nearestIndex, scaleOf } from './chart-scale.ts'

describe('a scale', () => {
  test.each([
    { values: [3, 97], bounds: {}, min: 0, max: 100, ticks: [0, 50, 100] },
    { values: [0.02, 0.31], bounds: {}, min: 0, max: 0.4, ticks: [0, 0.1, 0.2, 0.3, 0.4] },
    { values: [5, 5], bounds: {}, min: 4, max: 6, ticks: [4, 6] },
    { values: [0], bounds: { min: 0 }, min: 0, max: 0.5, ticks: [0, 0.5] },
    { values: [40, 60], bounds: { min: 0, max: 100 }, min: 0, max: 100, ticks: [0, 50, 100] },
    { values: [2, 9], bounds: { min: 1 }, min: 1, max: 10, ticks: [2, 4, 6, 8, 10] },
    { values: [], bounds: {}, min: 0, max: 1, ticks: [0, 1] },
  ])('of $values within $bounds ends on round numbers', ({ values, bounds, min, max, ticks }) => {
    expect(scaleOf(values, bounds)).toEqual({ min, max, ticks })
  })

  test('has few ticks, all of them within, whatever comes', () => {
    for (let power = -4; power < 10; power += 1)
      for (const factor of [1, 1.3, 2.2, 4.9, 7, 9.99]) {
        const high = factor * 10 ** power
        const { min, max, ticks } = scaleOf([0, high])
        expect([min, max >= high, ticks.length <= 6, ticks.every((tick) => tick >= min && tick <= max * (1 + 1e-9))]).toEqual([
          0,
          true,
          true,
          true,
        ])
      }
  })
})

test('a line breaks where nothing was measured, and a stepped one keeps its value', () => {
  const points = [{ x: 0, y: 10 }, { x: 5, y: 4.44 }, null, { x: 9, y: 1 }]
  expect(linePath(points)).toBe('M0 10L5 4.4M9 1')
  expect(linePath(points, true)).toBe('M0 10H5V4.4M9 1')
})

test('the nearest of ascending positions is found', () => {
  expect([-3, 4, 7, 100].map((x) => nearestIndex([0, 5, 10], x))).toEqual([0, 1, 1, 2])
})
