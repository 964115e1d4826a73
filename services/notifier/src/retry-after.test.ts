import { expect, test } from '@jest/globals'
import { retryAfterMs } from './retry-after.ts'

const now = new Date('2026-03-02T09:00:00Z')

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Mon, 02 Mar 2026 09:05:00 GMT', 300_000],
  ['Monday, 02-Mar-26 09:05:00 GMT', 300_000],
  ['Mon, 02 Mar 2026 08:00:00 GMT', 0],
  [['7', '9'], 7_000],
  [undefined, null],
  ['', null],
  ['-5', null],
  ['1.5', null],
  ['2026', 2_026_000],
  ['tomorrow', null],
  ['2026-03-02T09:05:00Z', null],
  ['Mon, never', null],
])('%p → %p', (header, expected) => expect(retryAfterMs(header, now)).toBe(expected))
