import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { createSite } from '@tocsin/domain/sites/sites'
import { cruxHistory } from '@tocsin/domain/vitals/crux.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { type CruxMisbehaviour, type CruxPeriod, type CruxServer, createCruxServer } from '@tocsin/testkit/outside/crux'
import type { Connection, Fetched } from '../source.ts'
import { createSourceOutbound } from '../source-outbound.ts'
import { SourceUrlsEnv } from '../urls.ts'
import { crux } from './adapter.ts'

const period: CruxPeriod = { lastDay: '2026-02-27', lcp: 2310, inp: 180, cls: 0.06, good: 0.82 }
const weeks = Array.from({ length: 10 }, (_, n) => ({
  ...period,
  lastDay: new Date(Date.parse('2026-02-21') - (9 - n) * 7 * 86_400_000).toISOString().slice(0, 10),
}))

let world: TestFoundation
let server: CruxServer
let orgId: OrgId
let siteId: SiteId
let keys = 0
let key = ''
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
  // A key of its own: what was asked within a minute counts for the whole process.
  keys += 1
  key = `key-of-the-test-${keys}`
  server = await createCruxServer({
    key,
    periods: (target, form) =>
      target === 'https://shop.example' ? (form === 'phone' ? [...weeks, period] : [period]) : form === 'phone' ? null : [period],
  })
})
afterEach(async () => {
  await server.close()
  await world.close()
})

function deps() {
  const urls = SourceUrlsEnv.parse({ CRUX_URL: server.url })
  const read: Parameters<typeof crux.fetch>[0]['read'] = (org, query) => world.journal.read(org, query)
  return { ...world, urls, outbound: createSourceOutbound(urls, []), userAgent: 'Test', anomalies: [], read }
}
const connection = (more: Partial<Connection<'crux'>> = {}): Connection<'crux'> => ({
  orgId,
  siteId,
  siteUrl: 'https://shop.example/',
  config: { requestsPerDay: 1_000 },
  credentials: { apiKey: key },
  state: {},
  requestsLeft: 100,
  now: world.clock.now(),
  ...more,
})
const fetch = (more: Partial<Connection<'crux'>> = {}, signal = new AbortController().signal) =>
  crux.fetch(deps(), connection(more), signal)
async function recorded(fetched: Fetched) {
  if (fetched.ok) await world.change(orgId, (change) => fetched.record(change))
  return world.journal.read(orgId, (sql) => cruxHistory(sql, siteId, new Date('2025-01-01')))
}

test('origin and home page, phones and desktops; the past once a week; a page with too few visits is unknown', async () => {
  const first = await fetch()
  expect(first).toMatchObject({ ok: true, requestsUsed: 7, nextAt: null })
  const records = await recorded(first)
  expect(
    records.filter(({ target, form, metric }) => `${form} ${metric} ${target}` === 'phone CLS https://shop.example'),
  ).toHaveLength(11)
  expect(records[0]).toMatchObject({ firstDay: '2026-01-31', lastDay: '2026-02-27', goodShare: 0.82, poorShare: 0.09 })
  expect(records.filter(({ metric }) => metric === 'CLS').map(({ p75 }) => p75)).toEqual(Array(13).fill(0.06))
  expect(records.some(({ target, form }) => target === 'https://shop.example/' && form === 'phone')).toBe(false)
  const state = first.ok ? first.state : {}
  expect(await fetch({ state })).toMatchObject({ ok: true, requestsUsed: 0 })
  const tomorrow = new Date(world.clock.now().getTime() + 86_400_000)
  expect(await fetch({ state, now: tomorrow })).toMatchObject({ ok: true, requestsUsed: 3 })
  const inAWeek = new Date(world.clock.now().getTime() + 7 * 86_400_000)
  expect(await fetch({ state, now: inAWeek })).toMatchObject({ ok: true, requestsUsed: 7 })
})

test.each<{ is: CruxMisbehaviour; reason: string }>([
  { is: 'invalid_key', reason: 'credentials' },
  { is: 'forbidden', reason: 'forbidden' },
  { is: 'quota', reason: 'quota' },
  { is: 'server_error', reason: 'unavailable' },
  { is: 'html', reason: 'bad_answer' },
  { is: 'garbage', reason: 'bad_answer' },
])('$is is $reason, and nothing is recorded', async ({ is, reason }) => {
  server.misbehave(is, is)
  const fetched = await fetch()
  expect(fetched).toMatchObject({ ok: false, reason, requestsUsed: 1 })
  expect(JSON.stringify(fetched)).not.toContain(key)
  expect(await crux.test(deps(), connection(), new AbortController().signal)).toMatchObject({ ok: false, reason })
  if (is === 'quota') expect(fetched).toMatchObject({ retryAt: new Date(world.clock.now().getTime() + 60_000) })
  expect(await recorded(fetched)).toEqual([])
})

test('what is missing is unknown, and the rest is recorded', async () => {
  server.misbehave('partial')
  const records = await recorded(await fetch())
  const today = records.filter(
    ({ lastDay, form, target }) => lastDay === '2026-02-27' && form === 'phone' && target.endsWith('example'),
  )
  expect(today.map(({ metric }) => metric).sort()).toEqual(['CLS', 'INP', 'LCP'])
})

test('a quota that ends in the middle keeps what was read, and the rest is read later', async () => {
  server.misbehave('ok', 'ok', 'quota')
  const fetched = await fetch()
  expect(fetched).toMatchObject({ ok: true, nextAt: new Date(world.clock.now().getTime() + 60_000) })
  expect((await recorded(fetched)).every(({ form }) => form === 'phone')).toBe(true)
  expect(await fetch({ state: fetched.ok ? fetched.state : {} })).toMatchObject({ ok: true, requestsUsed: 5 })
})

test('the budget of a day and of a minute hold', async () => {
  expect(await fetch({ requestsLeft: 3 })).toMatchObject({ ok: true, requestsUsed: 2, nextAt: expect.any(Date) })
  let asked = 0
  for (let n = 0; n < 40; n += 1) {
    const fetched = await fetch()
    asked += fetched.requestsUsed
  }
  expect(asked).toBeLessThanOrEqual(120)
})

test('an answer that never ends is ended with the fetch', async () => {
  server.misbehave('slow')
  expect(await fetch({}, AbortSignal.timeout(300))).toMatchObject({ ok: false, reason: 'unavailable' })
})

test('a key is good when the API answers, also about a site that it does not know', async () => {
  const answer = await crux.test(deps(), connection({ siteUrl: 'https://small.example/' }), new AbortController().signal)
  expect(answer).toMatchObject({ ok: true, detail: expect.stringContaining('too few visits') })
})
