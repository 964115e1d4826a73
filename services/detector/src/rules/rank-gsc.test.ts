import { describe, expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { addDays } from '../judges/pacific.ts'
import { now } from './fixtures.ts'
import { type RankGscFacts, rankGsc } from './rank-gsc.ts'

/** Days that differ a little, as they do. */
const days = (from: string, n: number, { position = 3, impressions = 100, clicks = 20 } = {}) =>
  Array.from({ length: n }, (_, i) => ({
    at: addDays(from, i),
    impressions,
    clicks: Math.max(0, clicks + (i % 3) - 1),
    position: position + ((i % 5) - 2) / 5,
  }))
const facts = (over: Partial<RankGscFacts> = {}): RankGscFacts => ({
  query: 'blue shoes',
  page: 'https://shop.test/blue',
  week: days('2026-11-10', 7),
  before: days('2026-10-13', 28),
  weekDays: 7,
  beforeDays: 28,
  chanceAllowed: 0.001,
  ...over,
})
const week = (over: Parameters<typeof days>[2]) => days('2026-11-10', 7, over)
const judged = (evidence: RankGscFacts, config: Partial<(typeof defaultConfigs)['rank.gsc']> = {}) => {
  const configs = { ...defaultConfigs, 'rank.gsc': { ...defaultConfigs['rank.gsc'], ...config } }
  const { level, severity } = rankGsc.replay(JSON.parse(JSON.stringify(evidence)), { config: configs, now })
  return severity === null ? level : `${level} ${severity}`
}

describe('a query on a page', () => {
  test.each([
    { when: 'is where it was', facts: facts(), said: 'ok' },
    { when: 'is better', facts: facts({ week: week({ position: 1.5 }) }), said: 'ok' },
    { when: 'fell by more than three', facts: facts({ week: week({ position: 7 }) }), said: 'bad medium' },
    { when: 'fell by three', facts: facts({ week: week({ position: 5.9 }) }), said: 'unknown' },
    { when: 'fell by less than one', facts: facts({ week: week({ position: 3.8 }) }), said: 'ok' },
    { when: 'fell and lost its clicks', facts: facts({ week: week({ position: 9, clicks: 8 }) }), said: 'bad high' },
    {
      when: 'fell and lost a fifth of its clicks',
      facts: facts({ week: week({ position: 9, clicks: 16 }) }),
      said: 'bad medium',
    },
    {
      when: 'fell and lost clicks of which it had few',
      facts: facts({ before: days('2026-10-13', 28, { clicks: 1 }), week: week({ position: 9, clicks: 0 }) }),
      said: 'bad medium',
    },
    { when: 'was hardly seen this week', facts: facts({ week: week({ position: 30, impressions: 14 }) }), said: 'unknown' },
    { when: 'was seen on three days', facts: facts({ week: week({ position: 9 }).slice(0, 3) }), said: 'unknown' },
    { when: 'was new a week ago', facts: facts({ before: days('2026-11-01', 9), week: week({ position: 9 }) }), said: 'unknown' },
    {
      when: 'always goes up and down',
      facts: facts({
        before: days('2026-10-13', 28).map((day, i) => ({ ...day, position: i % 2 ? 4 : 22 })),
        week: week({}).map((day, i) => ({ ...day, position: i % 2 ? 12 : 23 })),
      }),
      said: 'unknown',
    },
    {
      when: 'fell, but one of so many does by chance',
      facts: facts({ week: week({ position: 7 }), chanceAllowed: 1e-30 }),
      said: 'unknown',
    },
  ])('that $when: $said', ({ facts: given, said }) => {
    expect(judged(given)).toBe(said)
  })

  test('is judged by the thresholds of the site', () => {
    const fell = facts({ week: week({ position: 7 }) })
    expect(judged(fell, { minDelta: 5 })).toBe('unknown')
    expect(judged(fell, { resolveDelta: 5 })).toBe('ok')
    expect(judged(fell, { minImpressions: 5_000 })).toBe('unknown')
  })
})

test('evidence of another kind proves nothing', () => {
  expect(rankGsc.replay({ query: 'x' }, { config: defaultConfigs, now })).toEqual({ level: 'unknown', severity: null })
})
