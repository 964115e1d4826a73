import { describe, expect, test } from '@jest/globals'
import type { CrawlSummary, PageObservation } from '../crawler/observation.ts'
import { crawlFail } from './crawl-fail.ts'
import { at, findingOf, home, lookContext, page, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { rememberSite } from './remember.ts'
import { emptySiteMemory } from './site-memory.ts'

const many = (count: number, over: Partial<PageObservation> = {}, from = 0) =>
  Array.from({ length: count }, (_, n) => page({ url: at(`/${from + n}`), ...over }))
const reached = (count: number) => ({ ...emptySiteMemory, coverage: { reached: count, at: '2026-11-20T00:00:00.000Z' } })
const silent: Partial<PageObservation> = { status: null, fault: 'timeout' }
const judge = (pages: PageObservation[], over: Partial<CrawlSummary> = {}, context: Parameters<typeof siteContext>[0] = {}) =>
  crawlFail.judge(seen({ pages: pages.length, ...over }, [], pages), siteContext({ memory: reached(100), ...context }))[0]
const open = { watched: watching('crawl.fail', 'shop.test') }

test.each<[string, PageObservation[], Partial<CrawlSummary>, Parameters<typeof siteContext>[0], string]>([
  ['all', many(100), {}, {}, 'nothing'],
  ['80 of 100', many(80), {}, {}, 'nothing'],
  ['79 of 100', many(79), {}, {}, 'bad high'],
  ['79, the others being silent', [...many(79), ...many(21, silent, 79)], {}, {}, 'bad high'],
  ['79, in a scan that is not complete', many(79), { complete: false }, {}, 'nothing'],
  ['79, and the site has asked us to stop', many(79), { stopped: 'throttled' }, {}, 'nothing'],
  ['all 50 that it may look at', many(50), { stopped: 'budget' }, {}, 'nothing'],
  ['30 of 50 that it may look at', [...many(30), ...many(20, { status: 500 }, 30)], { stopped: 'budget' }, {}, 'bad high'],
  ['the first time', many(3), {}, { memory: emptySiteMemory }, 'nothing'],
  ['1 of 4, which is no share', many(1), {}, { memory: reached(4) }, 'nothing'],
  ['90, and somebody waits', many(90), {}, open, 'unknown'],
  ['95, and somebody waits', many(95), {}, open, 'ok'],
  ['79, and somebody has seen it', many(79), {}, { watched: watching('crawl.fail', 'shop.test', 'acknowledged') }, 'ok'],
])('a crawl reached %s', (_name, pages, over, context, expected) => expect(short(judge(pages, over, context))).toBe(expected))

test.each<[string, number, Parameters<typeof siteContext>[0], number]>([
  ['a crawl that lost little', 85, {}, 85],
  ['a crawl that lost much', 70, {}, 100],
  ['one that lost much, and it is acknowledged', 70, { watched: watching('crawl.fail', 'shop.test', 'acknowledged') }, 70],
  ['one that has not got all back', 90, open, 100],
  ['one that has', 96, open, 96],
])('after %s, the next is compared with the right one', (_name, count, context, expected) => {
  const pages = many(count)
  const after = rememberSite(reached(100), seen({ pages: count }, [], pages), siteContext(context))
  expect(after.coverage?.reached).toBe(expected)
})

describe('looking again', () => {
  const failing = findingOf(judge([...many(70), ...many(30, silent, 70)]))
  const unlinked = findingOf(judge(many(70)))
  const start = page({ url: home })
  test('fetches pages that failed', () => expect(failing.look.urls).toEqual([at('/70'), at('/71'), at('/72')]))
  test.each<[string, typeof failing, PageObservation[], string]>([
    ['they fail again', failing, [start, ...many(3, silent, 70)], 'bad high'],
    ['they answer', failing, [start, ...many(3, {}, 70)], 'ok'],
    ['a wall stands before them', failing, [start, ...many(3, { status: null, fault: 'challenge' }, 70)], 'unknown'],
    ['the site does not answer at all', failing, [page({ url: home, status: null, fault: 'dns' })], 'unknown'],
    ['the site answers, and links that are gone are seen by no look', unlinked, [start], 'bad high'],
  ])('%s', async (_name, finding, pages, expected) =>
    expect(short(await crawlFail.lookAgain(finding, probes({ pages }), lookContext()))).toBe(expected),
  )
})
