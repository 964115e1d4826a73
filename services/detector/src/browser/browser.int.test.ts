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
import { cwvLab } from '../rules/cwv-lab.ts'
import { idxNoindexJs } from '../rules/idx-noindex-js.ts'
import { watchKey } from '../rules/verdict.ts'
import { browserPass } from './browser-pass.ts'
import { type FoundBrowser, findBrowser } from './find-browser.ts'
import { findLighthouse } from './find-lighthouse.ts'
import { measurePage } from './measure-page.ts'
import { Measured } from './page-facts.ts'

const never = new AbortController().signal
let world: TestFoundation
let site: Server
let secret: Server
let secretAsked = 0
let siteUrl: string
let found: FoundBrowser | null
let lighthouse: string | null
/** What a change has done to the site, in milliseconds. */
let answerMs = 0
let busyMs = 0

beforeAll(async () => {
  // Installs one where there is none and that is possible.
  await (await launchChromium()).close()
  found = await findBrowser(process.env['CHROMIUM_PATH'])
  lighthouse = await findLighthouse()
  world = await openTestFoundation()
  secret = createServer((_request, response) => {
    secretAsked += 1
    response.end('secret')
  })
  await new Promise<void>((done) => secret.listen(0, '127.0.0.2', done))
  const { port } = secret.address() as AddressInfo
  site = createServer(async (_request, response) => {
    await new Promise((done) => setTimeout(done, answerMs))
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html><head><title>Shop</title></head><body>
      <h1>Shop</h1><p>Shoes for everybody, in every colour.</p><img src="http://127.0.0.2:${port}/img"><img src="http://localhost:${port}/">
      <script>
        fetch('http://127.0.0.2:${port}/', { mode: 'no-cors' }).catch(() => {})
        document.head.insertAdjacentHTML('beforeend', '<meta name="robots" content="noindex"><link rel="canonical" href="/other">')
        const work = (ms) => { const until = performance.now() + ms; while (performance.now() < until); }
        addEventListener('load', () => requestAnimationFrame(() => setTimeout(work, 400, ${busyMs})))
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

const depsOf = (more: { lighthouse: string | null; runs?: number; loadMs?: number }) => {
  if (!found) throw new Error('There is no browser to test with.')
  return { ...world, found, allowCidrs: parseCidrs('127.0.0.1/32'), userAgent: 'TocsinBot/1.0 (test)', ...more }
}

/** A site whose baseline is there, eleven minutes ago. */
async function newSite(url: string) {
  const orgId = await world.newOrg()
  const { id: siteId } = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url })))
  expect(await browserPass(depsOf({ lighthouse: null }), never)).toBe('idle')
  await world.change(orgId, (change) => change.tx.query('update site set baseline_at = $1', [change.now]))
  world.clock.advance(11 * 60_000)
  const recorded = () =>
    world.journal.read(orgId, async (sql) => ({
      runs: await labRuns(sql, siteId, new Date(0)),
      pages: await renderedPages(sql, siteId),
    }))
  return { orgId, siteId, recorded }
}

const least = (runs: Measured[]) => {
  const of = (metric: keyof Measured) => Math.min(...runs.map((run) => run[metric]))
  return { LCP: of('LCP'), FCP: of('FCP'), TTFB: of('TTFB'), TBT: of('TBT') }
}

