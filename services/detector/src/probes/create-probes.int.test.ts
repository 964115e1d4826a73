import { afterEach, expect, test } from '@jest/globals'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import { wallClock } from '@tocsin/process/clock'
import { serve, stopLoopback } from '../crawler/loopback-site.ts'
import { createProbes } from './create-probes.ts'

const allowCidrs = parseCidrs('127.0.0.0/8')
const outbound = createOutbound({ allowCidrs, connectTimeoutMs: 1_000 })
const probes = createProbes({ outbound, allowCidrs, clock: wallClock, userAgent: 'TocsinBot/1.0' })
const { signal } = new AbortController()
afterEach(stopLoopback)

test('each look has a connection of its own', async () => {
  const ports = new Set<number | undefined>()
  const site = await serve({
    '/': (request, response) => {
      ports.add(request.socket.remotePort)
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Home</title>')
    },
  })
  for (let i = 0; i < 3; i += 1)
    expect(await probes.page(`${site.origin}/`, signal)).toMatchObject({ status: 200, title: 'Home', fault: null })
  expect(ports.size).toBe(3)
})

test('a page is looked at also where robots.txt keeps crawlers out, because its owner asked', async () => {
  const site = await serve({
    '/robots.txt': { body: 'User-agent: *\nDisallow: /' },
    '/': { headers: { 'x-robots-tag': 'noindex' }, body: 'x' },
  })
  expect(await probes.page(`${site.origin}/`, signal)).toMatchObject({
    directives: [{ value: 'noindex' }],
    headerScore: { score: expect.any(Number) },
  })
  expect(await probes.robots(`${site.origin}/deep/page`, signal)).toMatchObject({
    availability: 'read',
    url: `${site.origin}/robots.txt`,
  })
})

test.each([
  ['missing', { status: 404 }, 'missing'],
  ['broken', { status: 502 }, 'unreachable'],
  ['moved', { status: 301, headers: { location: '/moved.txt' } }, 'read'],
  ['moving in a circle', { status: 301, headers: { location: '/robots.txt' } }, 'missing'],
])('robots.txt, %s', async (_name, answer, availability) => {
  const site = await serve({ '/robots.txt': answer, '/moved.txt': { body: 'User-agent: *\nDisallow: /x' } })
  expect(await probes.robots(site.origin, signal)).toMatchObject({ availability })
})

test('what cannot be reached is said, not thrown', async () => {
  expect(await probes.page('http://10.0.0.1/', signal)).toMatchObject({ status: null, fault: 'blocked_address' })
  expect(await probes.robots('http://10.0.0.1/', signal)).toMatchObject({ availability: 'unknown', fault: 'blocked_address' })
  expect(await probes.tls('https://10.0.0.1/', signal)).toMatchObject({ fault: 'blocked_address' })
})
