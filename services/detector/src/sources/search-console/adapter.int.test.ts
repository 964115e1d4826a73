import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { SourceInput } from '@tocsin/contract/api/sources'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { clicksByPage, inspectionsByUrl, knownDays, searchConsoleState } from '@tocsin/domain/search-console/search-console.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { createSource, testSource, updateSource } from '@tocsin/domain/sources/sources'
import { listSources } from '@tocsin/domain/sources/sources.read'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createGoogleServer, type GoogleProperty, type GoogleRow, type GoogleServer } from '@tocsin/testkit/outside/google'
import { addDays, daysFrom, pacificDay } from '../../judges/pacific.ts'
import { memory } from '../../rules/fixtures.ts'
import { sourcePass } from '../../source-pass.ts'
import { createSourceOutbound } from '../source-outbound.ts'
import { SourceUrlsEnv } from '../urls.ts'
import { searchConsole } from './adapter.ts'
import { accessToken } from './token.ts'

const never = new AbortController().signal
const box = createSecretBox('a secret that only tests may know, 32+', 'source')
const property = 'sc-domain:shop.example'
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const serviceAccount = { type: 'service_account', clientEmail: 'tocsin@project.iam.gserviceaccount.com', privateKey }
const oauth = { type: 'oauth', clientId: 'client-id', clientSecret: 'client-secret', refreshToken: 'refresh-token' }

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
let google: GoogleServer
let days: Map<string, GoogleRow[]>
let hours: ReturnType<NonNullable<GoogleProperty['hours']>>
beforeEach(async () => {
  world = await openTestFoundation(createHandSetClock(new Date('2026-03-20T18:00:00.000Z')))
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
  days = new Map(daysFrom('2026-01-01', '2026-03-17').map((day) => [day, dayOf(3)]))
  hours = { rows: new Map() }
  google = await createGoogleServer({
    property,
    publicKey,
    refreshToken: oauth.refreshToken,
    days: () => days,
    hours: () => hours,
    inspection,
  })
})
afterEach(async () => {
  await google.close()
  await world.close()
})

const dayOf = (queries: number): GoogleRow[] =>
  Array.from({ length: queries }, (_, n) => ({
    query: `shoes ${n}`,
    page: `https://shop.example/p/${n}?utm_source=google`,
    clicks: 10 * (n + 1),
    impressions: 100 * (n + 1),
    position: n + 1.5,
  }))
const inspection = (url: string): object | undefined =>
  url.includes('/gone')
    ? undefined
    : { inspectionResult: { indexStatusResult: { verdict: 'PASS', googleCanonical: url, userCanonical: url } } }

const connect = (more: { credentials?: object; config?: object } = {}) => {
  const config = { property, inspectionsPerDay: 0, ...more.config }
  const input = SourceInput.parse({ kind: 'search_console', config, credentials: more.credentials ?? serviceAccount })
  return world.change(orgId, (change) => createSource(change, { siteId, input, box }))
}
function work() {
  const urls = SourceUrlsEnv.parse({ GSC_URL: google.url, GSC_TOKEN_URL: google.tokenUrl })
  const outbound = createSourceOutbound(urls, [])
  const sources = {
    outbound,
    urls,
    userAgent: 'Test',
    anomalies: [{ from: '2026-03-03', to: '2026-03-04', note: 'Odd.', breaks: true }],
  }
  return sourcePass({ ...world, sources, sourceBox: box, sourceRegistry: { search_console: searchConsole } }, never)
}
/** As time goes by: whatever is due is fetched, until nothing is for an hour. */
async function settle() {
  for (let fetches = 0; fetches < 20; fetches += 1) {
    await work()
    const nextFetchAt = Date.parse((await source()).nextFetchAt ?? '')
    if (nextFetchAt - world.clock.now().getTime() > 120_000) return
    world.clock.advance(120_000)
  }
}
const source = async () => {
  const [only] = (await world.journal.read(orgId, (sql) => listSources(sql, { siteId, limit: 10 }))).data
  if (!only) throw new Error('No source.')
  return only
}
const state = () => world.journal.read(orgId, (sql) => searchConsoleState(sql, siteId))
const known = () => world.journal.read(orgId, (sql) => knownDays(sql, siteId, '2025-01-01'))
const asked = (endpoint: string) => google.requests.filter((request) => request.endpoint === endpoint)