test('Lighthouse measures a page, worse after a change for the worse; what is private stays out of its reach', async () => {
  expect(lighthouse).toMatch(/^\d+\.\d+\.\d+$/)
  const { recorded } = await newSite(siteUrl)
  const deps = depsOf({ lighthouse, runs: 2 })
  expect(await browserPass(deps, never)).toBe('worked')
  world.clock.advance(25 * 3_600_000)
  answerMs = 2_000
  busyMs = 600
  expect(await browserPass(deps, never)).toBe('worked')
  answerMs = 0
  busyMs = 0
  const { runs } = await recorded()
  const conditions = `lighthouse ${lighthouse}, chromium ${found?.version}, mobile, simulated`
  const twice = [0, 1].map((run) => expect.objectContaining({ url: siteUrl, run, conditions }))
  expect(runs).toHaveLength(4)
  expect(runs).toEqual(expect.arrayContaining(twice))
  const measured = runs.map((run) => Measured.parse(run.measured))
  // Whatever else the machine does makes a run longer, never shorter.
  const after = least(measured.slice(0, 2))
  const before = least(measured.slice(2))
  expect(before.LCP).toBeGreaterThanOrEqual(before.FCP)
  // A slow network is calculated: on loopback nothing takes that long.
  expect(before.FCP).toBeGreaterThan(500)
  expect(after.TTFB - before.TTFB).toBeGreaterThan(1_800)
  expect(after.LCP - before.LCP).toBeGreaterThan(800)
  expect(after.TBT - before.TBT).toBeGreaterThan(1_000)
  expect(secretAsked).toBe(0)
}, 120_000)

test('without Lighthouse a page is read as it is once its scripts have run, and nothing is measured', async () => {
  const { orgId, siteId, recorded } = await newSite(siteUrl)
  const deps = depsOf({ lighthouse: null })
  expect(await browserPass(deps, never)).toBe('worked')
  expect(await browserPass(deps, never)).toBe('idle')
  const { runs, pages } = await recorded()
  const told = { robots: ['noindex'], canonical: `${siteUrl}other` }
  const seen = { status: 200, html: { robots: [], canonical: null }, dom: [told, told, told] }
  expect(pages).toMatchObject([{ url: siteUrl, seen }])
  expect(runs).toEqual([])
  expect(secretAsked).toBe(0)

  const watched = new Map([[watchKey('cwv.lab', siteUrl), 'open' as const]])
  const context = { site: { id: siteId, url: siteUrl }, now: world.clock.now(), watched, config: defaultConfigs }
  const verdicts = await world.journal.read(orgId, (sql) => idxNoindexJs.assess(sql, context))
  expect(verdicts).toMatchObject([{ subject: siteUrl, level: 'bad', severity: 'critical', conclusive: true }])
  expect(idxNoindexJs.replay(verdicts[0]?.evidence ?? {}, context)).toEqual({ level: 'bad', severity: 'critical' })
  const lab = await world.journal.read(orgId, (sql) => cwvLab.assess(sql, context))
  expect(lab).toMatchObject([{ subject: siteUrl, level: 'unknown' }])
}, 60_000)

test('a run that is ended leaves no program behind, and an error of the site is no figure', async () => {
  const programs = () => process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length
  const before = programs()
  await expect(measurePage(depsOf({ lighthouse }), siteUrl, AbortSignal.timeout(1_500))).rejects.toThrow(/timeout/)
  expect(programs()).toBe(before)
  const broken = 'http://127.0.0.2:9/'
  expect(await measurePage(depsOf({ lighthouse }), broken, never)).toEqual({ unknown: expect.stringMatching(/^[A-Z_]+$/) })
}, 60_000)

test('a site that cannot be reached says nothing, and is tried again', async () => {
  const { recorded } = await newSite('http://127.0.0.2:9/')
  expect(await browserPass(depsOf({ lighthouse }), never)).toBe('worked')
  expect(await recorded()).toEqual({ runs: [], pages: [] })
}, 60_000)

test('a page whose scripts never end costs one load', async () => {
  const busy = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Shop</p><script>onload = () => { for (;;); }</script>')
  })
  await new Promise<void>((done) => busy.listen(0, '127.0.0.1', done))
  const { recorded } = await newSite(`http://127.0.0.1:${(busy.address() as AddressInfo).port}/`)
  const deps = depsOf({ lighthouse, loadMs: 5_000 })
  expect(await browserPass(deps, never)).toBe('worked')
  expect(await browserPass(deps, never)).toBe('idle')
  expect(await recorded()).toEqual({ runs: [], pages: [] })
  busy.closeAllConnections()
  await new Promise((done) => busy.close(done))
})
