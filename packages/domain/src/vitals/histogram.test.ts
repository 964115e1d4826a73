import { describe, expect, test } from '@jest/globals'
import { vitalMetrics, vitalThresholds } from '@tocsin/contract/vitals'
import { boundsOf, bucketOf, bucketsOf } from './buckets.ts'
import { countAbove, countOf, figuresOf, histogramOf, merged, p75Of, quantileOf } from './histogram.ts'

describe.each(vitalMetrics)('the buckets of %s', (metric) => {
  const { good, poor } = vitalThresholds[metric]

  test('begin and end exactly at both thresholds', () => {
    for (const threshold of [good, poor]) {
      expect(boundsOf(metric, bucketOf(metric, threshold))[1]).toBe(threshold)
      expect(bucketOf(metric, threshold * 1.000_000_1)).toBe(bucketOf(metric, threshold) + 1)
    }
  })

  test('tell a value to within one per cent, from a tenth of the first threshold to ten times the second', () => {
    for (let value = good / 10; value < poor * 10; value *= 1.003) {
      const [above, upTo] = boundsOf(metric, bucketOf(metric, value))
      expect(value).toBeGreaterThan(above)
      expect(value).toBeLessThanOrEqual(upTo)
      expect((upTo - above) / 2 / value).toBeLessThan(0.01)
    }
  })

  test('take everything, and are few enough for a small integer', () => {
    expect(bucketOf(metric, 0)).toBe(0)
    expect(bucketOf(metric, 1e9)).toBe(bucketsOf(metric) - 1)
    expect(bucketsOf(metric)).toBeLessThan(400)
  })
})

const of = (values: readonly number[]) => {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(bucketOf('LCP', value), (counts.get(bucketOf('LCP', value)) ?? 0) + 1)
  return histogramOf(counts)
}
const values = Array.from({ length: 2_000 }, (_, n) => 400 * 1.0016 ** n)

test('two halves say together what the whole says', () => {
  const halves = merged([of(values.filter((_, n) => n % 2 === 0)), of(values.filter((_, n) => n % 2 === 1))])
  expect(halves).toEqual(of(values))
  expect(countOf(halves)).toBe(2_000)
})

test('the 75th percentile is less than one per cent off', () => {
  const exact = values[1_499] ?? 0
  expect(Math.abs((p75Of('LCP', of(values)) ?? 0) - exact) / exact).toBeLessThan(0.01)
})

test('shares at the thresholds are exact', () => {
  const figures = figuresOf('LCP', of([2_499, 2_500, 2_501, 4_000, 4_001, 9_000, 100, 200]))
  expect(figures).toMatchObject({ n: 8, goodShare: 4 / 8, poorShare: 2 / 8 })
  expect(countAbove('LCP', of([2_500, 2_500, 2_501]), 2_500)).toBe(1)
})

test('nothing measured is nothing said', () => {
  expect(figuresOf('LCP', histogramOf(new Map()))).toEqual({ n: 0, p75: null, goodShare: null, poorShare: null })
  expect(quantileOf('CLS', histogramOf(new Map()), 0.5)).toBeNull()
})
