import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { KeywordInput } from '@tocsin/contract/api/keywords'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { createCompetitor } from '@tocsin/domain/competitors/competitors'
import { putKeywords } from '@tocsin/domain/keywords/keywords'
import { listKeywords } from '@tocsin/domain/keywords/keywords.read'
import { keywordHistory, listRankingLists } from '@tocsin/domain/rankings/rankings.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createSerpApiServer, type SerpApiMisbehaviour, type SerpApiServer } from '@tocsin/testkit/outside/serpapi'
import { createSerperServer, type SerperMisbehaviour, type SerperServer } from '@tocsin/testkit/outside/serper'
import { serpapi } from '../serpapi/adapter.ts'
import { serper } from '../serper/adapter.ts'
import type { Connection, Fetched, SourceDeps } from '../source.ts'
import { createSourceOutbound } from '../source-outbound.ts'
import { SourceUrlsEnv } from '../urls.ts'

const key = 'a-key-of-the-test'
const siteUrl = 'https://www.shop.example/'
const minuteMs = 60_000
let world: TestFoundation
let serperServer: SerperServer
let serpApiServer: SerpApiServer
let orgId: OrgId
let siteId: SiteId
/** Where the site stands for each phrase; others are strangers, and the competitor is second. */
let places: Map<string, number | null>

const resultsOf = (phrase: string): string[] =>
  Array.from({ length: 100 }, (_, n) => {
    if (n + 1 === places.get(phrase)) return `https://shop.example/${phrase}`
    return n === 1 ? `https://blog.rival.example/${phrase}` : `https://stranger-${n}.example/`
  })

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: siteUrl })))).id
  await world.change(orgId, (change) => createCompetitor(change, { siteId, domain: 'rival.example' }))
  places = new Map([
    ['shoes', 4],
    ['boots', null],
  ])
  await track('shoes', 'boots')
  serperServer = await createSerperServer({ key, results: ({ q }) => resultsOf(q) })
  serpApiServer = await createSerpApiServer({ key, results: ({ q }) => resultsOf(q ?? '') })
})
afterEach(async () => {
  await serperServer.close()
  await serpApiServer.close()
})

const track = (...phrases: string[]) =>
  world.change(orgId, (change) =>
    putKeywords(change, {
      siteId,
      keywords: phrases.map((phrase) => KeywordInput.parse({ phrase, country: 'DE', language: 'de' })),
    }),
  )
function deps(): SourceDeps {
  const urls = SourceUrlsEnv.parse({ SERPER_URL: serperServer.url, SERPAPI_URL: serpApiServer.url })
  const read: SourceDeps['read'] = (org, query) => world.journal.read(org, query)
  return { ...world, urls, outbound: createSourceOutbound(urls, []), userAgent: 'Test', anomalies: [], read }
}
/** Both kinds are set up alike. */
type Asked = { [Key in keyof Connection<'serper'>]: Connection<'serper'>[Key] }
const connection = (more: Partial<Asked> = {}): Asked => ({
  orgId,
  siteId,
  siteUrl,
  config: { requestsPerDay: 500, depth: 100 },
  credentials: { apiKey: key },
  state: {},
  requestsLeft: 100,
  now: world.clock.now(),
  ...more,
})
const never = new AbortController().signal
const fetch = (kind: 'serper' | 'serpapi', more: Partial<Asked> = {}, signal = never) =>
  kind === 'serper' ? serper.fetch(deps(), connection(more), signal) : serpapi.fetch(deps(), connection(more), signal)
async function recorded(fetched: Fetched): Promise<void> {
  if (fetched.ok) await world.change(orgId, (change) => fetched.record(change))
}
const stateOf = (fetched: Fetched) => (fetched.ok ? fetched.state : {})
const lists = async () => (await world.journal.read(orgId, (sql) => listRankingLists(sql, { siteId, limit: 50 }))).data
const keywords = async () => (await world.journal.read(orgId, (sql) => listKeywords(sql, { siteId, limit: 200 }))).data
const latest = async () => Object.fromEntries((await keywords()).map((each) => [each.phrase, each.latest]))

