import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { rememberExternalLinks } from '@tocsin/domain/external-links/external-links'
import { listCheckedLinks } from '@tocsin/domain/external-links/external-links.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound, type Outbound } from '@tocsin/outbound/guarded-http'
import { close, listen } from '@tocsin/process/health'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createHostPace, linkPass } from './link-pass.ts'
import { linkExternal } from './rules/link-external.ts'

const hourMs = 3_600_000
let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
let outbound: Outbound
let origin = ''
let statuses: Record<string, number> = {}
const asked: string[] = []
/** Names that the resolver knows nothing of; null: it knows nothing at all. */
let unknownNames: ReadonlySet<string> | null = new Set()
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`)
  const status = statuses[`${request.method} ${request.url}`] ?? statuses[request.url ?? ''] ?? 200
  response.writeHead(status, { 'content-type': 'text/html' }).end('<title>x</title>')
})

beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  origin = `http://127.0.0.1:${address.port}`
  const url = `http://site.example:${address.port}/`
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url })))).id
  statuses = {}
  asked.length = 0
  unknownNames = new Set()
  outbound = createOutbound({
    allowCidrs: parseCidrs('127.0.0.0/8'),
    connectTimeoutMs: 1_000,
    resolve: async (hostname) => {
      if (unknownNames === null || unknownNames.has(hostname))
        throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })
      return [{ address: '127.0.0.1', family: 4 }]
    },
  })
})
afterEach(async () => {
  await outbound.close()
  server.closeAllConnections()
  await close(server)
  await world.close()
})

const remember = (urls: string[], more: { whole?: boolean; baseline?: boolean } = {}) =>
  world.change(orgId, (change) =>
    rememberExternalLinks(change, {
      siteId,
      links: urls.map((url) => ({ url, sources: ['https://shop.example/'], inlinks: 1 })),
      whole: true,
      baseline: false,
      ...more,
    }),
  )
/** Everything that is due now, however often that takes. */
async function checkAll(): Promise<void> {
  const deps = { ...world, links: { outbound, userAgent: 'Test' }, hostPace: createHostPace(world.clock) }
  while ((await linkPass(deps, new AbortController().signal)) === 'worked') world.clock.advance(2_000)
}
const assess = (watched: string[] = []) =>
  world.journal.read(orgId, async (sql) => {
    const context = { site: { id: siteId, url: origin }, now: world.clock.now(), config: defaultConfigs }
    const verdicts = await linkExternal.assess(sql, {
      ...context,
      watched: new Map(watched.map((url) => [`link.external ${url}`, 'open'])),
    })
    return verdicts.map(({ subject, level }) => [subject, level])
  })
const hours = (count: number) => world.clock.advance(count * hourMs)

test('an address that is gone is told after three checks over a day, and over when it answers or nobody links to it', async () => {
  const gone = `${origin}/gone`
  statuses = { '/gone': 404 }
  await remember([gone, `${origin}/fine`])
  hours(1)
  await checkAll()
  expect(asked.sort()).toEqual(['GET /gone', 'HEAD /fine', 'HEAD /gone'])
  for (const expected of [[], []]) {
    expect(await assess()).toEqual(expected)
    hours(12)
    await checkAll()
  }
  expect(await assess()).toEqual([[gone, 'bad']])
  statuses = {}
  hours(12)
  await checkAll()
  expect(await assess([gone])).toEqual([[gone, 'ok']])
  await remember([`${origin}/fine`])
  expect(await assess([gone])).toEqual([[gone, 'ok']])
})

test('what HEAD does not know, GET may; walls, limits and broken servers are unknown', async () => {
  statuses = { 'HEAD /a': 405, 'HEAD /b': 404, '/wall': 403, '/limit': 429, '/linkedin': 999, '/broken': 500 }
  await remember(['/a', '/b', '/wall', '/limit', '/linkedin', '/broken'].map((path) => origin + path))
  hours(1)
  await checkAll()
  const links = await world.journal.read(orgId, (sql) =>
    listCheckedLinks(
      sql,
      siteId,
      ['/a', '/b', '/wall', '/limit', '/linkedin', '/broken'].map((path) => origin + path),
    ),
  )
  expect(Object.fromEntries(links.map((link) => [new URL(link.url).pathname, link.outcome]))).toEqual({
    '/a': 'ok',
    '/b': 'ok',
    '/wall': 'unknown',
    '/limit': 'unknown',
    '/linkedin': 'unknown',
    '/broken': 'unknown',
  })
})

test('a host that does not exist is gone; when no name can be found at all, it is us', async () => {
  const dead = `http://dead.example:${new URL(origin).port}/`
  await remember([dead])
  unknownNames = new Set(['dead.example'])
  for (let n = 0; n < 3; n += 1) {
    hours(12)
    await checkAll()
  }
  expect(await assess()).toEqual([[dead, 'bad']])

  await remember([`http://other.example:${new URL(origin).port}/`])
  unknownNames = null
  for (let n = 0; n < 4; n += 1) {
    hours(25)
    await checkAll()
  }
  expect(await assess()).toEqual([])
})

test('what was gone on day one is listed; what has answered since is not of day one', async () => {
  const gone = `${origin}/gone`
  const dayOne = () => world.journal.read(orgId, async (sql) => (await listCheckedLinks(sql, siteId, [gone]))[0]?.dayOne)
  await remember([gone], { baseline: true })
  statuses = { '/gone': 404 }
  hours(1)
  await checkAll()
  expect(await dayOne()).toBe(true)
  statuses = {}
  hours(12)
  await checkAll()
  expect(await dayOne()).toBe(false)
})

test('a host rests between two links, and one detector at a time has a link', async () => {
  await remember(['/1', '/2', '/3'].map((path) => origin + path))
  hours(1)
  const deps = { ...world, links: { outbound, userAgent: 'Test' }, hostPace: createHostPace(world.clock) }
  const pass = () => linkPass(deps, new AbortController().signal)
  expect([await pass(), await pass(), asked.length]).toEqual(['worked', 'idle', 1])
  world.clock.advance(2_000)
  expect([await pass(), await pass(), asked.length]).toEqual(['worked', 'idle', 2])
})
