import { describe, expect, test } from '@jest/globals'
import { defaultConfigs as config } from '@tocsin/contract/rules/catalog'
import {
  type LinksFacts,
  type NewPageFacts,
  type OvertakeFacts,
  type SurgeFacts,
  weighLinks,
  weighNewPage,
  weighOvertake,
  weighSurge,
} from './competitor-moves.ts'

const now = new Date('2026-03-20T12:00:00.000Z')
const dayMs = 86_400_000
const ago = (days: number) => new Date(now.getTime() - days * dayMs).toISOString()
const said = ({ level, severity }: { level: string; severity: string | null }) => [level, severity].filter(Boolean).join(' ')
type Pair = [own: number | null, rival: number | null]

describe('comp.overtake', () => {
  const days = (...pairs: Pair[]) => pairs.map(([own, rival], n) => ({ day: ago(pairs.length - n).slice(0, 10), own, rival }))
  const week = (own: number | null, rival: number | null) => days(...Array.from({ length: 7 }, (): Pair => [own, rival]))
  const fetches = (...pairs: Pair[]) => pairs.map(([own, rival], n) => ({ at: ago(n / 24), own, rival }))
  const twice = (own: number | null, rival: number | null) => fetches([own, rival], [own, rival])
  const facts = (more: Partial<OvertakeFacts>): OvertakeFacts => ({
    days: week(4, 8),
    fetches: [],
    depth: 100,
    open: null,
    told: false,
    ...more,
  })
  test.each([
    { when: 'from 8 to 3, past our 4', facts: { fetches: twice(5, 3) }, expected: 'bad medium' },
    { when: 'past our 3', facts: { days: week(3, 8), fetches: twice(4, 2) }, expected: 'bad high' },
    {
      when: 'neighbours that never moved change places',
      facts: { days: week(4, 5), fetches: twice(5, 4) },
      expected: 'bad medium',
    },
    { when: 'from out of sight', facts: { days: week(4, null), fetches: twice(5, 3) }, expected: 'bad medium' },
    { when: 'only we fell: rank.drop', facts: { fetches: twice(12, 8) }, expected: 'ok' },
    { when: 'we did not give way', facts: { fetches: twice(4, 3) }, expected: 'ok' },
    { when: 'once', facts: { fetches: fetches([5, 3]) }, expected: 'unknown' },
    { when: 'one of two', facts: { fetches: fetches([5, 3], [4, 8]) }, expected: 'ok' },
    {
      when: 'neighbours that change places all the time',
      facts: { days: days([4, 5], [5, 4], [4, 5], [4, 5], [4, 6]), fetches: twice(6, 3) },
      expected: 'ok',
    },
    {
      when: 'no more than it varies',
      facts: { days: days([4, 6], [4, 9], [4, 7], [4, 5], [4, 9], [4, 6]), fetches: twice(5, 4) },
      expected: 'ok',
    },
    { when: 'three days', facts: { days: days([4, 8], [4, 8], [4, 8]), fetches: twice(5, 3) }, expected: 'unknown' },
    { when: 'told within a day', facts: { fetches: twice(5, 3), told: true }, expected: 'unknown' },
    { when: 'open and behind', facts: { days: week(5, 3), fetches: twice(5, 3), open: { baseline: 3 } }, expected: 'bad high' },
    { when: 'open and we lead once', facts: { fetches: fetches([2, 3], [4, 3]), open: { baseline: 4 } }, expected: 'unknown' },
    { when: 'open and we lead twice', facts: { fetches: twice(2, 3), open: { baseline: 4 } }, expected: 'ok' },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighOvertake(facts(more), config['comp.overtake']))).toBe(expected)
  })
})

