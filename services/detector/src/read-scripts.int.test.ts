import { afterAll, afterEach, expect, test } from '@jest/globals'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import { wallClock } from '@tocsin/process/clock'
import { type LoopbackSite, type Pages, serve, stopLoopback } from './crawler/loopback-site.ts'
import { createProbes } from './probes/create-probes.ts'
import { readScripts } from './read-scripts.ts'
import { rememberFiles } from './rules/file-memory.ts'
import { robots, summary } from './rules/fixtures.ts'
import { emptySiteMemory, type SiteMemory } from './rules/site-memory.ts'

const allowCidrs = parseCidrs('127.0.0.0/8')
const outbound = createOutbound({ allowCidrs, connectTimeoutMs: 1_000 })
const probes = createProbes({ outbound, allowCidrs, clock: wallClock, userAgent: 'TocsinBot/1.0' })
const { signal } = new AbortController()
afterEach(stopLoopback)
afterAll(() => outbound.close())

const script = (body: string, headers: Record<string, string> = {}) => ({
  headers: { 'content-type': 'text/javascript', ...headers },
  body,
})
const on = (pages: number) => ({ urls: [], pages, isSensitive: false })
async function read(
  site: LoopbackSite,
  addresses: readonly [string, number][],
  more: { robots?: string; memory?: SiteMemory } = {},
) {
  const { host } = new URL(site.origin)
  const crawl = summary({ hosts: [host], robots: robots(more.robots ?? '', { host, url: `${site.origin}/robots.txt` }) })
  const about = { summary: crawl, memory: more.memory ?? emptySiteMemory }
  const files = new Map(addresses.map(([path, pages]) => [URL.parse(path, site.origin)?.href ?? path, on(pages)]))
  return (await readScripts({ probes, clock: wallClock }, { ...about, addresses: files }, signal)) ?? []
}
const kinds = (files: Awaited<ReturnType<typeof read>>) =>
  files.map(({ url, read: seen }) => `${new URL(url).pathname} ${seen?.kind ?? 'unknown'}`)

test('the files of the site itself first, one at a time; what is no script, or may not be visited, is unknown', async () => {
  const pages: Pages = {
    '/a.js': script('var a=1'),
    '/moved.js': { status: 301, headers: { location: '/a.js' } },
    '/start.js': '<html>Our shop</html>',
    '/private/b.js': script('var b=1'),
    '/jq.js': script('/*! jQuery v1.12.4 | (c) jQuery Foundation */'),
  }
  const site = await serve(pages)
  const other = await serve({ '/x.js': script('/*! jQuery v1.12.4 | (c) jQuery Foundation */;eval(atob("dm9pZCAw"))') })
  const own = ['/a.js', '/gone.js', '/jq.js', '/moved.js', '/private/b.js', '/start.js']
  const files = await read(site, [[`${other.origin}/x.js`, 9], ...own.map((path): [string, number] => [path, 1])], {
    robots: 'User-agent: *\nDisallow: /private/',
  })
  expect(kinds(files)).toEqual([
    '/a.js read',
    '/gone.js gone',
    '/jq.js read',
    '/moved.js read',
    '/private/b.js unknown',
    '/start.js unknown',
    '/x.js read',
  ])
  expect(site.requests.map(({ path }) => path)).not.toContain('/private/b.js')
  expect(site.concurrency()).toBe(1)
  expect(files[2]?.read).toMatchObject({ libraries: [{ library: 'jquery', version: '1.12.4' }] })
  // Of other people's files, what they do is their own business.
  expect(files[6]?.read).toMatchObject({ libraries: [{ library: 'jquery' }], known: null, news: { signals: [] } })
})

test('an unchanged file costs a 304, and is what it was', async () => {
  const site = await serve({
    '/jq.js': (request, response) => {
      const isKnown = request.headers['if-none-match'] === '"1"'
      response.writeHead(isKnown ? 304 : 200, { etag: '"1"', 'content-type': 'text/javascript' })
      response.end(isKnown ? undefined : '/*! jQuery v1.12.4 | (c) jQuery Foundation */')
    },
  })
  const first = await read(site, [['/jq.js', 1]])
  const files = rememberFiles(null, first, { now: wallClock.now(), accepted: new Set() })
  const again = await read(site, [['/jq.js', 1]], { memory: { ...emptySiteMemory, files } })
  expect(again[0]?.read).toMatchObject({ kind: 'unchanged', libraries: [{ library: 'jquery', version: '1.12.4' }] })
})

test('no more than forty, a megabyte of each; a host that does not answer is left alone', async () => {
  const site = await serve((path) => (path.startsWith('/big') ? script('x'.repeat(3 * 1024 * 1024)) : script('var a=1')))
  const many = Array.from({ length: 50 }, (_, n): [string, number] => [`/a${n}.js`, 1])
  expect(await read(site, many)).toHaveLength(40)
  const [big] = await read(site, [['/big.js', 1]])
  expect(big?.read).toMatchObject({ known: { length: 1024 * 1024 } })
  const silent = await serve(() => ({ status: 429 }))
  expect(kinds(await read(silent, many.slice(0, 8))).every((each) => each.endsWith('unknown'))).toBe(true)
  expect(silent.requests).toHaveLength(3)
})

test('an address inside a network is not asked for', async () => {
  const site = await serve({})
  expect((await read(site, [['http://10.0.0.1/a.js', 1]]))[0]?.read).toBeNull()
})
