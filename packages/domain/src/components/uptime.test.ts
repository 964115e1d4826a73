import { expect, test } from '@jest/globals'
import type { ComponentStatus } from '@tocsin/contract/api/components'
import fc from 'fast-check'
import { uptimeOf } from './uptime.ts'

const dayMs = 86_400_000
const span = (status: ComponentStatus, fromMs: number, toMs: number) => ({ status, from: new Date(fromMs), to: new Date(toMs) })

test.each([
  { when: 'nothing is known', spans: [], uptime: null },
  { when: 'all is well', spans: [span('operational', 0, dayMs)], uptime: 100 },
  { when: 'it was slow', spans: [span('degraded_performance', 0, dayMs)], uptime: 100 },
  { when: 'only maintained', spans: [span('under_maintenance', 0, dayMs)], uptime: null },
  {
    when: 'down for one millisecond of a year',
    spans: [span('operational', 0, 365 * dayMs), span('major_outage', 0, 1)],
    uptime: 99.999,
  },
  {
    when: 'up for one millisecond of a year',
    spans: [span('major_outage', 0, 365 * dayMs), span('operational', 0, 1)],
    uptime: 0,
  },
  {
    when: 'a quarter down, maintenance beside it',
    spans: [span('operational', 0, 3_000), span('partial_outage', 3_000, 4_000), span('under_maintenance', 4_000, 90_000)],
    uptime: 75,
  },
])('$when: $uptime', ({ spans, uptime }) => expect(uptimeOf(spans).uptime).toBe(uptime))

test('is never 100 with a failure in it, nor more than the exact quotient', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 4e12 }), (up, down) => {
      const { uptime } = uptimeOf([span('operational', 0, up), span('major_outage', 0, down)])
      if (uptime === null) throw new Error('There is something to count.')
      expect(uptime).toBeLessThan(100)
      const thousandths = Math.round(uptime * 1000)
      // floor: thousandths ≤ 100000·up/(up+down) < thousandths + 1
      expect(BigInt(thousandths) * BigInt(up + down) <= 100_000n * BigInt(up)).toBe(true)
      expect(BigInt(thousandths + 1) * BigInt(up + down) > 100_000n * BigInt(up)).toBe(true)
    }),
  )
})
