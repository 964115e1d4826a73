import { expect, test } from '@jest/globals'
import { backoffMs } from './backoff.ts'

test.each([
  { failures: 1, random: 0.5, ms: 100 },
  { failures: 2, random: 0.5, ms: 200 },
  { failures: 4, random: 0, ms: 640 },
  { failures: 4, random: 1, ms: 960 },
  { failures: 99, random: 0.5, ms: 5_000 },
])('$failures failures, random $random → $ms ms', ({ failures, random, ms }) => {
  expect(backoffMs(failures, { firstMs: 100, maxMs: 5_000 }, () => random)).toBe(ms)
})
