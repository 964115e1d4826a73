import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { noTrace } from './crawler/page-content.ts'
import { openPageStore } from './page-store.ts'
import { page } from './rules/fixtures.ts'
import { openSpillFile, type SpillFile } from './spill-file.ts'

let folder: string
let file: SpillFile
beforeEach(() => {
  folder = temporaryFolder()
  file = openSpillFile(folder)
})
afterEach(() => file.close())

const at = (n: number) => `https://shop.test/p/${n}`

describe('a spill file', () => {
  test('has no name from the beginning, so nothing is left of it', () => {
    file.add('x')
    expect(readdirSync(folder)).toEqual([])
  })

  test('gives back what was added, from the buffer and from the disk', () => {
    const texts = ['', 'ä', 'x'.repeat(300_000), ...Array.from({ length: 2_000 }, (_, n) => `${n} ${'日本'.repeat(n % 500)}`)]
    const places = texts.map((text) => file.add(text))
    expect(places.map((place) => file.read(place))).toEqual(texts)
    const inOrder = file.reader()
    expect(places.map((place) => inOrder(place))).toEqual(texts)
    expect(places.toReversed().map((place) => inOrder(place))).toEqual(texts.toReversed())
    const last = file.add('last')
    expect(file.read(last)).toBe('last')
  })

  test('says when it is over', () => {
    const place = file.add('x')
    file.close()
    file.close()
    expect(() => file.read(place)).toThrow('The scan is over')
    expect(() => file.add('x')).toThrow('The scan is over')
  })
})

describe('a page store', () => {
  test('knows pages by address, in the order in which they came', () => {
    const store = openPageStore(file)
    for (let n = 0; n < 3_000; n += 1) {
      const seen = page({ url: at(n), title: `Page ${n}`, etag: '"x"' })
      if (n % 2 === 0) store.put(seen, { ...noTrace, links: [at(n + 1)] })
      else store.putUnchanged(seen, JSON.stringify(seen))
    }
    expect(store.size).toBe(3_000)
    expect([store.get(at(1_234))?.title, store.get(at(1_235))?.title]).toEqual(['Page 1234', 'Page 1235'])
    expect(store.get(at(9_999))).toBeUndefined()
    expect([...store.values()].map((each) => each.url)).toEqual(Array.from({ length: 3_000 }, (_, n) => at(n)))
    expect([...store.facts()].map((each) => each.url)).toEqual(Array.from({ length: 1_500 }, (_, n) => at(2 * n)))
    expect(new Set([...store.placed.values()].map((each) => each.template)).size).toBe(1)
  })

  test('the last look at a page counts, and places are known at the end', () => {
    const store = openPageStore(file)
    store.put(page({ url: at(1), status: 503, inlinks: 0 }), noTrace)
    expect(store.get(at(1))?.status).toBe(503)
    store.put(page({ url: at(1), status: 200, inlinks: 0 }), noTrace)
    expect([...store.values()]).toMatchObject([{ status: 200, inlinks: 0 }])
    store.place({ inlinks: new Map([[at(1), 7]]), inSitemap: new Set([at(1)]) })
    expect([store.size, store.get(at(1))]).toMatchObject([1, { status: 200, inlinks: 7, inSitemap: true }])
  })

  test('few pages are held, and none when it is over', () => {
    const store = openPageStore(file)
    for (let n = 0; n < 300; n += 1) store.put(page({ url: at(n) }), noTrace)
    const first = store.get(at(0))
    expect(store.get(at(0))).toBe(first)
    for (const each of store.values()) expect(each.url).toMatch(/^https/)
    expect(store.get(at(0))).not.toBe(first)
    expect(store.get(at(0))).toEqual(first)
    store.close()
    expect(() => store.get(at(0))).toThrow('The scan is over')
  })
})