describe('comp.surge', () => {
  const quiet = [0.01, -0.02, 0.03, 0, -0.01, 0.02, 0.01, -0.03, 0, 0.02]
  const facts = (more: Partial<SurgeFacts>): SurgeFacts => ({
    now: 160,
    weekAgo: 100,
    floor: 5,
    others: [0.02, -0.01],
    history: quiet,
    improved: 6,
    measured: { weekAgo: 50, now: 50 },
    open: false,
    told: false,
    ...more,
  })
  test.each([
    { when: 'half as much again', facts: {}, expected: 'bad high' },
    { when: 'a fifth more', facts: { now: 120 }, expected: 'ok' },
    { when: 'from nothing', facts: { now: 20, weekAgo: 0 }, expected: 'bad high' },
    { when: 'everybody grew: an update', facts: { others: [0.5, 0.6, 0.55] }, expected: 'ok' },
    { when: 'the others fell', facts: { now: 110, others: [-0.4, -0.3] }, expected: 'ok' },
    { when: 'on four keywords', facts: { improved: 4 }, expected: 'ok' },
    { when: 'what always swings', facts: { history: [0.4, -0.3, 0.5, -0.4, 0.3, 0.6, -0.5] }, expected: 'ok' },
    { when: 'more keywords measured', facts: { measured: { weekAgo: 40, now: 50 } }, expected: 'unknown' },
    { when: 'a history of a week', facts: { history: quiet.slice(0, 6) }, expected: 'unknown' },
    { when: 'open and still growing', facts: { open: true, now: 130 }, expected: 'bad high' },
    { when: 'open and as usual', facts: { open: true, now: 105 }, expected: 'ok' },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighSurge(facts(more), config['comp.surge']))).toBe(expected)
  })
})

describe('comp.links', () => {
  const history = [3, 5, 4, 2, 6, 4, 3, 5]
  const facts = (more: Partial<LinksFacts>): LinksFacts => ({
    week: '2026-03-16',
    count: 30,
    history,
    others: [{ count: 4, history }],
    open: null,
    told: false,
    ...more,
  })
  test.each([
    { when: 'thirty where four are usual', facts: {}, expected: 'bad medium' },
    { when: 'nineteen', facts: { count: 19 }, expected: 'ok' },
    { when: 'what is usual', facts: { count: 30, history: [20, 30, 25, 40, 35, 28, 22, 33] }, expected: 'ok' },
    { when: 'all at once: the provider', facts: { others: [{ count: 40, history }] }, expected: 'unknown' },
    {
      when: 'one of the others too',
      facts: {
        others: [
          { count: 40, history },
          { count: 4, history },
        ],
      },
      expected: 'bad medium',
    },
    { when: 'a short history', facts: { history: [3, 4] }, expected: 'unknown' },
    { when: 'open', facts: { count: 2, open: { since: ago(13) } }, expected: 'bad medium' },
    { when: 'open for two weeks', facts: { open: { since: ago(14) } }, expected: 'ok' },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighLinks(facts(more), config['comp.links'], now))).toBe(expected)
  })
})

describe('comp.newpage', () => {
  const seen = (...daysBefore: number[]) => daysBefore.map((each, n) => ({ phrase: `k${n}`, country: 'US', daysBefore: each }))
  const facts = (more: Partial<NewPageFacts>): NewPageFacts => ({
    url: 'https://rival.example/new',
    firstSeenOn: '2026-03-19',
    keywords: seen(10, 10, 10),
    open: false,
    told: false,
    ...more,
  })
  test.each([
    { when: 'among three', facts: {}, expected: 'bad low' },
    { when: 'among two', facts: { keywords: seen(10, 10) }, expected: 'ok' },
    { when: 'one of them not followed before', facts: { keywords: seen(10, 10, 3) }, expected: 'ok' },
    { when: 'open and gone from the results', facts: { keywords: [], open: true }, expected: 'bad low' },
    { when: 'open for a month', facts: { firstSeenOn: '2026-02-18', open: true }, expected: 'ok' },
    { when: 'a month old', facts: { firstSeenOn: '2026-02-18' }, expected: 'ok' },
  ])('$when → $expected', ({ facts: more, expected }) => {
    expect(said(weighNewPage(facts(more), config['comp.newpage'], now))).toBe(expected)
  })
})
