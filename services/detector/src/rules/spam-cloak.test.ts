import { expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { sketchOf } from '../judges/text-sketch.ts'
import { askAsOthers } from './cloak-round.ts'
import { at, findingOf, lookContext, page, probes, seen, short, siteContext } from './fixtures.ts'
import { spamCloak } from './spam-cloak.ts'

const text = (about: string): Partial<PageObservation> => ({
  textSketch: sketchOf(Array.from({ length: 300 }, (_, n) => `${about}${n}`).join(' ')),
  words: 300,
  spam: { hiddenLinks: [], terms: [] },
})
const url = at('/a')
const own = page(text('shoes'))

/** What Googlebot gets, where everybody else gets the page of shoes. */
const world = (googlebot: PageObservation) => ({
  ...probes({ pages: [own] }),
  pageAs: async (_url: string, visitor: string) => (visitor === 'googlebot' ? googlebot : own),
})
const signal = new AbortController().signal

test.each<[string, Partial<PageObservation>, string[]]>([
  ['the same', text('shoes'), []],
  ['another text', text('pills'), ['bad critical']],
  ['spam', { ...text('shoes'), spam: { hiddenLinks: [], terms: ['viagra', 'cialis', 'levitra'] } }, ['bad critical']],
  ['a redirect', { hops: [{ url, status: 302 }], finalUrl: 'https://casino.test/' }, ['bad critical']],
  ['a wall', { fault: 'challenge' }, []],
  ['an error', { status: 403 }, []],
])('Googlebot gets %s', async (_name, over, expected) => {
  const round = await askAsOthers(url, world(page(over)), signal)
  expect(spamCloak.judge({ ...seen(), cloaks: [round] }, siteContext()).map((each) => short(each))).toEqual(expected)
})

test('looking again', async () => {
  const round = await askAsOthers(url, world(page(text('pills'))), signal)
  const finding = findingOf(spamCloak.judge({ ...seen(), cloaks: [round] }, siteContext())[0])
  const look = async (over: Partial<PageObservation>) =>
    short(await spamCloak.lookAgain(finding, world(page(over)), lookContext()))
  expect([await look(text('pills')), await look(text('shoes')), await look({ fault: 'challenge' })]).toEqual([
    'bad critical',
    'ok',
    'unknown',
  ])
})
