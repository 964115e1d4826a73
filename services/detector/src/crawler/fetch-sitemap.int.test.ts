import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from '@jest/globals'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import { fetchSitemap } from './fetch-sitemap.ts'
import { type Answer, crawlSite, links, serve, stopLoopback } from './loopback-site.ts'

afterEach(stopLoopback)

const entry = (path: string) => `<url><loc>https://shop.test${path}</loc></url>`
const urlset = (inside: string) =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${inside}</urlset>`
const some = (count: number) => Array.from({ length: count }, (_, n) => entry(`/${n}`)).join('')
const xml = (body: string | Buffer): Answer => ({ headers: { 'content-type': 'application/xml' }, body })

async function look(answer: Answer) {
  const site = await serve({ '/sitemap.xml': answer, '/moved.xml': xml(urlset(some(2))) })
  const outbound = createOutbound({ allowCidrs: parseCidrs('127.0.0.0/8'), connectTimeoutMs: 1_000 })
  try {
    const deps = { outbound, userAgent: 'TocsinBot/1.0', signal: AbortSignal.timeout(20_000), fresh: true, mayVisit: () => true }
    const { seen } = await fetchSitemap(`${site.origin}/sitemap.xml`, deps)
    const { status, fault, problem, entries } = seen
    return { status, fault, problem, entries }
  } finally {
    await outbound.close()
  }
}

test.each<[string, () => Answer, Awaited<ReturnType<typeof look>>]>([
  ['is read', () => xml(urlset(some(3))), { status: 200, fault: null, problem: null, entries: 3 }],
  ['is packed', () => xml(gzipSync(urlset(some(3)))), { status: 200, fault: null, problem: null, entries: 3 }],
  [
    'has moved',
    () => ({ status: 301, headers: { location: '/moved.xml' } }),
    { status: 200, fault: null, problem: null, entries: 2 },
  ],
  [
    'goes round',
    () => ({ status: 301, headers: { location: '/sitemap.xml' } }),
    { status: 301, fault: null, problem: null, entries: 0 },
  ],
  ['is not there', () => ({ status: 404 }), { status: 404, fault: null, problem: null, entries: 0 }],
  ['is a page', () => '<html><h1>Shop</h1>', { status: 200, fault: null, problem: 'unparseable', entries: 0 }],
  [
    'is a wall',
    () => ({ status: 403, body: '<title>Just a moment...</title>' }),
    { status: 403, fault: 'challenge', problem: null, entries: 0 },
  ],
  ['is asked for too often', () => ({ status: 429 }), { status: 429, fault: 'rate_limited', problem: null, entries: 0 }],
  ['hangs up', () => (_request, response) => response.destroy(), { status: null, fault: 'refused', problem: null, entries: 0 }],
])('a sitemap that %s', async (_name, answer, expected) => expect(await look(answer())).toEqual(expected))

test('one that is larger than what is kept is counted to its end', async () => {
  const long = `/${'x'.repeat(400)}`
  const inside = Array.from({ length: 30_000 }, (_, n) => entry(`${long}${n}`)).join('')
  expect(await look(xml(urlset(inside)))).toEqual({ status: 200, fault: null, problem: null, entries: 30_000 })
})

test('one of more than 50 MB is not read to its end', async () => {
  const piece = Buffer.from(some(20_000))
  const endless: Answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' }).write('<urlset>')
    const write = () => {
      while (response.writable && response.write(piece));
    }
    response.on('drain', write).on('error', () => {})
    write()
  }
  const seen = await look(endless)
  expect(seen).toMatchObject({ status: 200, fault: null })
  expect(seen.entries).toBeGreaterThan(50_000)
})

test('a crawl says which sitemap lists a page, and what robots.txt closes of it', async () => {
  const site = await serve((path) => {
    const origin = `http://${host()}`
    const pages: Record<string, Answer> = {
      '/robots.txt': {
        headers: { 'content-type': 'text/plain' },
        body: `User-agent: googlebot\nDisallow: /shut/\nSitemap: ${origin}/all.xml`,
      },
      '/all.xml': xml(
        `<sitemapindex><sitemap><loc>${origin}/one.xml</loc></sitemap><sitemap><loc>${origin}/two.xml</loc></sitemap></sitemapindex>`,
      ),
      '/one.xml': xml(urlset(['/a', '/shut/b'].map((each) => `<url><loc>${origin}${each}</loc></url>`).join(''))),
      '/two.xml': { status: 500 },
      '/': links('/a'),
      '/a': links('/'),
      '/shut/b': links('/'),
    }
    return pages[path]
  })
  const host = () => site.origin.slice('http://'.length)
  const { summary } = await crawlSite(site.origin)
  const short = summary.sitemaps.map(({ url, named, status, blocked }) => [new URL(url).pathname, named, status, blocked.count])
  expect(short).toEqual([
    ['/all.xml', 'robots', 200, 0],
    ['/sitemap.xml', 'guess', 404, 0],
    ['/one.xml', 'index', 200, 1],
    ['/two.xml', 'index', 500, 0],
  ])
  expect(Object.fromEntries(summary.sitemapOf)).toEqual({ [`${site.origin}/a`]: 2, [`${site.origin}/shut/b`]: 2 })
})
