import { describe, expect, test } from '@jest/globals'
import type { RobotsObservation } from '../crawler/observation.ts'
import { at, findingOf, home, lookContext, memory, probes, robots, seen, short, siteContext, watching } from './fixtures.ts'
import { idxRobotsBlock } from './idx-robots-block.ts'
import type { PageMemory } from './page-memory.ts'

const known = (over: Record<string, Partial<PageMemory>> = {}) => {
  const paths = ['/', ...Array.from({ length: 39 }, (_, n) => `/products/${n}`)]
  return new Map(paths.map((path) => [at(path), memory({ importance: path === '/' ? 9 : 3, ...over[path] })]))
}
const judge = (file: RobotsObservation, context: Parameters<typeof siteContext>[0] = {}) =>
  idxRobotsBlock.judge(seen({ robots: file }), siteContext({ pages: known(), ...context }))
const all = robots('User-agent: *\nDisallow: / # staging')
const one = robots('User-agent: *\nDisallow: /products/7$')

describe('robots.txt', () => {
  test.each<[string, RobotsObservation, Parameters<typeof siteContext>[0], string[]]>([
    ['forbids everything', all, {}, ['disallow: / bad critical']],
    ['forbids a tenth', robots('User-agent: *\nDisallow: /products/1'), {}, ['disallow: /products/1 bad critical']],
    ['forbids one page', one, {}, []],
    [
      'forbids one page that matters',
      one,
      { pages: known({ '/products/7': { importance: 8 } }) },
      ['disallow: /products/7$ bad high'],
    ],
    ['forbids Googlebot alone', robots('User-agent: googlebot\nDisallow: /'), {}, ['disallow: / bad critical']],
    ['forbids somebody else', robots('User-agent: bingbot\nDisallow: /'), {}, []],
    [
      'forbids what it always has',
      robots('User-agent: *\nDisallow: /$'),
      { pages: known({ '/': { allowedByRobots: false } }) },
      [],
    ],
    ['forbids the home page on day one', all, { pages: new Map(), baseline: true }, ['disallow: / bad critical']],
    ['is missing', robots('', { availability: 'missing', status: 404 }), {}, []],
    ['cannot be read', robots('', { availability: 'unreachable', status: 503 }), {}, []],
  ])('%s', (_name, file, context, expected) =>
    expect(judge(file, context).map((each) => `${each.subject} ${short(each)}`)).toEqual(expected),
  )

  test('names the deciding line and the pages', () =>
    expect(judge(all)).toMatchObject([
      {
        title: 'robots.txt blocks the home page',
        evidence: { line: 2, text: 'Disallow: / # staging', pagesBlocked: 40, pagesKnown: 40, home, crawler: 'googlebot' },
      },
    ]))

  test.each<[string, RobotsObservation, string]>([
    ['is still there, with another comment', robots('\n\nUser-agent: *\nDISALLOW:  /'), 'bad critical'],
    ['is gone', robots('User-agent: *\nAllow: /'), 'ok'],
    ['cannot be read', robots('', { availability: 'unreachable' }), 'unknown'],
  ])('a line that is waited for %s', (_name, file, expected) => {
    const verdicts = judge(file, { watched: watching('idx.robots_block', 'disallow: /') })
    expect(verdicts.map((each) => `${each.subject} ${short(each)}`)).toEqual([`disallow: / ${expected}`])
  })
})

test.each<[string, RobotsObservation, string]>([
  ['still', all, 'bad critical'],
  ['gone', robots(''), 'ok'],
  ['unreadable', robots('', { availability: 'unknown', status: null, fault: 'dns' }), 'unknown'],
])('looking again: %s', async (_name, file, expected) => {
  const finding = findingOf(judge(all)[0])
  const verdict = await idxRobotsBlock.lookAgain(finding, probes({ robots: file }), lookContext({ pages: known() }))
  expect([verdict.subject, short(verdict)]).toEqual(['disallow: /', expected])
})

test('what forbids the home page on day one is still there at the second look and in the second scan', async () => {
  const pages = known({ '/': { allowedByRobots: false } })
  const finding = findingOf(judge(all, { pages: new Map(), baseline: true })[0])
  const verdict = await idxRobotsBlock.lookAgain(finding, probes({ robots: all }), lookContext({ pages }))
  expect(short(verdict)).toBe('bad critical')
  expect(judge(all, { pages, watched: watching('idx.robots_block', finding.subject) }).map((each) => short(each))).toEqual([
    'bad critical',
  ])
})
