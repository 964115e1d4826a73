import { describe, expect, test } from '@jest/globals'
import { AlertCondition } from '@tocsin/contract/api/alert-rules'
import { judgeMetric, metricTitle, windowsBefore } from './judge.ts'
import { siteUptimeOf } from './uptime.ts'

const condition = (more: object) => AlertCondition.parse({ metric: 'health.score', op: 'below', value: 50, ...more })
const judge = (
  more: object,
  value: number | null,
  before: (number | null)[] = [],
  kind: 'threshold' | 'milestone' = 'threshold',
) => judgeMetric({ kind, condition: condition(more), uptimeThreshold: 95, value, before }).level

const steady = Array.from({ length: 28 }, (_, day) => 100 + (day % 3))
describe('a value against its condition', () => {
  test.each([
    ['below', { op: 'below', value: 50 }, 49.9, 'bad'],
    ['not below its own bound', { op: 'below', value: 50 }, 50, 'good'],
    ['above', { op: 'above', value: 50 }, 50.1, 'bad'],
    ['not above its own bound', { op: 'above', value: 50 }, 50, 'good'],
    ['equals', { op: 'equals', value: 0 }, 0, 'bad'],
    ['does not equal', { op: 'equals', value: 0 }, 1, 'good'],
    ['unknown is neither', { op: 'below', value: 50 }, null, 'unknown'],
    ["the org's own threshold", { metric: 'uptime.site', value: null }, 94.99, 'bad'],
    ["at the org's own threshold", { metric: 'uptime.site', value: null }, 95, 'good'],
  ] as const)('%s', (_, more, value, level) => expect(judge(more, value)).toBe(level))

  test.each([
    ['up by so much', {}, 130, [100], 'bad'],
    ['down by so much', {}, 70, [100], 'bad'],
    ['by less', {}, 129, [100], 'good'],
    ['up, where down is asked for', { direction: 'down' }, 130, [100], 'good'],
    ['without a window before', {}, 130, [null], 'unknown'],
    ['from nothing', {}, 1, [0], 'bad'],
    ['nothing from nothing', {}, 0, [0], 'good'],
    ['as every day', { against: 'four_weeks', value: 3.5 }, 102, steady, 'good'],
    ['as on no day', { against: 'four_weeks', value: 3.5 }, 140, steady, 'bad'],
    ['of too few days', { against: 'four_weeks', value: 3.5 }, 140, [100, 101, 102, null, null], 'unknown'],
    ['where nothing ever moved', { against: 'four_weeks', value: 3.5 }, 104, Array.from({ length: 28 }, () => 100), 'bad'],
  ] as const)('changes %s', (_, more, value, before, level) =>
    expect(judge({ op: 'changes_by', value: 30, ...more }, value, [...before])).toBe(level),
  )

  test.each([
    ['is reached', {}, 100, 'bad'],
    ['stays reached', {}, 10, 'unknown'],
    ['may be told anew', { again: true }, 10, 'good'],
  ] as const)('a milestone %s', (_, more, value, level) => {
    expect(judge({ op: 'above', value: 50, ...more }, value, [], 'milestone')).toBe(level)
  })
})

test('a change is held against the window before, or against the same hours of four weeks', () => {
  const window = { from: new Date('2026-03-01T10:00:00Z'), to: new Date('2026-03-01T11:00:00Z') }
  const before = (more: object) =>
    windowsBefore(condition({ op: 'changes_by', value: 30, ...more }), window).map(({ to }) => to.toISOString())
  expect(before({})).toEqual(['2026-03-01T10:00:00.000Z'])
  const weeks = before({ against: 'four_weeks' })
  expect([weeks.length, weeks[0], weeks.at(-1)]).toEqual([28, '2026-02-28T11:00:00.000Z', '2026-02-01T11:00:00.000Z'])
  expect(before({ against: 'four_weeks', windowMinutes: 7 * 1440 })).toHaveLength(4)
})

test('a title says what was measured and what it was held against', () => {
  const verdict = { level: 'bad', value: 93.216, against: 95 } as const
  expect(metricTitle(condition({ metric: 'uptime.site', value: null }), 'Shop', verdict)).toBe(
    'Uptime of a site: Shop is at 93.22 %, below 95 %',
  )
})

describe('uptime of a site', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour))
  const day = { from: at(0), to: at(24) }
  const text = (hour: number) => at(hour).toISOString()
  const watched = { watchedFrom: at(-48), outages: [], turns: [], paused: false }
  test.each([
    ['never out', watched, 100],
    ['not watched', { ...watched, watchedFrom: null }, null],
    ['not watched yet', { ...watched, watchedFrom: at(30) }, null],
    ['an hour out', { ...watched, outages: [{ from: text(1), to: text(2) }] }, 95.83],
    ['still out', { ...watched, outages: [{ from: text(12), to: null }] }, 50],
    [
      'two that overlap',
      {
        ...watched,
        outages: [
          { from: text(0), to: text(6) },
          { from: text(3), to: text(12) },
        ],
      },
      50,
    ],
    ['watched for its second half only', { ...watched, watchedFrom: at(12), outages: [{ from: text(12), to: text(18) }] }, 50],
    ['paused all the time', { ...watched, paused: true }, null],
    [
      'paused while it was out',
      {
        ...watched,
        outages: [{ from: text(6), to: text(12) }],
        turns: [
          { at: text(6), paused: true },
          { at: text(12), paused: false },
        ],
      },
      100,
    ],
    [
      'paused since before',
      { ...watched, outages: [{ from: text(0), to: text(18) }], turns: [{ at: text(12), paused: false }] },
      50,
    ],
    ['out for a second', { ...watched, outages: [{ from: text(1), to: new Date(at(1).getTime() + 1000).toISOString() }] }, 99.99],
  ])('%s', (_, site, uptime) => expect(siteUptimeOf(site, day)).toBe(uptime))
})
