import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { newId, type OrgId, type SiteId } from '@tocsin/contract/ids'
import { listPages } from '@tocsin/domain/pages/pages.read'
import { startScan } from '@tocsin/domain/scans/scans'
import { listScans } from '@tocsin/domain/scans/scans.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createShiftedClock } from '@tocsin/testkit/shifted-clock'
import { type Answer, links, serve, stopLoopback } from './crawler/loopback-site.ts'
import { DetectorEnv } from './env.ts'
import { lookPass } from './look-pass.ts'
import { type Outside, openOutside } from './outside.ts'
import { registry } from './rules/registry.ts'
import { scanPass } from './scan-pass.ts'

let world: TestFoundation
let outside: Outside
let orgId: OrgId
let siteId: SiteId
beforeAll(async () => {
  world = await openTestFoundation(createShiftedClock())
  outside = openOutside(world, DetectorEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' }))
})
afterEach(stopLoopback)
afterAll(async () => {
  await outside.close()
  await world.close()
})

const never = new AbortController().signal
async function scan() {
  world.clock.advance(3_600_000)
  await world.change(orgId, (change) => startScan(change, { siteId, trigger: 'manual' }))
  await scanPass({ ...world, ...outside, registry, refreshSources: async () => {} }, never)
  const { data } = await world.journal.read(orgId, (sql) => listScans(sql, { limit: 1 }))
  return data[0]
}
const inventory = async () => {
  const asked = { siteId, limit: 200, sort: 'url', order: 'asc', cursor: undefined } as const
  return (await world.journal.read(orgId, (sql) => listPages(sql, asked))).data
}
const byPath = async () => new Map((await inventory()).map((page) => [new URL(page.url).pathname, page]))

/** A shop whose pages have validators; some of them are odd. */
async function openShop() {
  const noindexed = new Set(['/p/3'])
  const told: { path: string; status: number }[] = []
  const shop = await serve((path): Answer | undefined => {
    if (path === '/moved') return { status: 301, headers: { location: '/p/1' } }
    if (path === '/robots.txt')
      return { headers: { 'content-type': 'text/plain' }, body: 'User-agent: googlebot\nDisallow: /hidden\n' }
    if (path !== '/' && path !== '/hidden' && !/^\/p\/\d+$/.test(path)) return undefined
    return (request, response) => {
      const robots = noindexed.has(path) ? '<meta name=robots content=noindex>' : ''
      const etag = `"${path}${robots.length}"`
      const isSame = request.headers['if-none-match'] === etag
      told.push({ path, status: isSame ? 304 : 200 })
      const all = [...Array.from({ length: 60 }, (_, n) => `/p/${n}`), '/moved', '/gone', '/hidden']
      const body = `<html lang=en><title>Page ${path}</title>${robots}<h1>Shoes</h1><p>Good shoes for all.</p>${path === '/' ? links(...all) : links('/')}`
      if (isSame) response.writeHead(304, { etag }).end()
      else response.writeHead(200, { 'content-type': 'text/html', etag }).end(body)
    }
  })
  orgId = await world.newOrg()
  const input = SiteInput.parse({ url: `${shop.origin}/`, connections: 10 })
  siteId = (await world.change(orgId, (change) => createSite(change, input))).id
  return { noindexed, told, origin: shop.origin }
}

/** As the release kept it that knew fewer rules: pages without an inventory, and a threat whose evidence holds no facts to judge again. */
function writeAsOlderRelease(origin: string): Promise<void> {
  return world.db.transaction({ orgId }, async (sql) => {
    await sql.query('delete from page_facts')
    await sql.query(
      `update page set memory = memory - 'noindex', status = null, fault = null, content_type = null, title = null, h1 = null, lang = null,
         words = null, template = null, depth = null, inlinks = null, in_sitemap = null, importance = null, indexable = null,
         not_indexable = null, canonical = null, redirects_to = null, bytes = null, elapsed_ms = null, hashes = null,
         first_seen_at = null, changed_at = null, record_hash = null`,
    )
    await sql.query(
      `update site_memory set memory = jsonb_build_object('robotsRules', memory -> 'robotsRules',
         'robotsUnreachableSince', memory -> 'robotsUnreachableSince', 'headerBaseline', memory -> 'headerBaseline')`,
    )
    const url = `${origin}/p/1`
    await sql.query(
      `insert into threat (id, org_id, site_id, scan_id, rule, type, severity, subject, dedupe_key, title, description, impact, action, state,
         evidence, look, looks, first_seen_at, last_seen_at)
       values ($1, $2, $3, null, 'http.404_new', 'technical_error', 'medium', $4, $5, 'Gone', 'It answers 404.', '', '', 'active', $6, $7, '[]', $8, $8)`,
      [
        newId('threat'),
        orgId,
        siteId,
        url,
        `http.404_new:${siteId}:${url}`,
        JSON.stringify({ url, finalUrl: url, status: 404, fault: null, hops: [], inlinks: 1, inSitemap: false, lastOkAt: null }),
        JSON.stringify({ kind: 'page', urls: [url] }),
        world.clock.now(),
      ],
    )
  })
}

describe('a site that is scanned again', () => {
  test('is read where it has changed, and judged and listed as a whole', async () => {
    const shop = await openShop()
    expect(await scan()).toMatchObject({ state: 'completed', complete: true, pagesDone: 64 })
    const first = await byPath()
    expect(first.get('/p/1')).toMatchObject({
      status: 200,
      title: 'Page /p/1',
      h1: 'Shoes',
      lang: 'en',
      words: 6,
      inlinks: 1,
      depth: 1,
      indexable: true,
    })
    expect(first.get('/p/3')).toMatchObject({ indexable: false, notIndexable: 'noindex' })
    expect(first.get('/moved')).toMatchObject({ status: 301, redirectsTo: `${shop.origin}/p/1`, notIndexable: 'redirects' })
    expect(first.get('/gone')).toMatchObject({ status: 404, notIndexable: 'error' })
    expect(first.get('/hidden')).toMatchObject({ status: 200, notIndexable: 'blocked' })

    shop.told.splice(0)
    shop.noindexed.add('/p/59')
    expect(await scan()).toMatchObject({ state: 'completed', complete: true, pagesDone: 64, suspected: 1 })
    expect(shop.told.filter(({ status }) => status === 304).length).toBeGreaterThan(30)
    expect(shop.told).toContainEqual({ path: '/p/59', status: 200 })
    const again = await byPath()
    expect(again.get('/p/59')).toMatchObject({ notIndexable: 'noindex' })
    expect(again.get('/p/59')?.changedAt).toBe(again.get('/p/59')?.lastSeenAt)
    for (const [path, page] of again) {
      const before = first.get(path)
      expect(page.lastSeenAt).not.toBe(before?.lastSeenAt)
      const { lastSeenAt: _seen, elapsedMs: _elapsed, ...lasting } = page
      if (path !== '/p/59') expect({ ...before, ...lasting }).toEqual(before)
    }
  })

  test('by a newer release goes on from what the older one kept: nothing is new, and what was open closes', async () => {
    const shop = await openShop()
    await scan()
    const first = await byPath()
    await writeAsOlderRelease(shop.origin)
    expect((await inventory()).map(({ url }) => url)).toEqual([...first.values()].map(({ url }) => url))
    const events = await world.eventsDuring(orgId, scan)
    expect(events.filter(({ type }) => type === 'threat.detected')).toEqual([])
    const { data } = await world.journal.read(orgId, (sql) => listScans(sql, { limit: 1 }))
    expect(data).toMatchObject([{ state: 'completed', complete: true, baseline: false, pagesDone: 64, suspected: 0 }])
    const again = await byPath()
    for (const [path, { status, title, notIndexable }] of first)
      expect(again.get(path)).toMatchObject({ status, title, notIndexable })
    world.clock.advance(3_600_000)
    expect(await lookPass({ ...world, ...outside, registry }, never)).toBe('worked')
    const threats = (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 10, siteId }))).data
    expect(threats).toMatchObject([{ subject: `${shop.origin}/p/1`, state: 'resolved' }])
  })

  test('leaves nothing in the temporary folder', async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tocsin-scan-'))
    const before = left()
    await openShop()
    await scan()
    expect(left()).toEqual(before)
  })
})
