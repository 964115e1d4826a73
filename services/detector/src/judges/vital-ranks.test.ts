import { expect, test } from '@jest/globals'
import { createRandom } from '@tocsin/testkit/random'
import { views } from '@tocsin/testkit/simulated-vitals'
import { ladderOf, meanRank, rankVariance, stepsMax } from './vital-ranks.ts'

test('views like those before stand in the middle of them', () => {
  const before = { buckets: [1, 3, 5, 9], counts: [10, 20, 30, 40] }
  const ladder = ladderOf(before)
  expect(ladder).toEqual([
    [1, 0.1],
    [3, expect.closeTo(0.3)],
    [5, expect.closeTo(0.6)],
    [9, 1],
  ])
  expect(meanRank(before, ladder)).toBeCloseTo(0.5)
  expect(meanRank({ buckets: [9], counts: [7] }, ladder)).toBeCloseTo(0.8)
  expect(meanRank({ buckets: [400], counts: [7] }, ladder)).toBeCloseTo(0.8)
  expect(meanRank({ buckets: [0, 2], counts: [1, 1] }, ladder)).toBeCloseTo((0.05 + 0.2) / 2)
  expect(meanRank({ buckets: [], counts: [] }, ladder)).toBe(0.5)
  // 1 − 0.1³ − 0.2³ − 0.3³ − 0.4³ is nine tenths.
  expect(rankVariance(ladder)).toBeCloseTo(0.9 / 12)
})

test('some forty steps are as good as three hundred buckets', () => {
  const random = createRandom(3)
  const before = views(random, 'LCP', 20_000, 0)
  const ladder = ladderOf(before)
  expect(ladder.length).toBeGreaterThan(20)
  expect(ladder.length).toBeLessThanOrEqual(stepsMax + 1)
  // A normal distribution that is moved by 0.4 of its width is above the other in Φ(0.4 / √2) of the pairs.
  expect(meanRank(views(random, 'LCP', 20_000, 0.4 * 0.65), ladder)).toBeCloseTo(0.611, 2)
})
