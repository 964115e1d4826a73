import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound, type Outbound } from '@tocsin/outbound/guarded-http'
import { wallClock } from '@tocsin/process/clock'
import { createProbes } from '../probes/create-probes.ts'
import { lookContext } from './fixtures.ts'
import { redirectChain } from './redirect-chain.ts'
import { redirectLoop } from './redirect-loop.ts'

let server: Server
let outbound: Outbound
let origin: string
beforeAll(async () => {
  server = createServer((request, response) => {
    const visits = Number(/visits=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? 0)
    const to = (location: string, cookie?: string) =>
      response.writeHead(302, { location, ...(cookie ? { 'set-cookie': `${cookie}; Path=/; HttpOnly` } : {}) }).end()
    if (request.url === '/consent' && visits === 0) to('/set')
    else if (request.url === '/set') to('/consent', 'visits=1')
    else if (request.url === '/self' && visits === 0) to('/self', 'visits=1')
    else if (request.url === '/loop') to('/loop/again')
    else if (request.url === '/loop/again') to('/loop')
    else if (request.url === '/ever') to('/ever', `visits=${visits + 1}`)
    else if (request.url === '/long' && visits === 0) to('/long/1', 'visits=1')
    else if (/^\/long\/[12]$/.test(request.url ?? '') && visits === 0) to(request.url === '/long/1' ? '/long/2' : '/end')
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Here</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  outbound = createOutbound({ allowCidrs: parseCidrs('127.0.0.0/8'), connectTimeoutMs: 5_000 })
})
afterAll(async () => {
  await outbound.close()
  server.closeAllConnections()
  server.close()
})

const look = (rule: typeof redirectLoop | typeof redirectChain, path: string) => {
  const probes = createProbes({ outbound, allowCidrs: parseCidrs('127.0.0.0/8'), clock: wallClock, userAgent: 'TocsinBot/1.0' })
  const url = `${origin}${path}`
  const finding = { subject: url, severity: 'high', evidence: {}, okSince: null, look: { kind: 'page', urls: [url] } } as const
  return rule.lookAgain(finding, probes, lookContext({ siteUrl: `${origin}/` }))
}

test.each([
  ['/loop', 'a loop for everybody', 'bad'],
  ['/consent', 'asks for a cookie and then arrives', 'ok'],
  ['/self', 'comes back to itself once, with a cookie', 'ok'],
  ['/ever', 'gives another cookie each time and never arrives', 'bad'],
  ['/end', 'no redirect at all', 'ok'],
])('%s: %s → %s', async (path, _what, expected) => {
  expect((await look(redirectLoop, path)).level).toBe(expected)
})

test('a chain that only those without cookies go is none', async () => {
  expect((await look(redirectChain, '/long')).level).toBe('ok')
})
