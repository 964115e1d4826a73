import { describe, expect, test } from '@jest/globals'
import { moveOf, positionAgo, positionText, trendOf } from './positions.ts'

const now = new Date('2026-11-30T15:00:00.000Z')
const dayOf = (day: string, position: number | null) => ({ day, position, found: 1, absent: 0, depth: 100, competitors: [] })
const days = [dayOf('2026-11-01', 9), dayOf('2026-11-22', null), dayOf('2026-11-23', 6), dayOf('2026-11-29', 4)]

describe('where a keyword stood', () => {
  test.each([
    { ago: 0, position: 4 },
    { ago: 7, position: 6 },
    { ago: 5, position: 6 },
    { ago: 8, position: null },
    { ago: 28, position: 9 },
    { ago: 20, position: undefined },
    { ago: 30, position: undefined },
  ])('$ago days ago: $position', ({ ago, position }) => {
    expect(positionAgo(days, ago, now)).toBe(position)
  })
})

test('a trend has a gap on every day without a position', () => {
  expect(trendOf(days, 9, now)).toEqual([null, 6, null, null, null, null, null, 4, null])
})

test('a position is told apart from its absence and from a failed look', () => {
  const latest = { position: 4, missing: null, depth: 100, url: null, source: 'push', checkedAt: now.toISOString() }
  expect([
    positionText(null),
    positionText(latest),
    positionText({ ...latest, position: null, missing: 'absent' }),
    positionText({ ...latest, position: null, missing: 'failed' }),
  ]).toEqual(['Not measured yet', '4', 'Not in the first 100', 'Could not be measured'])
})

test.each([
  { now: 4, earlier: 9, move: { direction: 'up', words: '5 up' } },
  { now: 9, earlier: 4, move: { direction: 'down', words: '5 down' } },
  { now: 4, earlier: 4, move: { direction: 'same', words: 'as before' } },
  { now: null, earlier: 4, move: { direction: 'down', words: 'lost' } },
  { now: 4, earlier: null, move: { direction: 'up', words: 'new' } },
  { now: null, earlier: null, move: null },
  { now: undefined, earlier: 4, move: null },
  { now: 4, earlier: undefined, move: null },
])('from $earlier to $now', ({ now: present, earlier, move }) => {
  expect(moveOf(present, earlier)).toEqual(move)
})
