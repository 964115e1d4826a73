import { describe, expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import {
  type Day,
  daysBefore,
  decidingFetches,
  type Fetch,
  type KeywordFacts,
  type SitewideFacts,
  weighDrop,
  weighLost,
  weighPageExit,
  weighSitewide,
} from './ranking-moves.ts'

const now = new Date('2026-03-20T12:00:00.000Z')
const dayMs = 86_400_000
const config = defaultConfigs

/** The last of them was yesterday. */
const days = (...positions: (number | null)[]): Day[] =>
  positions.map((position, n) => ({
    day: new Date(now.getTime() - (positions.length - n) * dayMs).toISOString().slice(0, 10),
    position,
    depth: 100,
  }))
/** Newest first, an hour apart. */
const fetches = (...positions: (number | null)[]): Fetch[] =>
  positions.map((position, n) => ({
    at: new Date(now.getTime() - n * 3_600_000).toISOString(),
    position,
    depth: 100,
    complete: null,
  }))
const complete = (position: number | null): Fetch[] => fetches(position).map((fetch) => ({ ...fetch, complete: true }))
const week = (position: number | null): Day[] => days(...Array.from({ length: 7 }, () => position))
const facts = (more: Partial<KeywordFacts>): KeywordFacts => ({ days: week(3), fetches: [], open: null, told: false, ...more })
const openFor = (count: number, baseline = 3, severity: 'high' | 'critical' = 'high') => ({
  baseline,
  since: new Date(now.getTime() - count * dayMs).toISOString(),
  severity,
})
const said = ({ level, severity }: { level: string; severity: string | null }) => [level, severity].filter(Boolean).join(' ')

describe('rank.drop', () => {
  test.each([
    { when: 'from 3 to 11', facts: { days: week(3), fetches: fetches(11, 11) }, expected: 'bad critical' },
    { when: 'from 3 to 10', facts: { days: week(3), fetches: fetches(10, 10) }, expected: 'bad high' },
    { when: 'from 3 to 6: not enough', facts: { days: week(3), fetches: fetches(6, 6) }, expected: 'ok' },
    { when: 'from 3 to 6.5', facts: { days: week(3), fetches: fetches(7, 7) }, expected: 'bad high' },
    { when: 'from 15 to 20: not enough', facts: { days: week(15), fetches: fetches(20, 20) }, expected: 'ok' },
    { when: 'from 15 to 21', facts: { days: week(15), fetches: fetches(21, 21) }, expected: 'bad medium' },
    { when: 'from 30 to 40: not enough', facts: { days: week(30), fetches: fetches(40, 40) }, expected: 'ok' },
    { when: 'from 30 to 41', facts: { days: week(30), fetches: fetches(41, 41) }, expected: 'bad medium' },
    { when: 'from 60 to 90: nobody looks there', facts: { days: week(60), fetches: fetches(90, 90) }, expected: 'unknown' },
    { when: 'one fetch', facts: { fetches: fetches(20) }, expected: 'unknown' },
    { when: 'one list that is marked complete', facts: { fetches: complete(20) }, expected: 'bad critical' },
    {
      when: 'a complete list after a good one',
      facts: { fetches: [...complete(20), ...fetches(3, 3).slice(1)] },
      expected: 'bad critical',
    },
    { when: 'two fetches that disagree', facts: { fetches: fetches(20, 3) }, expected: 'ok' },
    { when: 'absent in one', facts: { fetches: fetches(20, null) }, expected: 'unknown' },
    { when: 'absent in both: rank.lost', facts: { fetches: fetches(null, null) }, expected: 'unknown' },
    { when: 'three good days', facts: { days: days(3, 3, 3), fetches: fetches(20, 20) }, expected: 'unknown' },
    {
      when: 'four good days among absences',
      facts: { days: days(3, null, 3, null, 3, 3), fetches: fetches(20, 20) },
      expected: 'bad critical',
    },
    { when: 'no more than it varies', facts: { days: days(2, 8, 3, 9, 2, 8, 4), fetches: fetches(9, 9) }, expected: 'ok' },
    { when: 'told within a day and over', facts: { fetches: fetches(20, 20), told: true }, expected: 'unknown' },
    { when: 'open and still down', facts: { fetches: fetches(12, 12), open: openFor(3) }, expected: 'bad critical' },
    {
      when: 'open and a little better',
      facts: { fetches: fetches(9, 9), open: openFor(3, 3, 'critical') },
      expected: 'bad critical',
    },
    { when: 'open and better, not back', facts: { fetches: fetches(5, 5), open: openFor(3) }, expected: 'bad high' },
    { when: 'open and back once', facts: { fetches: fetches(4, 9), open: openFor(3) }, expected: 'bad high' },
    {
      when: 'open and back by one list that is complete',
      facts: { fetches: complete(3), open: openFor(3) },
      expected: 'unknown',
    },
    { when: 'open and back twice, one lower', facts: { fetches: fetches(4, 4), open: openFor(3) }, expected: 'ok' },
    {
      when: 'open, measured against what was, not against what is',
      facts: { days: week(12), fetches: fetches(12, 12), open: openFor(8) },
      expected: 'bad critical',
    },
    { when: 'open for two weeks', facts: { days: week(12), fetches: fetches(12, 12), open: openFor(14) }, expected: 'ok' },
    { when: 'open and nothing measured', facts: { open: openFor(3) }, expected: 'unknown' },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighDrop(facts(more), config['rank.drop'], now))).toBe(expected)
  })
})

