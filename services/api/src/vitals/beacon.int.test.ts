import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { VitalsReport } from '@tocsin/contract/api/vitals'
import { VitalsPost } from '@tocsin/contract/vitals'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'
import { chromiumMsMax, launchChromium } from '@tocsin/testkit/chromium'

type Chromium = Awaited<ReturnType<typeof launchChromium>>

let api: TestApi
let chromium: Chromium
let site: Server
let siteUrl: string
let admin: string
let siteId: string

beforeAll(async () => {
  chromium = await launchChromium()
  api = await startTestApi({ env: { ALLOW_TARGET_CIDRS: '127.0.0.0/8' } })
  admin = await api.apiKey(await api.world.newOrg(), 'admin')
  let script = ''
  site = createServer((request, response) => {
    // As strict as pages come: nothing from elsewhere without permission, and no script that is not named.
    const policy = `default-src 'self'; script-src ${api.url}; connect-src ${api.url}`
    const isPage = request.url?.startsWith('/products/')
    response.writeHead(isPage ? 200 : 204, {
      'content-type': 'text/html',
      'content-security-policy': policy,
      'cross-origin-embedder-policy': 'require-corp',
    })
    response.end(isPage ? `<!doctype html><title>Shoes</title><h1>Red shoes</h1><button>Buy</button>${script}` : '')
  })
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  const made = await api.call('POST', '/v1/sites', { key: admin, json: { url: `${siteUrl}/` } })
  siteId = String(made.body['id'])
  const beacon = await api.call('POST', `/v1/sites/${siteId}/vitals/beacon/rotate`, { key: admin })
  script = `<script async src="${api.url}/v1/vitals.js?key=${String(beacon.body['key'])}"></script>`
}, chromiumMsMax)
afterAll(async () => {
  await chromium.close()
  site.closeAllConnections()
  await new Promise((done) => site.close(done))
  await api.stop()
})

test('a visit is measured in a real browser, and sent when it ends: no cookie, nobody named, no query', async () => {
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
  const context = await chromium.newContext({ userAgent })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  // What a page sends while it is left is seen by no listener of the driver: what is handed to the browser is.
  const sent = Promise.withResolvers<string>()
  await page.exposeFunction('tell', (text: string) => sent.resolve(text))
  await page.addInitScript(`{
    const send = navigator.sendBeacon.bind(navigator)
    navigator.sendBeacon = (url, body) => { tell(JSON.stringify({ url: String(url), body })); return send(url, body) }
  }`)
  await page.goto(`${siteUrl}/products/red-shoe?email=jane@example.com#top`, { waitUntil: 'load' })
  await page.waitForFunction('performance.getEntriesByName("first-contentful-paint").length > 0')
  await page.click('button')
  const globals = await page.evaluate('"webVitals" in window')
  await page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }), document.dispatchEvent(new Event('visibilitychange', { bubbles: true })), 0`,
  )
  const { url, body } = JSON.parse(await sent.promise) as { url: string; body: string }
  const post = VitalsPost.parse(JSON.parse(body))
  expect(post.form).toBe('desktop')
  // A click is measured when the next frame is there, which may be after the visit.
  const metrics = post.entries.map(({ metric }) => metric)
  expect(metrics).toEqual(expect.arrayContaining(['LCP', 'CLS', 'FCP', 'TTFB']))
  expect(post.entries.every(({ path, navigation }) => path === '/products/red-shoe' && navigation === 'navigate')).toBe(true)
  expect(url).toBe(`${api.url}/v1/vitals`)
  expect(body).not.toContain('jane')
  expect(globals).toBe(false)
  expect(await context.cookies()).toEqual([])
  expect(problems).toEqual([])
  await expect(
    (async () => {
      const ends = performance.now() + 10_000
      for (;;) {
        api.world.clock.advance(3_000)
        const { body } = await api.call('GET', `/v1/sites/${siteId}/vitals?by=template`, { key: admin })
        const report = body as unknown as VitalsReport
        if (report.data.length === metrics.length || performance.now() > ends)
          return report.data.map(({ template, n }) => [template, n])
      }
    })(),
  ).resolves.toEqual(metrics.map(() => ['/products/{slug}', 1]))
}, 60_000)
