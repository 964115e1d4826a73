import { describe, expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { GscAnomaliesEnv } from '../sources/search-console/anomalies.ts'
import { now } from './fixtures.ts'
import { idxCanonicalGoogle } from './idx-canonical-google.ts'
import { idxDropped } from './idx-dropped.ts'
import { rankEarly } from './rank-early.ts'
import { spamGsc } from './spam-gsc.ts'
import type { Rule } from './verdict.ts'

/** What facts weigh, as they come back from the database. */
const weighed = (rule: Pick<Rule, 'replay'>, facts: object): string => {
  const { level, severity } = rule.replay(JSON.parse(JSON.stringify(facts)), { config: defaultConfigs, now })
  return severity === null ? level : `${level} ${severity}`
}
const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T12:00:00.000Z`

describe('rank.early', () => {
  const hours = (position: number, impressions = 5, n = 24) =>
    Array.from({ length: n }, (_, i) => ({ at: day(1), impressions, clicks: 0, position: position + ((i % 5) - 2) / 5 }))
  const facts = (over: object = {}) => ({
    query: 'blue shoes',
    now: hours(9),
    weekAgo: hours(4),
    days: Array.from({ length: 28 }, (_, i) => 4 + ((i % 5) - 2) / 5),
    through: day(18),
    isFinal: false,
    chanceAllowed: 0.001,
    ...over,
  })
  test.each([
    ['a fall of five', {}, 'bad low'],
    ['a fall of two', { now: hours(6) }, 'unknown'],
    ['as a week ago', { now: hours(4.5) }, 'ok'],
    ['better', { now: hours(2) }, 'ok'],
    ['hardly seen', { now: hours(9, 2) }, 'unknown'],
    ['hardly seen a week ago', { weekAgo: hours(4, 1) }, 'unknown'],
    ['seen in four hours only', { now: hours(9, 50, 4) }, 'unknown'],
    ['days that differ as much anyway', { days: Array.from({ length: 28 }, (_, i) => (i % 2 ? 2 : 12)) }, 'unknown'],
    ['nothing known of its days', { days: [] }, 'unknown'],
    ['one of so many', { chanceAllowed: 1e-30 }, 'unknown'],
    ['a fall in hours that are final by now, and still there', { isFinal: true }, 'bad low'],
    ['a fall that is final by now, and smaller', { isFinal: true, now: hours(6) }, 'ok'],
    ['a fall that is final by now, and nothing to see', { isFinal: true, now: [], weekAgo: [] }, 'ok'],
  ])('%s', (_when, over, said) => expect(weighed(rankEarly, facts(over))).toBe(said))
})

describe('spam.gsc', () => {
  const facts = (over: object = {}) => ({
    profile: { cyrillic: 0.001 },
    profileImpressions: 5_000,
    profileDays: 28,
    since: '2026-11-10',
    through: '2026-11-16',
    isWhole: true,
    queries: [{ query: 'slot gacor maxwin', impressions: 60 }],
    otherImpressions: 0,
    ...over,
  })
  const seen = (query: string, impressions: number) => ({ queries: [{ query, impressions }] })
  test.each([
    ['the lexicon', {}, 'bad critical'],
    ['Japanese', seen('時計 の 激安', 50), 'bad critical'],
    ['Cyrillic, of which there is a trace', seen('купить часы', 50), 'bad critical'],
    ['Cyrillic, where it is at home', { ...seen('купить часы', 50), profile: { cyrillic: 0.02 } }, 'ok'],
    ['a casino’s own site', { profile: { casino: 0.5 } }, 'ok'],
    ['little', seen('slot gacor', 49), 'unknown'],
    ['next to nothing', seen('slot gacor', 4), 'ok'],
    ['next to nothing in half a week', { ...seen('slot gacor', 4), isWhole: false }, 'unknown'],
    ['much in half a week', { isWhole: false }, 'bad critical'],
    ['many of which some are shown', { ...seen('slot gacor', 20), otherImpressions: 40 }, 'bad critical'],
    ['a site known for a week', { profileDays: 7 }, 'unknown'],
    ['a site that is hardly found', { profileImpressions: 80 }, 'unknown'],
    ['nothing odd', { queries: [] }, 'ok'],
  ])('%s', (_when, over, said) => expect(weighed(spamGsc, facts(over))).toBe(said))
})

describe('idx.canonical_google', () => {
  const [own, other] = ['https://shop.test/a', 'https://shop.test/b']
  const said = (n: number, google: string) => ({ at: day(n), google, own })
  test.each([
    ['the same', [said(1, own)], 5, 'ok'],
    ['the same, written otherwise', [said(1, 'https://SHOP.test:443/a#x')], 5, 'ok'],
    ['another, once', [said(1, other)], 5, 'unknown'],
    ['another, two days apart', [said(1, other), said(3, other)], 5, 'unknown'],
    ['another, three days apart', [said(1, other), said(4, other)], 5, 'bad medium'],
    ['another on an important page', [said(1, other), said(4, other)], 8, 'bad high'],
    ['another, then the same', [said(1, other), said(4, own)], 9, 'ok'],
    ['nothing', [], 9, 'unknown'],
  ])('%s', (_when, canonicals, importance, level) => {
    expect(weighed(idxCanonicalGoogle, { url: own, importance, canonicals })).toBe(level)
  })
})

describe('idx.dropped', () => {
  const out = (n: number) => ({ at: day(n), verdict: 'neutral', coverage: 'Crawled - currently not indexed' })
  test.each([
    ['in the index', day(9), [], 5, 'ok'],
    ['out of it once', day(9), [out(10)], 5, 'unknown'],
    ['out of it twice', day(9), [out(10), out(11)], 5, 'bad medium'],
    ['an important page', day(9), [out(10), out(11)], 8.4, 'bad high'],
    ['never in it', null, [out(10), out(11)], 9, 'unknown'],
  ])('%s', (_when, passedAt, since, importance, level) => {
    expect(weighed(idxDropped, { url: 'https://shop.test/a', importance, passedAt, since })).toBe(level)
  })
})

describe('anomalies that an installation knows of', () => {
  test('are JSON with dates', () => {
    const known = { from: '2026-03-01', to: '2026-03-02', note: 'Odd.' }
    expect(GscAnomaliesEnv.parse(undefined)).toEqual([])
    expect(GscAnomaliesEnv.parse(JSON.stringify([known]))).toEqual([{ ...known, breaks: false }])
  })
  test.each(['no JSON', '{}', '[{"from":"yesterday","to":"2026-03-02","note":"x"}]', '[{"from":"2026-03-01"}]'])(
    '%s is refused',
    (text) => {
      expect(GscAnomaliesEnv.safeParse(text).success).toBe(false)
    },
  )
})
