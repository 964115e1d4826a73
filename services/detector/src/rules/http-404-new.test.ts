import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { at, findingOf, lookContext, memory, page, pageContext, probes, short, watching } from './fixtures.ts'
import { http404New } from './http-404-new.ts'
import type { PageMemory } from './page-memory.ts'

const watched = watching('http.404_new', at('/a'))
const gone = page({ status: 404 })

describe('a page', () => {
  test.each<[string, Partial<PageObservation>, PageMemory | null, Parameters<typeof pageContext>[0], string]>([
    ['was there and is linked', { status: 404 }, memory(), {}, 'bad medium'],
    ['was there and mattered', { status: 410 }, memory(), { importance: () => 9 }, 'bad high'],
    ['is only in the sitemap', { status: 404, inlinks: 0, inSitemap: true }, memory(), {}, 'bad medium'],
    ['is pointed to by nobody', { status: 404, inlinks: 0 }, memory(), {}, 'nothing'],
    ['is pointed to by nobody, and waited for', { status: 404, inlinks: 0 }, memory(), { watched }, 'ok'],
    ['never was', { status: 404 }, memory({ lastOkAt: null, status: 404 }), {}, 'nothing'],
    ['is unknown', { status: 404 }, null, { baseline: true }, 'nothing'],
    ['is back', {}, memory(), { watched }, 'ok'],
    ['is forbidden', { status: 403 }, memory(), { watched }, 'unknown'],
    ['fails', { status: 500 }, memory(), { watched }, 'unknown'],
    ['is behind a wall', { status: 404, fault: 'challenge' }, memory(), { watched }, 'unknown'],
  ])('%s', (_name, over, before, context, expected) =>
    expect(short(http404New.judge(page(over), before, pageContext(context)))).toBe(expected),
  )

  test('says since when and who points to it', () => {
    expect(http404New.judge({ ...gone, inSitemap: true }, memory(), pageContext())).toMatchObject({
      description: `${at('/a')} used to answer and now answers 404, but is still linked and listed in the sitemap.`,
      evidence: { status: 404, lastOkAt: memory().lastOkAt, inlinks: 1, inSitemap: true },
    })
  })
})

test.each<[string, PageObservation, PageMemory | null, string]>([
  ['still gone', gone, memory(), 'bad medium'],
  ['back', page(), memory(), 'ok'],
  ['no longer pointed to', gone, memory({ inlinks: 0 }), 'ok'],
  ['not remembered', gone, null, 'bad medium'],
  ['too many questions', page({ status: 429, fault: 'rate_limited' }), memory(), 'unknown'],
])('looking again: %s', async (_name, now, before, expected) => {
  const finding = findingOf(http404New.judge(gone, memory(), pageContext()))
  const context = lookContext({ pages: new Map(before ? [[now.url, before]] : []) })
  expect(short(await http404New.lookAgain(finding, probes({ pages: [now] }), context))).toBe(expected)
})
