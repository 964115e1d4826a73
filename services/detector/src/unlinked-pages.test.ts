import { expect, test } from '@jest/globals'
import { templateOf } from './judges/url-template.ts'
import { at, memory } from './rules/fixtures.ts'
import { watchKey } from './rules/verdict.ts'
import { unlinkedPages } from './unlinked-pages.ts'

const pages = new Map(['/p/1', '/p/2', '/calendar/1', '/about'].map((path) => [at(path), memory({ inlinks: 3 })]))
const calendar = templateOf(at('/calendar/1'))
const watched = new Map([
  [watchKey('http.404_new', at('/p/1')), 'open' as const],
  [watchKey('http.404_new', calendar), 'open' as const],
])
const unlinked = (seen: string[], traps: string[] = []) =>
  unlinkedPages({ watched, pages }, { has: (url) => seen.includes(url) }, traps).map(({ url, memory }) => [url, memory])

test('a page that somebody waits for and that no crawl met is linked by nobody', () =>
  expect(unlinked([])).toEqual([
    [at('/p/1'), memory({ inlinks: 0, inSitemap: false })],
    [at('/calendar/1'), memory({ inlinks: 0, inSitemap: false })],
  ]))

test('one that was met is not', () => expect(unlinked([at('/p/1'), at('/calendar/1')])).toEqual([]))

test('of a trap nobody knows', () =>
  expect(unlinked([], [calendar])).toEqual([[at('/p/1'), memory({ inlinks: 0, inSitemap: false })]]))
