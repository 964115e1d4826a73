import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import type { RobotsDirective } from '../judges/robots-directives.ts'
import { at, findingOf, home, lookContext, memory, page, pageContext, probes, short, watching } from './fixtures.ts'
import { idxNoindex, isMeantToBeOut } from './idx-noindex.ts'
import type { PageMemory } from './page-memory.ts'

const says = (value: string, agent = 'robots', source: RobotsDirective['source'] = 'meta') => ({
  directives: [{ source, agent, value }],
})
const watched = watching('idx.noindex', at('/a'))
const template = page().template
const matters = { importance: () => 9 }
const was = memory()
const wasOut = memory({ indexable: false })

describe('a page', () => {
  test.each<[string, Partial<PageObservation>, PageMemory | null, Parameters<typeof pageContext>[0], string]>([
    ['has become noindex', says('noindex'), was, {}, 'bad high'],
    ['that matters has become noindex', says('noindex, follow'), was, matters, 'bad critical'],
    ['says none', says('none'), was, {}, 'bad high'],
    ['says so to Googlebot in a header', says('noindex', 'googlebot', 'header'), was, {}, 'bad high'],
    ['says so to another crawler', says('noindex', 'bingbot'), was, {}, 'nothing'],
    ['was to be shown until yesterday', says('unavailable_after: 2026-11-19'), was, {}, 'bad high'],
    ['is to be shown until tomorrow', says('unavailable_after: 2026-11-21'), was, {}, 'nothing'],
    ['has always been noindex', says('noindex'), wasOut, matters, 'nothing'],
    ['is noindex on day one and matters', says('noindex'), null, { baseline: true, ...matters }, 'bad critical'],
    ['is noindex on day one', says('noindex'), null, { baseline: true }, 'nothing'],
    ['is for signing in', { url: at('/login'), ...says('noindex') }, was, matters, 'nothing'],
    ['is waited for, and still noindex', says('noindex'), wasOut, { watched }, 'bad high'],
    ['is waited for, and well', says('index'), was, { watched }, 'ok'],
    ['is waited for, and removed', { status: 404 }, was, { watched }, 'ok'],
    ['is waited for, and fails', { status: 503 }, was, { watched }, 'unknown'],
    ['is waited for, and behind a wall', { fault: 'challenge' }, was, { watched }, 'unknown'],
  ])('%s', (_name, over, before, context, expected) =>
    expect(short(idxNoindex.judge(page(over), before, pageContext(context)))).toBe(expected),
  )

  test('has always been noindex, and its template is waited for: it is none of those that changed', () => {
    const both = new Map([...watched, ...watching('idx.noindex', template)])
    expect(idxNoindex.judge(page(says('noindex')), wasOut, pageContext({ watched: both }))).toBeNull()
    expect(short(idxNoindex.judge(page(says('noindex')), was, pageContext({ watched: both })))).toBe('bad high')
  })

  test('says where it says so', () =>
    expect(idxNoindex.judge(page(says('noindex', 'robots', 'header')), was, pageContext())).toMatchObject({
      title: 'Page has become noindex: /a',
      description: expect.stringContaining('the X-Robots-Tag header says noindex'),
      evidence: { directives: [{ source: 'header', agent: 'robots', value: 'noindex', because: 'noindex' }] },
    }))
})

test.each<[string, Partial<PageObservation>, string]>([
  ['still', says('noindex'), 'bad high'],
  ['gone', {}, 'ok'],
  ['too many questions', { status: 429, fault: 'rate_limited' }, 'unknown'],
  ['a server error', { status: 500 }, 'unknown'],
])('looking again: %s', async (_name, over, expected) => {
  const finding = findingOf(idxNoindex.judge(page(says('noindex')), was, pageContext()))
  expect(short(await idxNoindex.lookAgain(finding, probes({ pages: [page(over)] }), lookContext()))).toBe(expected)
})

test.each([
  ['/login', true],
  ['/de/warenkorb/', true],
  ['/search?q=lamp', true],
  ['/?s=lamp', true],
  ['/blog/tag/oak', true],
  ['/my-account/orders', true],
  ['/', false],
  ['/products/lamp', false],
  ['/research', false],
  ['/accounting', false],
])('%s is meant to be out of search results: %p', (path, expected) =>
  expect(isMeantToBeOut(new URL(path, home).href)).toBe(expected),
)
