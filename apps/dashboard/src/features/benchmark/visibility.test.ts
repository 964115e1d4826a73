import { expect, test } from '@jest/globals'
import type { Benchmark } from '@tocsin/contract/api/benchmark'
import { changeText, visibilityLines } from './visibility.ts'

const partyOf = (number: number | null): Benchmark['parties'][number] => ({
  competitorId: number === null ? null : `cmp_${String(number).padStart(24, '0')}`,
  name: number === null ? 'Own' : `Rival ${number}`,
  domain: `${number}.example`,
  visibility: { now: 1, weekAgo: 1, fourWeeksAgo: 1 },
  shareOfVoice: 0.5,
  ahead: 0,
  overtakes: 0,
  referringDomains: 0,
  newReferringDomains: { week: 0, fourWeeks: 0 },
})

test('the site and the most visible of its competitors are lines, with gaps where one was not measured', () => {
  const parties = [null, 1, 2, 3, 4, 5, 6, 7].map(partyOf)
  const own = { competitorId: null, visibility: 10 }
  const rival = { competitorId: parties[1]?.competitorId ?? null, visibility: 4 }
  const days = [
    { day: '2026-11-01', parties: [own] },
    { day: '2026-11-02', parties: [own, rival] },
  ]
  const lines = visibilityLines({ keywords: 1, measured: 1, parties }, { days })
  expect(lines).toHaveLength(6)
  expect(lines.slice(0, 2)).toEqual([
    { name: 'Own', values: [10, 10] },
    { name: 'Rival 1', values: [null, 4] },
  ])
})

test.each([
  [110, 100, '+10%'],
  [75, 100, '-25%'],
  [100, 100, '0%'],
  [5, 0, 'new'],
  [0, 0, '0%'],
  [null, 4, '–'],
  [4, null, '–'],
])('%p after %p is %p', (now, earlier, text) => {
  expect(changeText(now, earlier)).toBe(text)
})