describe('rank.lost', () => {
  const shallow = fetches(null, null).map((fetch) => ({ ...fetch, depth: 50 }))
  test.each([
    { when: 'from 3', facts: { fetches: fetches(null, null) }, expected: 'bad critical' },
    { when: 'from 9', facts: { days: week(9), fetches: fetches(null, null) }, expected: 'bad critical' },
    { when: 'from 30', facts: { days: week(30), fetches: fetches(null, null) }, expected: 'bad high' },
    { when: 'from 70', facts: { days: week(70), fetches: fetches(null, null) }, expected: 'bad medium' },
    { when: 'once', facts: { fetches: fetches(null) }, expected: 'unknown' },
    { when: 'once, by a complete list', facts: { fetches: complete(null) }, expected: 'unknown' },
    { when: 'in one of two', facts: { fetches: fetches(null, 3) }, expected: 'unknown' },
    { when: 'when looked less deep', facts: { fetches: shallow }, expected: 'unknown' },
    {
      when: 'what came and went before',
      facts: { days: days(3, 3, 3, null, 3, 3, 3), fetches: fetches(null, null) },
      expected: 'unknown',
    },
    {
      when: 'what was the last that could be seen',
      facts: { days: days(97, 99, 100, 98, 99, 97, 98), fetches: fetches(null, null) },
      expected: 'unknown',
    },
    { when: 'found', facts: { fetches: fetches(80, 80) }, expected: 'ok' },
    { when: 'open and found once', facts: { fetches: fetches(80, null), open: openFor(2) }, expected: 'unknown' },
    { when: 'open and found twice', facts: { fetches: fetches(80, 80), open: openFor(2) }, expected: 'ok' },
    {
      when: 'open and still not there',
      facts: { days: [], fetches: fetches(null, null), open: openFor(40, 30) },
      expected: 'bad high',
    },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighLost(facts(more), config['rank.lost']))).toBe(expected)
  })
})

