import { describe, expect, test } from '@jest/globals'
import { createRandom, normal } from '@tocsin/testkit/random'
import { type BandFacts, type Collection, usualBand, weighBand } from './vital-band.ts'

const config = { marginPercent: 5 }
/** With a spread of 0.6 of the logarithm, as most sites have. */
function collection(p75: number, n: number | null = 2_000): Collection {
  const above = (threshold: number) => 1 / (1 + Math.exp(1.702 * (Math.log(threshold / p75) / 0.6 + 0.674)))
  return { at: '2026-03-01', p75, n, aboveGood: above(2_500), abovePoor: above(4_000) }
}
const weigh = (p75s: readonly number[], more: Partial<BandFacts> & { n?: number | null } = {}) => {
  const { isOpen = false, n = 2_000, metric = 'LCP', usual = 'good' } = more
  return weighBand({ metric, isOpen, usual, collections: p75s.map((p75) => collection(p75, n)) }, config)
}
const well = [2_300, 2_250, 2_310, 2_280, 2_290]

test.each([
  { what: 'one day is none', p75s: [2_900, ...well], level: 'ok', band: null },
  { what: 'two days beyond the margin', p75s: [2_900, 2_850, ...well], level: 'bad', band: 'needs_improvement' },
  { what: 'within the margin', p75s: [2_600, 2_610, ...well], level: 'ok', band: null },
  { what: 'straight to poor', p75s: [4_500, 4_400, ...well], level: 'bad', band: 'poor' },
  { what: 'from needs improvement to poor', p75s: [4_400, 4_300, 3_000, 3_100, 3_050], level: 'bad', band: 'poor' },
  { what: 'poor since the first day', p75s: [4_500, 4_400, 4_450, 4_420, 4_480], level: 'ok', band: null },
  { what: 'one collection', p75s: [4_500], level: 'unknown', band: null },
  { what: 'a history of two', p75s: [3_000, 3_000, 2_200, 2_200], level: 'bad', band: 'needs_improvement' },
] as const)('$what: $level', ({ p75s, level, band }) => expect(weigh(p75s)).toEqual({ level, band }))

test('few views are not certain enough', () => {
  expect(weigh([2_680, 2_650, ...well], { n: 100 }).level).toBe('ok')
  expect(weigh([3_300, 3_400, ...well], { n: 100 }).level).toBe('bad')
})

test('a slow rise is told when it has been beyond for a week', () => {
  const rise = Array.from({ length: 24 }, (_, day) => 2_780 - 25 * day)
  expect(weigh(rise.slice(3)).level).toBe('ok')
  expect(weigh([...Array<number>(5).fill(2_790), ...rise]).level).toBe('bad')
})

describe('what is open', () => {
  test('of a site that has always been between good and poor is over when it is there again', () => {
    const more = { isOpen: true, usual: 'needs_improvement' } as const
    expect(weigh([4_300, 4_400, 3_000], more)).toEqual({ level: 'bad', band: 'poor' })
    expect(weigh([3_900, 3_700, 4_400], more).level).toBe('unknown')
    expect(weigh([3_100, 3_000, 4_400], more).level).toBe('ok')
    const collections = [4_400, 4_300, 3_000, 3_100, 2_450].map((p75) => collection(p75))
    expect(usualBand({ metric: 'LCP', collections })).toBe('needs_improvement')
    expect(usualBand({ metric: 'LCP', collections: [2_900, 2_900, ...well].map((p75) => collection(p75)) })).toBe('good')
  })

  test('stays until it is below the threshold by the margin, twice', () => {
    expect(weigh([2_700, 2_700, 2_900], { isOpen: true }).level).toBe('bad')
    expect(weigh([2_500, 2_700, 2_900], { isOpen: true }).level).toBe('unknown')
    expect(weigh([2_300, 2_450, 2_900], { isOpen: true }).level).toBe('unknown')
    expect(weigh([2_300, 2_370, 2_900], { isOpen: true }).level).toBe('ok')
  })
  test('falls from poor to needs improvement on the way', () => {
    expect(weigh([3_700, 3_800, 4_500], { isOpen: true })).toEqual({ level: 'bad', band: 'needs_improvement' })
  })
})

test('the Chrome UX Report needs no proof of certainty', () => {
  expect(weigh([2_630, 2_640, 2_490, 2_480, 2_470], { n: null })).toEqual({ level: 'bad', band: 'needs_improvement' })
})

test.each([0.9, 1, 1.02, 1.05, 1.07, 1.1])('a year of a site that lives at %d of a threshold, with noise: never', (place) => {
  const random = createRandom(place * 100)
  const days = Array.from({ length: 365 }, () => 2_500 * place * Math.exp(0.05 * normal(random)))
  const alarms = days.filter((_, day) => day >= 28 && weigh(days.slice(day - 28, day).toReversed()).level === 'bad')
  expect(alarms).toEqual([])
})
