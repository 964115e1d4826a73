import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { readRegistration } from '@tocsin/domain/registrations/registrations.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createRdapServer, type RdapMisbehaviour, type RdapServer } from '@tocsin/testkit/outside/rdap'
import { domainExpiry } from '../../rules/domain-expiry.ts'
import type { Connection, Fetched } from '../source.ts'
import { createSourceOutbound } from '../source-outbound.ts'
import { SourceUrlsEnv } from '../urls.ts'
import { rdap } from './adapter.ts'

const siteUrl = 'https://www.shop.example/'
let world: TestFoundation
let server: RdapServer
let orgId: OrgId
let siteId: SiteId
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: siteUrl })))).id
  server = await createRdapServer()
})
afterEach(async () => {
  await server.close()
  await world.close()
})

function deps() {
  const urls = SourceUrlsEnv.parse({ RDAP_URL: server.url })
  const read: Parameters<typeof rdap.fetch>[0]['read'] = (org, query) => world.journal.read(org, query)
  return { ...world, urls, outbound: createSourceOutbound(urls, []), userAgent: 'Test', anomalies: [], read }
}
const connection = (more: Partial<Connection<'rdap'>> = {}): Connection<'rdap'> => ({
  orgId,
  siteId,
  siteUrl,
  config: { requestsPerDay: 100 },
  credentials: null,
  state: {},
  requestsLeft: 100,
  now: world.clock.now(),
  ...more,
})
const fetch = (more: Partial<Connection<'rdap'>> = {}, signal = new AbortController().signal) =>
  rdap.fetch(deps(), connection(more), signal)
const record = async (fetched: Fetched) => {
  if (fetched.ok) await world.change(orgId, (change) => fetched.record(change))
}
const inDays = (days: number) => new Date(world.clock.now().getTime() + days * 86_400_000).toISOString()
const assess = (watched: string[] = []) =>
  world.journal.read(orgId, (sql) =>
    domainExpiry.assess(sql, {
      site: { id: siteId, url: siteUrl },
      now: world.clock.now(),
      watched: new Map(watched.map((domain) => [`domain.expiry ${domain}`, 'open'])),
      config: defaultConfigs,
    }),
  )

test('a registration that ends soon is asked for twice, ten minutes apart; renewed, it is over when two answers say so', async () => {
  server.set('shop.example', { expiresAt: inDays(5) })
  const first = await fetch()
  expect(first).toMatchObject({ ok: true, requestsUsed: 2, nextAt: new Date(world.clock.now().getTime() + 600_000) })
  expect(server.requests).toEqual(['/domain/shop.example', '/registry/domain/shop.example'])
  await record(first)
  expect(await assess()).toEqual([])
  world.clock.advance(600_000)
  const second = await fetch({ state: first.ok ? first.state : {} })
  expect(second).toMatchObject({ ok: true, nextAt: null })
  await record(second)
  expect(await assess()).toMatchObject([{ subject: 'shop.example', level: 'bad', severity: 'critical' }])

  server.set('shop.example', { expiresAt: inDays(370) })
  const third = await fetch({ state: second.ok ? second.state : {} })
  await record(third)
  expect(await assess(['shop.example'])).toMatchObject([{ level: 'unknown' }])
  world.clock.advance(600_000)
  await record(await fetch({ state: third.ok ? third.state : {} }))
  expect(await assess(['shop.example'])).toMatchObject([{ level: 'ok' }])
})

test('what has been given up can be bought back for a while', async () => {
  server.set('shop.example', { expiresAt: inDays(360), status: ['redemption period'] })
  await record(await fetch())
  world.clock.advance(600_000)
  await record(await fetch())
  expect(await assess()).toMatchObject([
    { level: 'bad', severity: 'critical', title: 'Domain registration has ended: shop.example' },
  ])
})

test.each<{ is: RdapMisbehaviour; reason: string }>([
  { is: 'quota', reason: 'quota' },
  { is: 'forbidden', reason: 'forbidden' },
  { is: 'server_error', reason: 'unavailable' },
  { is: 'html', reason: 'bad_answer' },
  { is: 'garbage', reason: 'bad_answer' },
  { is: 'other', reason: 'bad_answer' },
  { is: 'nowhere', reason: 'bad_answer' },
])('$is is $reason: nothing is recorded, and nobody is told', async ({ is, reason }) => {
  server.set('shop.example', { expiresAt: inDays(1) })
  server.misbehave(is, is)
  const fetched = await fetch()
  expect(fetched).toMatchObject({ ok: false, reason })
  expect(await rdap.test(deps(), connection(), new AbortController().signal)).toMatchObject({ ok: false, reason })
  if (is === 'quota') expect(fetched).toMatchObject({ retryAt: new Date(world.clock.now().getTime() + 120_000) })
  await record(fetched)
  expect(await world.journal.read(orgId, (sql) => readRegistration(sql, siteId))).toBeNull()
  expect(await assess(['shop.example'])).toMatchObject([{ level: 'unknown' }])
})

test('redirects that do not end are ended', async () => {
  server.misbehave(...Array<RdapMisbehaviour>(9).fill('endless'))
  expect(await fetch()).toMatchObject({ ok: false, reason: 'bad_answer', requestsUsed: 6 })
})

test('a domain that no registry answers for, and a registry that does not say when it ends', async () => {
  expect(await fetch()).toMatchObject({ ok: false, reason: 'not_found' })
  server.misbehave('partial', 'partial')
  await record(await fetch())
  await record(await fetch())
  expect(await assess(['shop.example'])).toMatchObject([{ level: 'unknown' }])
})

test('an answer that never ends is ended with the fetch', async () => {
  server.misbehave('slow')
  expect(await fetch({}, AbortSignal.timeout(300))).toMatchObject({ ok: false, reason: 'unavailable' })
})

test('an address has no registration, and nobody is asked', async () => {
  expect(await fetch({ siteUrl: 'http://127.0.0.1:8080/' })).toMatchObject({ ok: false, reason: 'not_found', requestsUsed: 0 })
  expect(server.requests).toEqual([])
})