describe('figures', () => {
  test('are read from the first day to the last final one, six weeks of them in detail, and not again', async () => {
    await connect()
    await settle()
    expect(await state()).toEqual({ property, finalThrough: '2026-03-17', hoursThrough: null })
    const all = await known()
    expect(all[0]).toMatchObject({ day: '2026-01-01', clicks: 60, impressions: 600, detailed: false })
    expect(all.at(-1)).toMatchObject({ day: '2026-03-17', detailed: true })
    expect(all.filter((day) => day.detailed)).toHaveLength(40)
    expect(all.filter((day) => day.anomaly !== null).map(({ day, breaks }) => [day, breaks])).toEqual([
      ['2026-03-03', true],
      ['2026-03-04', true],
    ])
    const clicks = await world.journal.read(orgId, (sql) => clicksByPage(sql, siteId, 7))
    expect(clicks).toEqual(new Map([0, 1, 2].map((n) => [`https://shop.example/p/${n}`, 70 * (n + 1)])))
    const before = asked('analytics').length
    world.clock.advance(24 * 3_600_000)
    days.set('2026-03-18', [])
    days.set('2026-03-19', dayOf(1))
    await settle()
    expect(await state()).toMatchObject({ finalThrough: '2026-03-19' })
    expect((await known()).slice(-2)).toMatchObject([{ impressions: 0, detailed: true }, { impressions: 100 }])
    // Totals, two days, hours.
    expect(asked('analytics').length - before).toBe(4)
  })

  test('of a day with more than 25,000 rows are read to the end, and the most seen are kept', async () => {
    await connect({ credentials: oauth })
    days = new Map([['2026-03-17', dayOf(26_000)]])
    await work()
    expect(asked('analytics').map(({ body }) => [body['startRow'], (body['dimensions'] as string[]).join()])).toContainEqual([
      25_000,
      'date,query,page',
    ])
    const { rows } = await world.db.transaction({ orgId }, (sql) =>
      sql.query<{ n: number; least: number }>('select count(*) as n, min(impressions) as least from gsc_row'),
    )
    expect(rows).toEqual([{ n: 2_000, least: 100 * 24_001 }])
  })

  test('of half a day are not kept: what failed in the middle is read again', async () => {
    await connect()
    google.misbehave('analytics', 'ok', 'ok', 'cut')
    await work()
    expect((await known()).filter((day) => day.detailed)).toHaveLength(1)
    expect(await source()).toMatchObject({ state: 'active', lastError: null })
    world.clock.advance(16 * 60_000)
    await settle()
    expect((await known()).filter((day) => day.detailed)).toHaveLength(40)
  })

  test('by the hour are kept as far as they are complete, and revised', async () => {
    await connect()
    days = new Map([['2026-03-17', dayOf(1)]])
    const hour = (n: number) => `2026-03-20T0${n}:00:00-07:00`
    hours = { rows: new Map([1, 2, 3, 4].map((n) => [hour(n), dayOf(2)])), firstIncompleteHour: hour(3) }
    await settle()
    const kept = async () => {
      const { rows } = await world.db.transaction({ orgId }, (sql) =>
        sql.query<{ hour: Date; clicks: number }>(
          'select hour, sum(clicks)::bigint as clicks from gsc_hour group by hour order by hour',
        ),
      )
      return rows.map((row) => [row.hour.toISOString(), row.clicks])
    }
    expect(await state()).toMatchObject({ hoursThrough: new Date('2026-03-20T10:00:00.000Z') })
    expect(await kept()).toEqual([
      ['2026-03-20T08:00:00.000Z', 30],
      ['2026-03-20T09:00:00.000Z', 30],
    ])
    world.clock.advance(2 * 3_600_000)
    hours = { rows: new Map([2, 3].map((n) => [hour(n), dayOf(3)])), firstIncompleteHour: hour(4) }
    await settle()
    expect(await kept()).toEqual([
      ['2026-03-20T09:00:00.000Z', 60],
      ['2026-03-20T10:00:00.000Z', 60],
    ])
  })

  test('of another property are not mixed with those of this one', async () => {
    const { id } = await connect()
    await settle()
    const config = SourceInput.parse({
      kind: 'search_console',
      config: { property: 'sc-domain:other.example' },
      credentials: serviceAccount,
    })
    await google.close()
    google = await createGoogleServer({
      property: 'sc-domain:other.example',
      publicKey,
      days: () => new Map([['2026-03-16', dayOf(1)]]),
    })
    await world.change(orgId, (change) =>
      updateSource(change, {
        sourceId: id,
        changes: { kind: 'search_console', config: config.config as never },
        ifVersion: null,
        box,
      }),
    )
    await settle()
    expect(await state()).toMatchObject({ property: 'sc-domain:other.example', finalThrough: '2026-03-16' })
    expect(await known()).toHaveLength(39)
    expect((await known()).filter((day) => day.impressions > 0)).toHaveLength(1)
  })
})

