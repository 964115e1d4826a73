import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { SourceInput } from '@tocsin/contract/api/sources'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { searchConsoleState } from '@tocsin/domain/search-console/search-console.read'
import { createSite, setBaseline } from '@tocsin/domain/sites/sites'
import { createSource } from '@tocsin/domain/sources/sources'
import { listSources } from '@tocsin/domain/sources/sources.read'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createGoogleServer, type GoogleMisbehaviour, type GoogleRow, type GoogleServer } from '@tocsin/testkit/outside/google'
import { createSearches, dayNumber } from '@tocsin/testkit/simulated-search'
import { dataPass } from '../data-pass.ts'
import { addDays } from '../judges/pacific.ts'
import { sourcePass } from '../source-pass.ts'
import { searchConsole } from '../sources/search-console/adapter.ts'
import { createSourceOutbound } from '../sources/source-outbound.ts'
import { SourceUrlsEnv } from '../sources/urls.ts'
import { registry } from './registry.ts'

const never = new AbortController().signal
const box = createSecretBox('a secret that only tests may know, 32+', 'source')
const property = 'sc-domain:shop.example'
/** Days that are there when the month begins. */
const history = 45

const days = new Map<string, GoogleRow[]>()
const hours = new Map<string, GoogleRow[]>()
const searches = createSearches(2026, 100)
/** Noon in California of the day that is running. */
const clock = createHandSetClock(new Date(`${dayNumber(history)}T20:00:00.000Z`))
let today = history
let world: TestFoundation
let google: GoogleServer
let orgId: OrgId
let siteId: SiteId

beforeAll(async () => {
  world = await openTestFoundation(clock)
  google = await createGoogleServer({
    property,
    refreshToken: 'refresh-token',
    // Final three days ago.
    days: () => new Map([...days].filter(([day]) => day <= addDays(dayNumber(today), -3))),
    hours: () => ({ rows: recentHours(), firstIncompleteHour: `${dayNumber(today)}T09:00:00-08:00` }),
  })
  for (let n = 0; n <= history; n += 1) live(n)
  orgId = await world.newOrg()
  const config = { property, inspectionsPerDay: 0 }
  const credentials = { type: 'oauth', clientId: 'client-id', clientSecret: 'client-secret', refreshToken: 'refresh-token' }
  await world.change(orgId, async (change) => {
    siteId = (await createSite(change, SiteInput.parse({ url: 'https://shop.example/' }))).id
    await setBaseline(change, { siteId })
    await createSource(change, { siteId, input: SourceInput.parse({ kind: 'search_console', config, credentials }), box })
  })
})
afterAll(async () => {
  await google.close()
  await world.close()
})

function live(n: number): void {
  const { rows, hours: ofDay } = searches.day(dayNumber(n))
  days.set(dayNumber(n), rows)
  for (const [hour, each] of ofDay) hours.set(hour, each)
}
/** Google shows hours of ten days, those of the running day only as far as they have been counted, the last ones by half. */
function recentHours(): Map<string, GoogleRow[]> {
  const now = `${dayNumber(today)}T11`
  const shown = [...hours].filter(([hour]) => hour >= dayNumber(today - 9) && hour < now)
  return new Map(
    shown.map(([hour, rows]) => [
      hour,
      hour < `${dayNumber(today)}T09` ? rows : rows.slice(0, 5).map((row) => ({ ...row, position: row.position + 20 })),
    ]),
  )
}

async function fetchAndJudge(): Promise<void> {
  const urls = SourceUrlsEnv.parse({ GSC_URL: google.url, GSC_TOKEN_URL: google.tokenUrl })
  const sources = { outbound: createSourceOutbound(urls, []), urls, userAgent: 'Test', anomalies: [] }
  const deps = { ...world, sources, sourceBox: box, sourceRegistry: { search_console: searchConsole }, registry }
  await sourcePass(deps, never)
  await dataPass(deps, never)
}
async function settle(): Promise<void> {
  for (let fetches = 0; fetches < 15; fetches += 1) {
    await fetchAndJudge()
    const [source] = (await world.journal.read(orgId, (sql) => listSources(sql, { siteId, limit: 1 }))).data
    const waitMs = Date.parse(source?.nextFetchAt ?? '') - clock.now().getTime()
    if (waitMs > 20 * 60_000) return
    clock.advance(Math.max(waitMs, 1_000))
  }
}
async function nextDay(...misbehaviours: GoogleMisbehaviour[]): Promise<void> {
  today += 1
  live(today)
  clock.advance(Date.parse(`${dayNumber(today)}T20:00:00.000Z`) - clock.now().getTime())
  google.recover()
  google.misbehave('analytics', ...misbehaviours)
  await settle()
}
const threats = async () => (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100 }))).data
const named = async () => (await threats()).map(({ rule, subject, state }) => `${rule} ${subject} ${state}`)

test('a month of noise without a fault, with days on which Google answers nothing, little or nonsense: no threat', async () => {
  await settle()
  const outages: Record<number, GoogleMisbehaviour[]> = {
    5: Array<GoogleMisbehaviour>(15).fill('server_error'),
    6: Array<GoogleMisbehaviour>(15).fill('server_error'),
    11: ['ok', 'cut', 'ok', 'garbage'],
    12: ['html', 'quota'],
    17: ['ok', 'ok', 'rate_limit'],
    23: Array<GoogleMisbehaviour>(15).fill('garbage'),
  }
  for (let n = 1; n <= 30; n += 1) await nextDay(...(outages[n] ?? []))
  expect(await named()).toEqual([])
  const state = await world.journal.read(orgId, (sql) => searchConsoleState(sql, siteId))
  expect(state).toMatchObject({ finalThrough: dayNumber(history + 27) })
}, 120_000)

test('and then one query falls: it is told by the hour, and by the final figures, and nothing else is', async () => {
  const fallen = searches.fall(14)
  const told = new Set<string>()
  for (let n = 0; n < 12; n += 1) {
    await nextDay()
    for (const each of await named()) told.add(each)
  }
  expect([...told].filter((each) => !each.includes(`${fallen.query} `) && !each.includes(`${fallen.query}:`))).toEqual([])
  expect([...told]).toEqual(
    expect.arrayContaining([`rank.early ${fallen.query} active`, `rank.gsc ${fallen.query}:${fallen.page} active`]),
  )
}, 120_000)