describe.each(['serper', 'serpapi'] as const)('%s', (kind) => {
  test('a round is a list of positions, with the competitors among the results', async () => {
    const fetched = await fetch(kind)
    expect(fetched).toMatchObject({ ok: true, requestsUsed: 2, nextAt: null })
    await recorded(fetched)
    expect(await lists()).toMatchObject([{ source: kind, entries: 2, complete: null }])
    expect(await latest()).toMatchObject({
      shoes: { position: 4, missing: null, depth: 100, url: 'https://shop.example/shoes', source: kind },
      boots: { position: null, missing: 'absent', depth: 100 },
    })
    const shoes = (await keywords()).find((each) => each.phrase === 'shoes')
    if (!shoes) throw new Error('It is not there.')
    const of = { siteId, keywordId: shoes.id, since: new Date('2026-01-01') }
    const { days } = await world.journal.read(orgId, (sql) => keywordHistory(sql, of))
    expect(days).toMatchObject([{ position: 4, competitors: [{ position: 2 }] }])
  })

  test('what was measured lately is left alone; what moved is asked once more half an hour later', async () => {
    const first = await fetch(kind)
    await recorded(first)
    expect(await fetch(kind, { state: stateOf(first) })).toMatchObject({ ok: true, requestsUsed: 0, nextAt: null })
    world.clock.advance(6 * 60 * minuteMs)
    places.set('shoes', 20)
    const second = await fetch(kind, { state: stateOf(first) })
    expect(second).toMatchObject({ ok: true, requestsUsed: 2, nextAt: new Date(world.clock.now().getTime() + 31 * minuteMs) })
    await recorded(second)
    world.clock.advance(31 * minuteMs)
    const third = await fetch(kind, { state: stateOf(second) })
    expect(third).toMatchObject({ ok: true, requestsUsed: 1, nextAt: null })
    await recorded(third)
    expect(await lists()).toHaveLength(3)
  })

  test('a short answer has looked only so far', async () => {
    places.set('shoes', null)
    const few = kind === 'serper' ? serperServer : serpApiServer
    await few.close()
    const results = () => resultsOf('x').slice(0, 10)
    if (kind === 'serper') serperServer = await createSerperServer({ key, results })
    else serpApiServer = await createSerpApiServer({ key, results })
    await recorded(await fetch(kind))
    expect(await latest()).toMatchObject({ shoes: { position: null, missing: 'absent', depth: 10 } })
  })

  test('a site has a budget, and a round an end', async () => {
    await track(...Array.from({ length: 120 }, (_, n) => `keyword ${n}`))
    expect(await fetch(kind, { requestsLeft: 5 })).toMatchObject({ ok: true, requestsUsed: 5, nextAt: null })
    const first = await fetch(kind, { requestsLeft: 500 })
    expect(first).toMatchObject({ ok: true, requestsUsed: 100, nextAt: new Date(world.clock.now().getTime() + minuteMs) })
    await recorded(first)
    expect(await fetch(kind, { requestsLeft: 400, state: stateOf(first) })).toMatchObject({ ok: true, requestsUsed: 22 })
  })

  test('an answer that never ends is ended with the round', async () => {
    if (kind === 'serper') serperServer.misbehave('slow', 'slow')
    else serpApiServer.misbehave('slow', 'slow')
    expect(await fetch(kind, {}, AbortSignal.timeout(300))).toMatchObject({ ok: false, reason: 'unavailable' })
  })

  test('a wrong key is told, and not told further', async () => {
    const wrong = { credentials: { apiKey: 'another-key' } }
    const fetched = await fetch(kind, wrong)
    expect(fetched).toMatchObject({ ok: false, reason: 'credentials' })
    expect(JSON.stringify(fetched)).not.toContain('another-key')
    const tryOut = (more?: Partial<Asked>) =>
      kind === 'serper' ? serper.test(deps(), connection(more), never) : serpapi.test(deps(), connection(more), never)
    expect(await tryOut(wrong)).toMatchObject({ ok: false, reason: 'credentials' })
    expect(await tryOut()).toMatchObject({ ok: true, requestsUsed: 1 })
  })
})

