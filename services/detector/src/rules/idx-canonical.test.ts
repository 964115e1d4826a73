import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import type { CanonicalLink } from '../judges/canonical.ts'
import { at, findingOf, home, hops, lookContext, page, pageContext, probes, robots, short, watching } from './fixtures.ts'
import { idxCanonical } from './idx-canonical.ts'

const to = (path: string, over: Partial<CanonicalLink> = {}): CanonicalLink => ({
  source: 'html',
  href: at(path),
  url: at(path),
  ...over,
})
const names = (...canonicals: CanonicalLink[]) => page({ canonicals })
const target = (over: Partial<PageObservation> = {}) => page({ url: at('/b'), ...over })
const watched = watching('idx.canonical', at('/a'))
const noindex = { directives: [{ source: 'meta' as const, agent: 'robots', value: 'noindex' }] }

describe('the canonical link of a page', () => {
  test.each<[string, PageObservation, PageObservation[], Parameters<typeof pageContext>[0], string, string[]]>([
    ['is its own', names(to('/a')), [], { watched }, 'ok', []],
    ['is not there', page(), [], { watched }, 'ok', []],
    ['leads to a page', names(to('/b')), [target()], { watched }, 'ok', []],
    ['leads to 404', names(to('/b')), [target({ status: 404 })], {}, 'bad high', ['target_error']],
    ['leads to a server error', names(to('/b')), [target({ status: 500 })], {}, 'bad high', ['target_error']],
    [
      'leads to a redirect',
      names(to('/b')),
      [target({ hops: hops('/b'), finalUrl: home })],
      {},
      'bad high',
      ['target_redirects'],
    ],
    ['leads to noindex', names(to('/b')), [target(noindex)], {}, 'bad high', ['target_noindex']],
    [
      'leads to what is forbidden',
      names(to('/b')),
      [target()],
      { robots: robots('User-agent: *\nDisallow: /b') },
      'bad high',
      ['target_blocked'],
    ],
    ['leads in a circle', names(to('/b')), [target({ canonicals: [to('/a')] })], {}, 'bad high', ['loop']],
    ['leads on', names(to('/b')), [target({ canonicals: [to('/c')] })], {}, 'bad high', ['chain']],
    ['matters', names(to('/b')), [target({ status: 404 })], { importance: () => 9 }, 'bad critical', ['target_error']],
    ['leads where nobody looked', names(to('/b')), [], {}, 'nothing', []],
    ['leads where nobody looked, and is waited for', names(to('/b')), [], { watched }, 'unknown', []],
    ['leads to a wall', names(to('/b')), [target({ status: null, fault: 'rate_limited' })], { watched }, 'unknown', []],
    ['is there twice', names(to('/a'), to('/c')), [], {}, 'bad high', ['several']],
    ['differs in the header', names(to('/c', { source: 'header' }), to('/a')), [], {}, 'bad high', ['header_differs']],
    ['is relative', names(to('/a', { href: '/a' })), [], {}, 'bad low', ['relative']],
    ['is no address', names(to('/a', { href: 'javascript:', url: null })), [], {}, 'bad high', ['invalid']],
    ['is gone with its page', page({ status: 404 }), [], { watched }, 'ok', []],
    ['cannot be seen', page({ status: 503 }), [], { watched }, 'unknown', []],
  ])('%s', (_name, asked, others, context, expected, faults) => {
    const verdict = idxCanonical.judge(asked, null, pageContext({ pages: others, ...context }))
    expect(short(verdict)).toBe(expected)
    expect(verdict?.evidence['faults'] ?? []).toEqual(faults)
  })

  test.each([
    ['as half of the site does', 50, 'bad high'],
    ['as few do', 49, 'nothing'],
  ])('names the home page, %s', (_name, canonicalToHome, expected) => {
    const context = pageContext({ pages: [page({ url: home })], crawl: { pages: 100, serverErrors: 0, canonicalToHome } })
    expect(short(idxCanonical.judge(names(to('/')), null, context))).toBe(expected)
  })
})

test.each<[string, PageObservation[], string]>([
  ['still', [names(to('/b')), target({ status: 404 })], 'bad high'],
  ['the target is back', [names(to('/b')), target()], 'ok'],
  ['the page names itself', [names(to('/a'))], 'ok'],
  ['the target cannot be seen', [names(to('/b')), target({ status: 429, fault: 'rate_limited' })], 'unknown'],
  ['the page cannot be seen', [page({ status: null, fault: 'timeout' })], 'unknown'],
])('looking again: %s', async (_name, pages, expected) => {
  const context = pageContext({ pages: [target({ status: 404 })] })
  const finding = findingOf(idxCanonical.judge(names(to('/b')), null, context))
  expect(short(await idxCanonical.lookAgain(finding, probes({ pages, robots: robots('') }), lookContext()))).toBe(expected)
})

test('looking again: a robots.txt that cannot be read does not free the target', async () => {
  const forbidden = robots('User-agent: *\nDisallow: /b')
  const finding = findingOf(idxCanonical.judge(names(to('/b')), null, pageContext({ pages: [target()], robots: forbidden })))
  const again = async (file: typeof forbidden) =>
    short(await idxCanonical.lookAgain(finding, probes({ pages: [names(to('/b')), target()], robots: file }), lookContext()))
  expect(await again(forbidden)).toBe('bad high')
  expect(await again(robots('', { availability: 'unreachable' }))).toBe('unknown')
  expect(await again(robots(''))).toBe('ok')
})