describe('what goes wrong', () => {
  test.each([
    { endpoint: 'token', misbehaviour: 'invalid_grant', reason: 'credentials', failing: true },
    { endpoint: 'token', misbehaviour: 'server_error', reason: 'unavailable', failing: false },
    { endpoint: 'token', misbehaviour: 'html', reason: 'bad_answer', failing: false },
    { endpoint: 'analytics', misbehaviour: 'unauthorized', reason: 'credentials', failing: true },
    { endpoint: 'analytics', misbehaviour: 'forbidden', reason: 'forbidden', failing: true },
    { endpoint: 'analytics', misbehaviour: 'not_found', reason: 'not_found', failing: true },
    { endpoint: 'analytics', misbehaviour: 'quota', reason: 'quota', failing: false },
    { endpoint: 'analytics', misbehaviour: 'rate_limit', reason: 'quota', failing: false },
    { endpoint: 'analytics', misbehaviour: 'server_error', reason: 'unavailable', failing: false },
    { endpoint: 'analytics', misbehaviour: 'html', reason: 'bad_answer', failing: false },
    { endpoint: 'analytics', misbehaviour: 'garbage', reason: 'bad_answer', failing: false },
    { endpoint: 'analytics', misbehaviour: 'cut', reason: 'unavailable', failing: false },
  ] as const)('$endpoint: $misbehaviour → $reason', async ({ endpoint, misbehaviour, reason, failing }) => {
    await connect()
    google.misbehave(endpoint, misbehaviour)
    await work()
    const { lastError, state: itsState, lastFetchedAt } = await source()
    expect({ reason: lastError?.reason, state: itsState, lastFetchedAt }).toEqual({
      reason,
      state: failing ? 'failing' : 'active',
      lastFetchedAt: null,
    })
    expect(await state()).toBeNull()
    expect(JSON.stringify(lastError)).not.toContain('Whatever')
  })

  test('an answer that never ends is none', async () => {
    google.misbehave('token', 'slow')
    const urls = SourceUrlsEnv.parse({ GSC_URL: google.url, GSC_TOKEN_URL: google.tokenUrl })
    const asked = await accessToken(
      { outbound: createSourceOutbound(urls, []), urls, userAgent: 'Test', clock: world.clock },
      { type: 'oauth', clientId: 'client-id', clientSecret: 'client-secret', refreshToken: 'refresh-token' },
      AbortSignal.timeout(200),
    )
    expect(asked).toMatchObject({ ok: false, reason: 'unavailable' })
  })

  test('a provider that names a time is not asked before', async () => {
    await connect()
    google.misbehave('analytics', 'retry_later')
    await work()
    const { nextFetchAt } = await source()
    expect(Date.parse(nextFetchAt ?? '')).toBeGreaterThanOrEqual(world.clock.now().getTime() + 7_200_000)
  })

  test.each([
    {
      when: 'a key that is none',
      credentials: { ...serviceAccount, privateKey: '-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----' },
    },
    { when: 'consent that was withdrawn', credentials: { ...oauth, refreshToken: 'another-token' } },
  ])('$when is told by a test', async ({ credentials }) => {
    const { id } = await connect({ credentials })
    await world.change(orgId, (change) => testSource(change, { sourceId: id }))
    await work()
    expect((await source()).lastTest).toMatchObject({ result: 'failed', reason: 'credentials' })
  })

  test('a property of somebody else is told by a test; one of ours passes', async () => {
    const { id } = await connect({ config: { property: 'https://other.example/' } })
    await world.change(orgId, (change) => testSource(change, { sourceId: id }))
    await work()
    expect((await source()).lastTest).toMatchObject({ result: 'failed', reason: 'forbidden' })
    await world.change(orgId, (change) =>
      updateSource(change, {
        sourceId: id,
        changes: { kind: 'search_console', config: { property, requestsPerDay: 100, inspectionsPerDay: 0 } },
        ifVersion: null,
        box,
      }),
    )
    await world.change(orgId, (change) => testSource(change, { sourceId: id }))
    await work()
    expect((await source()).lastTest).toMatchObject({ result: 'passed' })
  })

  test('no more is asked than the budget allows', async () => {
    await connect({ config: { requestsPerDay: 5 } })
    for (let n = 0; n < 5; n += 1) {
      await work()
      world.clock.advance(20 * 60_000)
    }
    expect(google.requests).toHaveLength(5)
    expect(await source()).toMatchObject({ state: 'active', quota: { used: 5, limit: 5 } })
  })
})

