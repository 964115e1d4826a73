import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { wallClock } from '@tocsin/process/clock'
import { type Answer, crawlSite, links, serve, stopLoopback } from './loopback-site.ts'
import type { PageObservation } from './observation.ts'
import type { PageTrace } from './page-content.ts'
import { factsToKeep, parseFacts, type StoredFacts, wholePage } from './stored-facts.ts'

afterEach(stopLoopback)

const pagesOfSite = 200
/** A site whose pages have validators, and may lie about them. */
let site: { version: Map<string, number>; lies: boolean; headers: Record<string, string>; honours: boolean; sitemap: string }
let kept: Map<string, StoredFacts>
let asked: { path: string; conditional: boolean; status: number }[]
let origin: string

beforeEach(async () => {
  site = { version: new Map(), lies: false, headers: {}, honours: true, sitemap: '' }
  kept = new Map()
  asked = []
  const served = await serve((path): Answer | undefined => {
    if (path === '/sitemap.xml' && site.sitemap) return site.sitemap
    if (path !== '/' && !/^\/p\d+$/.test(path)) return undefined
    return (request, response) => {
      const version = site.version.get(path) ?? 1
      const etag = `"${path}-${site.lies ? 1 : version}"`
      const isSame = site.honours && request.headers['if-none-match'] === etag
      asked.push({ path, conditional: request.headers['if-none-match'] !== undefined, status: isSame ? 304 : 200 })
      if (isSame) response.writeHead(304, { etag, ...site.headers }).end()
      else {
        const body = `<title>${path}</title><h1>Version ${'a'.repeat(version)}</h1>${path === '/' ? links(...Array.from({ length: pagesOfSite }, (_, n) => `/p${n}`)) : links('/')}`
        response.writeHead(200, { 'content-type': 'text/html', etag, ...site.headers }).end(body)
      }
    }
  })
  origin = served.origin
})

async function crawlAgain(now = new Date()) {
  asked = []
  const seen = new Map<string, PageObservation>()
  const traces = new Map<string, PageTrace>()
  const { summary } = await crawlSite(origin, {
    clock: { ...wallClock, now: () => now },
    known: (url) => kept.get(url) ?? null,
    onUnchanged: (visit, text) => void seen.set(new URL(visit.url).pathname, wholePage(visit, text)),
    onPage(page, trace) {
      seen.set(new URL(page.url).pathname, page)
      traces.set(new URL(page.url).pathname, trace)
      const text = factsToKeep(page, trace)
      if (text !== null) kept.set(page.url, parseFacts(page.url, text, now))
    },
  })
  return { summary, seen, traces, whole: asked.filter(({ status }) => status === 200).length }
}
const lasting = ({ elapsedMs: _elapsedMs, headerScore: _headerScore, ...page }: PageObservation) => page

describe('a site that is crawled again', () => {
  test('costs a 304 for each page that has not changed, and is seen as before', async () => {
    const first = await crawlAgain()
    const again = await crawlAgain()
    expect([first.whole, first.summary.revalidated]).toEqual([pagesOfSite + 1, 0])
    // The first pages are read for their headers, and a few to check the server.
    expect(again.whole).toBeLessThan(30)
    expect(again.summary).toMatchObject({ revalidated: pagesOfSite + 1 - again.whole, distrusted: false, complete: true })
    expect([...again.seen.keys()].sort()).toEqual([...first.seen.keys()].sort())
    for (const [path, page] of again.seen) expect(lasting(page)).toEqual(lasting(first.seen.get(path) ?? page))
    expect(again.summary.inlinks).toEqual(first.summary.inlinks)
  })

  test('a page that has changed is read, in its text and in its headers', async () => {
    await crawlAgain()
    site.version.set('/p39', 2)
    expect((await crawlAgain()).seen.get('/p39')?.h1).toBe('Version aa')
    site.headers = { 'x-robots-tag': 'noindex' }
    const noindexed = await crawlAgain()
    expect([...noindexed.seen.values()].every((page) => page.directives.length === 1)).toBe(true)
    expect(noindexed.summary.distrusted).toBe(false)
  })

  test('a sitemap that says so, and time, are believed more than the server', async () => {
    await crawlAgain()
    const tomorrow = new Date(Date.now() + 86_400_000)
    const entry = `<url><loc>${origin}/p39</loc><lastmod>${new Date(Date.now() + 3_600_000).toISOString()}</lastmod></url>`
    site.sitemap = `<urlset>${entry}</urlset>`
    await crawlAgain(tomorrow)
    expect(asked.find(({ path }) => path === '/p39')).toMatchObject({ conditional: false })
    site.sitemap = ''
    await crawlAgain(new Date(Date.now() + 10 * 86_400_000))
    expect(asked.every(({ conditional }) => !conditional)).toBe(true)
  })

  test('a server that says "not modified" wrongly is caught within days', async () => {
    await crawlAgain()
    site.lies = true
    for (let n = 0; n < pagesOfSite; n += 1) site.version.set(`/p${n}`, 2)
    let day = 0
    let distrusted = false
    for (; day < 5 && !distrusted; day += 1)
      distrusted = (await crawlAgain(new Date(Date.now() + day * 86_400_000))).summary.distrusted
    expect(distrusted).toBe(true)
  })

  test('a server that does not know conditions costs nothing more', async () => {
    await crawlAgain()
    site.honours = false
    const again = await crawlAgain()
    expect(asked).toHaveLength(pagesOfSite + 1)
    expect(again.summary.revalidated).toBe(0)
    expect(asked.filter(({ conditional }) => conditional).length).toBeLessThan(12)
  })
})
