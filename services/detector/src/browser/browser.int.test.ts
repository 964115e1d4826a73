import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { labRuns, renderedPages } from '@tocsin/domain/browser/visits.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { chromiumMsMax, launchChromium } from '@tocsin/testkit/chromium'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { idxNoindexJs } from '../rules/idx-noindex-js.ts'
import { browserPass } from './browser-pass.ts'
import { type FoundBrowser, findBrowser } from './find-browser.ts'
import { Measured } from './page-facts.ts'

const never = new AbortController().signal
let world: TestFoundation
let site: Server
let secret: Server
let secretAsked = 0
let siteUrl: string
let found: FoundBrowser | null

beforeAll(async () => {
  // Installs one where there is none and that is possible.
  await (await launchChromium()).close()
  found = await findBrowser(process.env['CHROMIUM_PATH'])
  world = await openTestFoundation()
  secret = createServer((_request, response) => {
    secretAsked += 1
    response.end('secret')
  })
  await new Promise<void>((done) => secret.listen(0, '127.0.0.2', done))
  const { port } = secret.address() as AddressInfo
  site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html><head><title>Shop</title></head><body>
      <h1>Shop</h1><p>Shoes for everybody, in every colour.</p><img src="http://127.0.0.2:${port}/img"><img src="http://localhost:${port}/">
      <script>
        fetch('http://127.0.0.2:${port}/', { mode: 'no-cors' }).catch(() => {})
        document.head.insertAdjacentHTML('beforeend', '<meta name="robots" content="noindex"><link rel="canonical" href="/other">')
        const until = performance.now() + 120; while (performance.now() < until);
      </script></body></html>`)
  })
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`
}, chromiumMsMax)
afterAll(async () => {
  for (const server of [site, secret]) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  await world.close()
})

test('a browser is looked for, and one that is not there is none', async () => {
  expect(found).toEqual({ path: expect.stringContaining('/'), version: expect.stringMatching(/^\d+$/) })
  expect(await findBrowser('off')).toBeNull()
  expect(await findBrowser('/nowhere/chromium')).toBeNull()
  expect(await findBrowser('/bin/true')).toBeNull()
})

test('a page is loaded, measured and read as it is once its scripts have run; what is private stays out of reach', async () => {
  if (!found) throw new Error('There is no browser to test with.')
  const orgId = await world.newOrg()
  const { id: siteId } = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: siteUrl })))
  const deps = { ...world, found, allowCidrs: parseCidrs('127.0.0.1/32'), userAgent: 'TocsinBot/1.0 (test)', loads: 2 }
  expect(await browserPass(deps, never)).toBe('idle')
  await world.change(orgId, (change) => change.tx.query('update site set baseline_at = $1', [change.now]))
  world.clock.advance(11 * 60_000)
  expect(await browserPass(deps, never)).toBe('worked')
  expect(await browserPass(deps, never)).toBe('idle')
  const from = new Date(0)
  const { runs, pages } = await world.journal.read(orgId, async (sql) => ({
    runs: await labRuns(sql, siteId, from),
    pages: await renderedPages(sql, siteId),
  }))
  expect(runs.map(({ url, run }) => [url, run])).toEqual([
    [siteUrl, 0],
    [siteUrl, 1],
  ])
  const measured = Measured.parse(runs[0]?.measured)
  expect(measured.LCP).toBeGreaterThanOrEqual(measured.FCP)
  expect(measured.FCP).toBeGreaterThan(500)
  expect(measured.TTFB).toBeGreaterThan(0)
  const told = { robots: ['noindex'], canonical: `${siteUrl}other` }
  expect(pages).toMatchObject([{ url: siteUrl, seen: { status: 200, html: { robots: [], canonical: null }, dom: [told, told] } }])
  expect(secretAsked).toBe(0)

  const context = { site: { id: siteId, url: siteUrl }, now: world.clock.now(), watched: new Map(), config: defaultConfigs }
  const verdicts = await world.journal.read(orgId, (sql) => idxNoindexJs.assess(sql, context))
  expect(verdicts).toMatchObject([{ subject: siteUrl, level: 'bad', severity: 'critical', conclusive: true }])
  expect(idxNoindexJs.replay(verdicts[0]?.evidence ?? {}, context)).toEqual({ level: 'bad', severity: 'critical' })
}, 120_000)

test('a site that cannot be reached says nothing, and is tried again', async () => {
  if (!found) throw new Error('There is no browser to test with.')
  const orgId = await world.newOrg()
  const { id: siteId } = await world.change(orgId, (change) =>
    createSite(change, SiteInput.parse({ url: 'http://127.0.0.2:9/' })),
  )
  await world.change(orgId, (change) => change.tx.query('update site set baseline_at = $1', [change.now]))
  world.clock.advance(11 * 60_000)
  const deps = { ...world, found, allowCidrs: parseCidrs('127.0.0.1/32'), userAgent: 'Test', loads: 1 }
  expect(await browserPass(deps, never)).toBe('worked')
  expect(await world.journal.read(orgId, (sql) => renderedPages(sql, siteId))).toEqual([])
}, 60_000)

test('a page whose scripts never end costs one load', async () => {
  if (!found) throw new Error('There is no browser to test with.')
  const busy = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Shop</p><script>onload = () => { for (;;); }</script>')
  })
  await new Promise<void>((done) => busy.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}/`
  const orgId = await world.newOrg()
  await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url })))
  await world.change(orgId, (change) => change.tx.query('update site set baseline_at = $1', [change.now]))
  world.clock.advance(11 * 60_000)
  const deps = { ...world, found, allowCidrs: parseCidrs('127.0.0.1/32'), userAgent: 'TocsinBot/1.0 (test)', loadMs: 5_000 }
  expect(await browserPass(deps, never)).toBe('worked')
  expect(await browserPass(deps, never)).toBe('idle')
  busy.closeAllConnections()
  await new Promise((done) => busy.close(done))
})
