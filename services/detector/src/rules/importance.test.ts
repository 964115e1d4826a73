import { describe, expect, test } from '@jest/globals'
import type { Severity } from '@tocsin/contract/rule'
import { importanceOfPages, severityAt } from './importance.ts'

const home = 'https://shop.test/'
const page = (path: string, inlinks: number, depth: number) => ({ url: new URL(path, home).href, inlinks, depth })

describe('how much a page matters', () => {
  const navigation = ['/', '/products/', '/journal/', '/about'].map((path, n) => page(path, 11, n === 0 ? 0 : 1))
  const leaves = Array.from({ length: 8 }, (_, n) => page(`/products/${n}`, 1, 2))
  const importance = importanceOfPages([...navigation, ...leaves], home)

  test.each([
    ['/', 8.6],
    ['/about', 8.6],
    ['/products/3', 3.2],
    ['/unheard-of', 5],
  ])('%s: %p', (path, expected) => expect(importance(new URL(path, home).href)).toBe(expected))

  test('the home page is at least 8, also when nobody links to it', () => {
    const pages = [page('/', 0, 0), page('/a', 50, 1), page('/b', 60, 1)]
    expect(importanceOfPages(pages, home)(home)).toBe(8)
    expect(importanceOfPages([], home)(home)).toBe(8)
  })

  test('pages that are all alike are ordinary', () => {
    const pages = [page('/a', 3, 1), page('/b', 3, 1), page('/c', 3, 1)]
    expect(pages.map((each) => importanceOfPages(pages, home)(each.url))).toEqual([5, 5, 5])
    expect(importanceOfPages([page('/a', 3, 1)], home)(new URL('/a', home).href)).toBe(5)
  })

  test('clicks matter most, where they are known', () => {
    const pages = [page('/far', 3, 5), page('/near', 3, 1), page('/linked', 30, 5)]
    const importance = importanceOfPages(pages, home, new Map([[new URL('/far', home).href, 12]]))
    expect(pages.map((each) => importance(each.url))).toEqual([10, 0, 5])
  })

  test('more links and a shorter way matter more', () => {
    const pages = [page('/far', 3, 5), page('/near', 3, 1), page('/linked', 30, 5)]
    expect(pages.map((each) => importanceOfPages(pages, home)(each.url))).toEqual([0, 5, 10])
  })
})

test.each<[Severity, number, Severity]>([
  ['high', 8, 'critical'],
  ['high', 7.9, 'high'],
  ['high', 2.1, 'high'],
  ['high', 2, 'medium'],
  ['critical', 10, 'critical'],
  ['low', 0, 'low'],
  ['low', 9, 'medium'],
])('%s at %p → %s', (severity, importance, expected) => expect(severityAt(severity, importance)).toBe(expected))
