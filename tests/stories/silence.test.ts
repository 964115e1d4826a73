import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Scan } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'
import type { Viewer } from '@tocsin/testkit/viewer'

jest.setTimeout(120_000)

let fleet: TestFleet
let org: TestOrg
let viewer: Viewer
let server: Server
let answer: RequestListener = () => {}

const html = (body: string) => `<!doctype html><html lang="en"><head><title>Shop</title></head><body>${body}</body></html>`
const healthy: RequestListener = (request, response) => {
  if (request.url === '/robots.txt')
    return response.writeHead(200, { 'content-type': 'text/plain' }).end('User-agent: *\nAllow: /\n')
  const known = ['/', '/a', '/b'].includes(request.url ?? '')
  const links = '<a href="/a">A</a><a href="/b">B</a><a href="/gone">an old link</a>'
  response.writeHead(known ? 200 : 404, { 'content-type': 'text/html' }).end(html(known ? links : 'not found'))
}

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  answer = healthy
  fleet = await startTestFleet()
  org = await fleet.org('quiet')
  viewer = await org.view()
})

afterAll(async () => {
  viewer?.close()
  await fleet?.stop()
  server?.closeAllConnections()
  server?.close()
})

async function scanNow(siteId: string): Promise<Scan> {
  const { id } = await org.call<Scan>('POST', `/v1/sites/${siteId}/scans`)
  const ofThis = (frame: { data: Record<string, unknown> }) => (frame.data['data'] as { scan: Scan }).scan.id === id
  const frame = await Promise.race([viewer.first('scan.completed', ofThis), viewer.first('scan.failed', ofThis)])
  return (frame.data['data'] as { scan: Scan }).scan
}

const threats = async (query = '') => (await org.call<{ data: Threat[] }>('GET', `/v1/threats${query}`)).data

let site: Site

test('what is wrong on day one is listed as hygiene and nobody is told', async () => {
  site = await org.call<Site>('POST', '/v1/sites', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
  expect(await scanNow(site.id)).toMatchObject({ baseline: true, complete: true })
  expect(await threats()).toEqual([])
  expect((await threats('?state=hygiene')).map((threat) => threat.rule)).toContain('link.broken')
  expect(viewer.frames.filter((frame) => frame.event === 'threat.detected')).toEqual([])
})

test.each([
  [
    '429 Too Many Requests',
    (_request: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(429, { 'retry-after': '1' }).end(),
  ],
  ['a bot challenge', (_request: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(999).end()],
  ['connections that are reset', (request: Parameters<RequestListener>[0]) => void request.socket.resetAndDestroy()],
])('a measurement that fails (%s) opens nothing and closes nothing', async (_name, fault) => {
  const before = await threats('?state=hygiene')
  answer = fault as RequestListener
  const scan = await scanNow(site.id)
  answer = healthy
  expect(scan.complete).toBe(false)
  expect(await threats()).toEqual([])
  expect((await threats('?state=hygiene')).map((threat) => threat.id)).toEqual(before.map((threat) => threat.id))
})

test('a fault that is gone at the second and third look was never a threat', async () => {
  answer = (request, response) => (request.url === '/a' ? response.writeHead(500).end('oops') : healthy(request, response))
  const scan = await scanNow(site.id)
  expect(scan.suspected).toBe(1)
  answer = healthy
  fleet.clock.advance(61_000)
  fleet.clock.advance(601_000)
  // Eleven minutes may be longer than a stream lives.
  viewer.close()
  viewer = await org.view()
  const next = await scanNow(site.id)
  expect(next.suspected).toBe(0)
  expect(await threats()).toEqual([])
})
