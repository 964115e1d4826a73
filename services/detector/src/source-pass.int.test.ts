import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { SourceInput } from '@tocsin/contract/api/sources'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { createSite } from '@tocsin/domain/sites/sites'
import { createSource, testSource, updateSource } from '@tocsin/domain/sources/sources'
import { listSources } from '@tocsin/domain/sources/sources.read'
import { close, listen } from '@tocsin/process/health'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { automaticSourcesFor, automaticSourcesPass } from './automatic-sources-pass.ts'
import { refreshSources, sourcePass } from './source-pass.ts'
import type { SourceRegistry } from './sources/registry.ts'
import type { Connection, Fetched, SourceAdapter, Tested } from './sources/source.ts'
import { createSourceOutbound } from './sources/source-outbound.ts'
import { SourceUrlsEnv } from './sources/urls.ts'

const never = new AbortController().signal
const urls = SourceUrlsEnv.parse({})
const box = createSecretBox('a secret that only tests may know, 32+', 'source')
const good: Fetched = { ok: true, record: async () => {}, state: {}, nextAt: null, requestsUsed: 2 }

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = await addSite('https://shop.example/')
})
afterEach(() => world.close())

const addSite = async (url: string) => (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url })))).id
const add = (kind: 'crux' | 'web_risk' = 'crux', site = siteId) => {
  const input = SourceInput.parse({ kind, config: { requestsPerDay: 3 }, credentials: { apiKey: 'key-of-the-shop' } })
  return world.change(orgId, (change) => createSource(change, { siteId: site, input, box }))
}
const sources = async (site = siteId) =>
  (await world.journal.read(orgId, (sql) => listSources(sql, { siteId: site, limit: 10 }))).data

/** An API of which only the answers are of interest. */
function adapter(
  kind: 'crux' | 'web_risk',
  fetch: (connection: Connection, signal: AbortSignal) => Promise<Fetched>,
  test: () => Promise<Tested> = async () => ({ ok: true, detail: 'Works.', requestsUsed: 1 }),
): SourceAdapter<'crux' | 'web_risk'> {
  const agent = kind === 'crux' ? 'vitals' : 'security'
  return { kind, agent, everySeconds: 3_600, fetch: (_deps, connection, signal) => fetch(connection, signal), test }
}
function deps(crux: SourceAdapter, webRisk: SourceAdapter = adapter('web_risk', async () => good)) {
  const outbound = createSourceOutbound(urls, [])
  const sourceRegistry: SourceRegistry = { crux, web_risk: webRisk } as SourceRegistry
  return { ...world, sources: { outbound, urls, userAgent: 'Test', anomalies: [] }, sourceBox: box, sourceRegistry }
}

test('what is due is fetched with what was set up, recorded, and then rests', async () => {
  await add()
  const seen: Connection[] = []
  const work = deps(
    adapter('crux', async (connection) => {
      seen.push(connection)
      return good
    }),
  )
  expect(await sourcePass(work, never)).toBe('worked')
  expect(await sourcePass(work, never)).toBe('idle')
  expect(seen).toMatchObject([
    { siteUrl: 'https://shop.example/', credentials: { apiKey: 'key-of-the-shop' }, requestsLeft: 3, state: {} },
  ])
  const [source] = await sources()
  expect(source).toMatchObject({ state: 'active', quota: { used: 2 } })
  const rests = Date.parse(source?.nextFetchAt ?? '') - world.clock.now().getTime()
  expect(rests).toBeGreaterThanOrEqual(0.8 * 3_600_000)
  expect(rests).toBeLessThanOrEqual(1.2 * 3_600_000)
})

test('two passes at once fetch once', async () => {
  await add()
  let fetches = 0
  const work = deps(
    adapter('crux', async () => {
      fetches += 1
      return good
    }),
  )
  await Promise.all([sourcePass(work, never), sourcePass(work, never), sourcePass(work, never)])
  expect(fetches).toBe(1)
})

test('a fault is kept with its reason, and the provider’s time is heard', async () => {
  await add()
  const retryAt = new Date(world.clock.now().getTime() + 7_200_000)
  const fault = { ok: false, reason: 'quota', detail: 'Too many.', retryAt, requestsUsed: 1 } as const
  await sourcePass(deps(adapter('crux', async () => fault)), never)
  const [source] = await sources()
  expect(source).toMatchObject({ state: 'active', lastError: { reason: 'quota', detail: 'Too many.' }, lastFetchedAt: null })
  expect(Date.parse(source?.nextFetchAt ?? '')).toBeGreaterThanOrEqual(retryAt.getTime())
})

test('an adapter that breaks, and one whose records are refused, keep nobody else from being fetched', async () => {
  await add('crux')
  await add('web_risk')
  const breaks = adapter('crux', async () => {
    throw new Error('Broken adapter.')
  })
  const refused: Fetched = { ...good, record: (change) => change.tx.query('select 1 / 0').then(() => {}) }
  expect(
    await sourcePass(
      deps(
        breaks,
        adapter('web_risk', async () => refused),
      ),
      never,
    ),
  ).toBe('worked')
  expect((await sources()).map(({ lastError }) => lastError?.reason)).toEqual(['bad_answer', 'bad_answer'])
  expect(await sourcePass(deps(breaks), never)).toBe('idle')
})