describe('inspections', () => {
  const page = (url: string, importance: number) => ({
    url,
    memory: memory({ importance, lastOkAt: '2026-03-19T00:00:00.000Z' }),
  })
  const remember = (pages: readonly ReturnType<typeof page>[]) =>
    world.db.transaction({ orgId }, (sql) =>
      sql.query(
        `insert into page (org_id, site_id, url, memory, seen_at)
         select $1, $2, new.url, new.memory, $3 from jsonb_to_recordset($4) as new (url text, memory jsonb)`,
        [orgId, siteId, world.clock.now(), JSON.stringify(pages)],
      ),
    )
  const inspected = async () => [
    ...(await world.journal.read(orgId, (sql) => inspectionsByUrl(sql, siteId, { since: new Date(0), each: 5 }))).keys(),
  ]

  test('go to the most important pages first, as many as the day allows', async () => {
    const pages = [page('https://shop.example/minor', 1), page('https://shop.example/', 9), page('https://shop.example/p/1', 6)]
    await remember(pages)
    await connect({ config: { inspectionsPerDay: 2 } })
    await work()
    expect(await inspected()).toEqual(['https://shop.example/'])
    world.clock.advance(5 * 60_000)
    await work()
    expect(await inspected()).toEqual(['https://shop.example/', 'https://shop.example/p/1'])
    world.clock.advance(5 * 60_000)
    await work()
    expect(asked('inspection')).toHaveLength(2)
    world.clock.advance(24 * 3_600_000)
    await work()
    expect(asked('inspection')).toHaveLength(3)
  })

  test('that Google refuses for one page are unknown; a spent quota ends them and nothing else', async () => {
    const pages = Array.from({ length: 30 }, (_, n) => page(`https://shop.example/gone/${n}`, 5))
    await remember(pages)
    await connect({ config: { inspectionsPerDay: 2_000 } })
    google.misbehave('inspection', 'garbage', 'retry_later')
    await settle()
    const all = await world.journal.read(orgId, (sql) => inspectionsByUrl(sql, siteId, { since: new Date(0), each: 5 }))
    for (const each of all.values()) expect(each.map(({ verdict }) => verdict)).toEqual(['unknown'])
    expect(await source()).toMatchObject({ state: 'active', lastError: null })
    expect(await state()).toMatchObject({ finalThrough: '2026-03-17' })
  })
})

test('Google’s days are Pacific', () => {
  expect(pacificDay(new Date('2026-03-20T06:59:00Z'))).toBe('2026-03-19')
  expect(pacificDay(new Date('2026-01-20T07:59:00Z'))).toBe('2026-01-19')
  expect(addDays('2026-03-08', 1)).toBe('2026-03-09')
})