describe('rank.page1_exit', () => {
  test.each([
    { when: 'from 9 to 11', facts: { days: week(9), fetches: fetches(11, 11) }, expected: 'bad high' },
    { when: 'from 10 to 12', facts: { days: week(10), fetches: fetches(12, 12) }, expected: 'bad high' },
    { when: 'once', facts: { days: week(9), fetches: complete(11) }, expected: 'unknown' },
    { when: 'one of two', facts: { days: week(9), fetches: fetches(11, 10) }, expected: 'ok' },
    { when: 'what hovers at the foot', facts: { days: days(9, 11, 10, 9, 10, 11, 9), fetches: fetches(11, 11) }, expected: 'ok' },
    { when: 'no more than it varies', facts: { days: days(7, 10, 8, 10, 7, 9, 10), fetches: fetches(11, 11) }, expected: 'ok' },
    { when: 'what was told as a drop', facts: { days: week(5), fetches: fetches(15, 15), told: true }, expected: 'unknown' },
    { when: 'open and back twice', facts: { days: week(12), fetches: fetches(10, 9), open: openFor(2, 9) }, expected: 'ok' },
    { when: 'open and back once', facts: { days: week(12), fetches: fetches(10, 11), open: openFor(2, 9) }, expected: 'unknown' },
    {
      when: 'open and still off',
      facts: { days: week(12), fetches: fetches(11, 13), open: openFor(2, 9) },
      expected: 'bad high',
    },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighPageExit(facts(more), config['rank.page1_exit']))).toBe(expected)
  })
})

describe('rank.sitewide', () => {
  const site = (more: Partial<SitewideFacts>): SitewideFacts => ({
    judged: 100,
    tripped: 0,
    down: 0,
    rivals: { compared: 40, moved: 2 },
    open: null,
    ...more,
  })
  const open = (daysAgo: number, volatile = false) => ({ since: openFor(daysAgo).since, volatile })
  test.each([
    { when: 'a fifth', facts: { tripped: 20 }, expected: 'bad critical' },
    { when: 'less than a fifth', facts: { tripped: 19 }, expected: 'ok' },
    { when: 'four of four', facts: { judged: 4, tripped: 4 }, expected: 'ok' },
    { when: 'five of five', facts: { judged: 5, tripped: 5 }, expected: 'bad critical' },
    { when: 'competitors moved too', facts: { tripped: 20, rivals: { compared: 40, moved: 8 } }, expected: 'bad medium' },
    { when: 'no competitors', facts: { tripped: 20, rivals: { compared: 0, moved: 0 } }, expected: 'bad critical' },
    { when: 'nothing judged', facts: { judged: 0 }, expected: 'unknown' },
    { when: 'open, a twentieth down', facts: { down: 5, open: open(2) }, expected: 'bad critical' },
    { when: 'open, less down', facts: { down: 4, open: open(2) }, expected: 'ok' },
    { when: 'open as volatility', facts: { down: 30, open: open(2, true) }, expected: 'bad medium' },
    { when: 'open, nothing judged', facts: { judged: 0, open: open(2) }, expected: 'unknown' },
    { when: 'open for two weeks', facts: { down: 30, open: open(14) }, expected: 'ok' },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighSitewide(site(more), config['rank.sitewide'], now))).toBe(expected)
  })
})

test('fetches of the present are far enough apart, and the days are those before them', () => {
  const at = (hoursAgo: number): Fetch =>
    ({ ...fetches(1)[0], at: new Date(now.getTime() - hoursAgo * 3_600_000).toISOString() }) as Fetch
  const apart = { now, currentHours: 48, apartMinutes: 30 }
  const picked = (hours: number[]) =>
    decidingFetches(hours.map(at), apart).map((fetch) => (now.getTime() - Date.parse(fetch.at)) / 3_600_000)
  expect(picked([0, 0.2, 0.4, 0.5, 3])).toEqual([0, 0.5])
  expect(picked([1, 47, 60])).toEqual([1, 47])
  expect(picked([1, 49])).toEqual([1])
  expect(picked([50])).toEqual([])
  expect(daysBefore(days(1, 2, 3), [at(1), at(30)]).map((each) => each.position)).toEqual([1, 2])
  expect(daysBefore(days(1, 2, 3), [])).toHaveLength(3)
})