test('a spent budget asks nothing until the next day', async () => {
  await add()
  const work = deps(adapter('crux', async () => ({ ...good, requestsUsed: 3, nextAt: world.clock.now() })))
  await sourcePass(work, never)
  let asked = false
  const next = deps(
    adapter('crux', async () => {
      asked = true
      return good
    }),
  )
  await sourcePass(next, never)
  expect(asked).toBe(false)
  expect(await sources()).toMatchObject([{ state: 'active', lastError: { reason: 'quota' } }])
  world.clock.advance(26 * 3_600_000)
  await sourcePass(next, never)
  expect(asked).toBe(true)
  expect(await sources()).toMatchObject([{ lastError: null }])
})

test('a detector that stops gives back what it has in hand', async () => {
  await add()
  const stopping = new AbortController()
  const fault = { ok: false, reason: 'unavailable', detail: 'Cancelled.', retryAt: null, requestsUsed: 1 } as const
  const leaves = adapter('crux', async () => {
    stopping.abort()
    return fault
  })
  await sourcePass(deps(leaves), stopping.signal)
  expect(await sources()).toMatchObject([{ lastError: null, quota: { used: 1 } }])
  expect(await sourcePass(deps(adapter('crux', async () => good)), never)).toBe('worked')
})

test('credentials that changed meanwhile: what the old ones brought is dropped', async () => {
  const { id } = await add()
  let recorded = false
  const slow = adapter('crux', async () => {
    const changes = { kind: 'crux', credentials: { apiKey: 'another-key' } } as const
    await world.change(orgId, (change) => updateSource(change, { sourceId: id, changes, ifVersion: null, box }))
    return {
      ...good,
      record: async () => {
        recorded = true
      },
    }
  })
  await sourcePass(deps(slow), never)
  expect(recorded).toBe(false)
  expect(await sources()).toMatchObject([{ lastFetchedAt: null, state: 'active' }])
})

test('a test is made when it is asked for, and its result is told', async () => {
  const { id } = await add()
  const refuses: Tested = { ok: false, reason: 'credentials', detail: 'The key is not known.', requestsUsed: 1 }
  const work = deps(
    adapter(
      'crux',
      async () => good,
      async () => refuses,
    ),
  )
  await sourcePass(work, never)
  await world.change(orgId, (change) => testSource(change, { sourceId: id }))
  const events = await world.eventsDuring(orgId, () => sourcePass(work, never))
  expect(events).toMatchObject([
    { type: 'source.updated', data: { source: { lastTest: { result: 'failed', reason: 'credentials' }, state: 'active' } } },
  ])
})

test('an agent refreshes what is its own, of its own site', async () => {
  const other = await addSite('https://two.example/')
  await add('crux')
  await add('web_risk')
  await add('crux', other)
  await refreshSources(deps(adapter('crux', async () => good)), { orgId, siteId, agent: 'vitals' }, never)
  const fetched = (await sources()).filter((each) => each.lastFetchedAt !== null).map((each) => each.kind)
  expect(fetched).toEqual(['crux'])
  expect(await sources(other)).toMatchObject([{ lastFetchedAt: null }])
})

test('credentials that were sealed with another key are to be entered again', async () => {
  await add()
  const sourceBox = createSecretBox('another secret that only tests may know', 'source')
  await sourcePass({ ...deps(adapter('crux', async () => good)), sourceBox }, never)
  expect(await sources()).toMatchObject([{ state: 'failing', lastError: { reason: 'credentials' } }])
})

test('an API may be inside, where the operator says that it is; what its answers lead to may not', async () => {
  const server = createServer((_request, response) => void response.end('{}'))
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  const here = `http://127.0.0.1:${address.port}`
  const ask = { totalTimeoutMs: 5_000, maxBytes: 100 }
  const inside = createSourceOutbound(SourceUrlsEnv.parse({ CRUX_URL: here }), [])
  expect(await inside.request(`${here}/v1/x`, ask)).toMatchObject({ ok: true, status: 200 })
  const outside = createSourceOutbound(urls, [])
  expect(await outside.request(`${here}/v1/x`, ask)).toMatchObject({ ok: false, fault: 'blocked_address' })
  await Promise.all([inside.close(), outside.close(), close(server)])
})

test('sites with a registered name get the sources that need no credentials, once', async () => {
  const shop = await addSite('https://www.shop.co.uk/')
  expect(await automaticSourcesPass({ ...world, sourceBox: box })).toBe('worked')
  expect(await automaticSourcesPass({ ...world, sourceBox: box })).toBe('idle')
  expect((await sources(shop)).map((each) => each.kind).toSorted()).toEqual(['ct', 'rdap'])
  expect(await sources()).toEqual([])
})

test.each([
  'https://127.0.0.1/',
  'http://localhost:3000/',
  'https://mine.github.io/',
  'https://shop.internal/',
  'https://co.uk/',
])('%s has none', (url) => {
  expect(automaticSourcesFor(url)).toEqual([])
})