test.each<{ is: SerperMisbehaviour; reason: string }>([
  { is: 'invalid_key', reason: 'credentials' },
  { is: 'forbidden', reason: 'forbidden' },
  { is: 'no_credits', reason: 'quota' },
  { is: 'quota', reason: 'quota' },
  { is: 'server_error', reason: 'unavailable' },
  { is: 'html', reason: 'bad_answer' },
  { is: 'garbage', reason: 'bad_answer' },
  { is: 'partial', reason: 'bad_answer' },
  { is: 'unreadable', reason: 'bad_answer' },
  { is: 'empty', reason: 'bad_answer' },
])('serper: $is is $reason, and nothing is recorded', async ({ is, reason }) => {
  serperServer.misbehave(is, is)
  const fetched = await fetch('serper')
  expect(fetched).toMatchObject({ ok: false, reason })
  if (is === 'quota') expect(fetched).toMatchObject({ retryAt: new Date(world.clock.now().getTime() + minuteMs) })
  await recorded(fetched)
  expect(await lists()).toEqual([])
})

test.each<{ is: SerpApiMisbehaviour; reason: string }>([
  { is: 'invalid_key', reason: 'credentials' },
  { is: 'forbidden', reason: 'forbidden' },
  { is: 'no_searches', reason: 'quota' },
  { is: 'server_error', reason: 'unavailable' },
  { is: 'search_error', reason: 'bad_answer' },
  { is: 'processing', reason: 'bad_answer' },
  { is: 'empty', reason: 'bad_answer' },
  { is: 'html', reason: 'bad_answer' },
  { is: 'garbage', reason: 'bad_answer' },
  { is: 'partial', reason: 'bad_answer' },
])('serpapi: $is is $reason, and nothing is recorded', async ({ is, reason }) => {
  serpApiServer.misbehave(is, is)
  const fetched = await fetch('serpapi')
  expect(fetched).toMatchObject({ ok: false, reason })
  await recorded(fetched)
  expect(await lists()).toEqual([])
})

test('one search that fails is no position, never 0, and is tried again in an hour', async () => {
  serperServer.misbehave('empty')
  const fetched = await fetch('serper')
  expect(fetched).toMatchObject({ ok: true, requestsUsed: 2, nextAt: new Date(world.clock.now().getTime() + 60 * minuteMs) })
  await recorded(fetched)
  const known = Object.values(await latest())
  expect(known.filter((each) => each === null)).toHaveLength(1)
  expect(await fetch('serper', { state: stateOf(fetched) })).toMatchObject({ ok: true, requestsUsed: 0 })
  world.clock.advance(60 * minuteMs)
  expect(await fetch('serper', { state: stateOf(fetched) })).toMatchObject({ ok: true, requestsUsed: 1 })
})

test('a quota that ends in the middle keeps what was measured', async () => {
  await track(...Array.from({ length: 20 }, (_, n) => `keyword ${n}`))
  serperServer.misbehave(...Array<SerperMisbehaviour>(10).fill('ok'), 'quota')
  const fetched = await fetch('serper')
  expect(fetched).toMatchObject({ ok: true, nextAt: new Date(world.clock.now().getTime() + minuteMs) })
  await recorded(fetched)
  const [list] = await lists()
  expect(list?.entries).toBeGreaterThanOrEqual(10)
  expect(list?.entries).toBeLessThan(22)
})

test('each is asked in its own words', async () => {
  await fetch('serper')
  await fetch('serpapi')
  expect(serperServer.requests).toContainEqual({ q: 'shoes', gl: 'de', hl: 'de', num: 100 })
  expect(serpApiServer.requests).toContainEqual({
    engine: 'google',
    q: 'shoes',
    gl: 'de',
    hl: 'de',
    device: 'desktop',
    num: '100',
    no_cache: 'true',
  })
})
