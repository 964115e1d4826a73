import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { rememberExternalLinks } from '@tocsin/domain/external-links/external-links'
import { rememberSite } from '@tocsin/domain/scans/memory'
import { createSite } from '@tocsin/domain/sites/sites'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import type { Misbehaviour } from '@tocsin/testkit/outside/answering'
import { createCtServer } from '@tocsin/testkit/outside/ct'
import { createSafeBrowsingServer } from '@tocsin/testkit/outside/safe-browsing'
import { createWebRiskServer } from '@tocsin/testkit/outside/web-risk'
import { ctUnexpected } from '../rules/ct-unexpected.ts'
import { malBlocklisted } from '../rules/mal-blocklisted.ts'
import { emptySiteMemory } from '../rules/site-memory.ts'
import { ct, issuerOf } from './ct/adapter.ts'
import { safeBrowsing } from './safe-browsing/adapter.ts'
import type { Fetched } from './source.ts'
import { createSourceOutbound } from './source-outbound.ts'
import { SourceUrlsEnv } from './urls.ts'
import { webRisk } from './web-risk/adapter.ts'

const siteUrl = 'https://www.shop.example/'
const dayMs = 86_400_000
let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
const open: { close(): Promise<void> }[] = []
const opened = <Server extends { close(): Promise<void> }>(server: Server): Server => {
  open.push(server)
  return server
}
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: siteUrl })))).id
})
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
  await world.close()
})

function deps(env: Record<string, string>) {
  const urls = SourceUrlsEnv.parse(env)
  const outbound = opened(createSourceOutbound(urls, []))
  const read: Parameters<typeof ct.fetch>[0]['read'] = (org, query) => world.journal.read(org, query)
  return { ...world, urls, outbound, userAgent: 'Test', anomalies: [], read }
}
const about = (state: unknown = {}) => ({
  orgId,
  siteId,
  siteUrl,
  config: { requestsPerDay: 1_000 },
  state,
  requestsLeft: 1_000,
  now: world.clock.now(),
})
const key = { apiKey: 'a-key-for-tests' }
const signal = new AbortController().signal
const record = async (fetched: Fetched): Promise<object> => {
  if (!fetched.ok) throw new Error(fetched.detail)
  await world.change(orgId, (change) => fetched.record(change))
  return fetched.state
}
const data = (watched: string[] = []) => ({
  site: { id: siteId, url: siteUrl },
  now: world.clock.now(),
  watched: new Map(watched.map((each) => [each, 'open' as const])),
  config: defaultConfigs,
})
const listings = (watched: string[] = []) =>
  world.journal
    .read(orgId, (sql) => malBlocklisted.assess(sql, data(watched)))
    .then((verdicts) => verdicts.map(({ subject, level }) => `${level} ${subject}`))
const runs = (...hosts: string[]) =>
  world.change(orgId, (change) => {
    const known = Object.fromEntries(hosts.map((host) => [host, world.clock.now().toISOString()]))
    const running = { hosts: known, hashes: [], pending: {}, hiddenLinks: [], terms: [] }
    return rememberSite(change, { siteId, memory: { ...emptySiteMemory, running } })
  })

describe('Safe Browsing', () => {
  test('names a host of ours; its answers hold as long as it says, also that something is not listed; clean twice is over', async () => {
    const server = opened(await createSafeBrowsingServer())
    const own = deps({ SAFE_BROWSING_URL: server.url })
    await runs('widget.example', 'other.example')
    server.list('widget.example', 'MALWARE')
    server.cacheFor('600s')
    const fetch = (state: unknown) => safeBrowsing.fetch(own, { ...about(state), credentials: key }, signal)
    const first = await fetch({})
    expect(first).toMatchObject({ ok: true, requestsUsed: 1, nextAt: new Date(world.clock.now().getTime() + 600_000) })
    expect(server.requests).toEqual(['/v5/urls:search?urls=www.shop.example%2F&urls=other.example%2F&urls=widget.example%2F'])
    const state = await record(first)
    expect(await listings()).toEqual(['bad widget.example:MALWARE'])

    world.clock.advance(300_000)
    const early = await fetch(state)
    expect(early).toMatchObject({ ok: true, requestsUsed: 0 })
    expect(await listings()).toEqual(['bad widget.example:MALWARE'])

    server.list('widget.example')
    const watched = ['mal.blocklisted widget.example:MALWARE']
    world.clock.advance(301_000)
    const clean = await record(await fetch(await record(early)))
    expect(await listings(watched)).toEqual(['unknown widget.example:MALWARE'])
    world.clock.advance(601_000)
    await record(await fetch(clean))
    expect(await listings(watched)).toEqual(['ok widget.example:MALWARE'])
  })

  test('is asked for what the site links to, fifty at a time and the most linked first; a link that is removed is repaired', async () => {
    const server = opened(await createSafeBrowsingServer())
    const own = deps({ SAFE_BROWSING_URL: server.url })
    const link = (host: string, inlinks = 1) => ({ url: `https://${host}/a`, sources: [siteUrl], inlinks })
    const many = Array.from({ length: 60 }, (_, n) => link(`many${n + 10}.example`))
    const links = (...hosts: ReturnType<typeof link>[]) =>
      world.change(orgId, (change) =>
        rememberExternalLinks(change, { siteId, links: [...many, link('127.0.0.1'), ...hosts], whole: true, baseline: true }),
      )
    await links(link('evil.example', 9))
    server.list('evil.example', 'MALWARE')
    const fetch = (state: unknown) => safeBrowsing.fetch(own, { ...about(state), credentials: key }, signal)
    const state = await record(await fetch({}))
    expect(server.requests[0]).toContain('?urls=www.shop.example%2F&urls=evil.example%2F&urls=many10.example%2F')
    expect(server.requests[0]?.match(/urls=/g)).toHaveLength(50)
    expect(await listings()).toEqual(['bad evil.example:MALWARE'])
    let next = await record(await fetch(state))
    expect(server.requests[1]?.match(/urls=/g)).toHaveLength(12)

    for (const expected of ['unknown', 'ok']) {
      world.clock.advance(dayMs)
      await links()
      next = await record(await fetch(next))
      expect(await listings(['mal.blocklisted evil.example:MALWARE'])).toEqual([`${expected} evil.example:MALWARE`])
    }
  })

  test.each<[Misbehaviour, string]>([
    ['quota', 'quota'],
    ['credentials', 'credentials'],
    ['forbidden', 'forbidden'],
    ['server_error', 'unavailable'],
    ['html', 'bad_answer'],
    ['garbage', 'bad_answer'],
    ['partial', 'bad_answer'],
  ])('%s is a fault, and nothing is recorded', async (misbehaviour, reason) => {
    const server = opened(await createSafeBrowsingServer())
    server.misbehave(misbehaviour, misbehaviour)
    const own = deps({ SAFE_BROWSING_URL: server.url })
    const connection = { ...about(), credentials: key }
    expect(await safeBrowsing.fetch(own, connection, signal)).toMatchObject({ ok: false, reason })
    expect(await safeBrowsing.test(own, connection, signal)).toMatchObject({ ok: false, reason })
    expect(await safeBrowsing.test(own, connection, signal)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('is not listed'),
    })
  })

  test('what never ends is given up', async () => {
    const server = opened(await createSafeBrowsingServer())
    server.misbehave('slow')
    const connection = { ...about(), credentials: key }
    const fetched = await safeBrowsing.fetch(deps({ SAFE_BROWSING_URL: server.url }), connection, AbortSignal.timeout(300))
    expect(fetched).toMatchObject({ ok: false, reason: 'unavailable' })
  })
})

describe('Web Risk', () => {
  test('is asked for one host at a time; a listing is not asked for again before it ends', async () => {
    const server = opened(await createWebRiskServer())
    const own = deps({ WEB_RISK_URL: server.url })
    await runs('widget.example')
    const end = new Date(world.clock.now().getTime() + dayMs).toISOString()
    server.list('www.shop.example', end, 'SOCIAL_ENGINEERING')
    const fetch = (state: unknown) => webRisk.fetch(own, { ...about(state), credentials: key }, signal)
    const state = await record(await fetch({}))
    expect(server.requests).toHaveLength(2)
    expect(await listings()).toEqual(['bad www.shop.example:SOCIAL_ENGINEERING'])
    world.clock.advance(6 * 3_600_000)
    await record(await fetch(state))
    expect(server.requests).toHaveLength(3)
    expect(await listings()).toEqual(['bad www.shop.example:SOCIAL_ENGINEERING'])
  })
  test.each<[Misbehaviour, string]>([
    ['quota', 'quota'],
    ['garbage', 'bad_answer'],
    ['partial', 'bad_answer'],
    ['server_error', 'unavailable'],
  ])('%s is a fault', async (misbehaviour, reason) => {
    const server = opened(await createWebRiskServer())
    server.misbehave(misbehaviour)
    expect(await webRisk.fetch(deps({ WEB_RISK_URL: server.url }), { ...about(), credentials: key }, signal)).toMatchObject({
      ok: false,
      reason,
    })
  })
})

describe('certificate transparency', () => {
  const time = (days: number) => new Date(world.clock.now().getTime() + days * dayMs).toISOString().slice(0, 19)
  const assess = () =>
    world.journal
      .read(orgId, (sql) => ctUnexpected.assess(sql, data()))
      .then((verdicts) => verdicts.map(({ subject, level }) => `${level} ${subject}`))

  test('a certificate from a new issuer is told after the issuers are learned, each certificate once', async () => {
    const server = opened(await createCtServer())
    const own = deps({ CT_URL: server.url })
    const fetch = () => ct.fetch(own, { ...about(), credentials: null }, signal)
    server.log({ issuer: 'C=US, O=Acme Trust, CN=R3', names: ['shop.example', '*.shop.example'], notBefore: time(-100) })
    server.log({ issuer: 'C=US, O="Fresh, Inc.", CN=F1', names: ['shop.example'], notBefore: time(-1) })
    await record(await fetch())
    expect(server.requests).toEqual(['/?q=shop.example&output=json&exclude=expired&deduplicate=Y'])
    expect(await assess()).toEqual([])
    world.clock.advance(35 * dayMs)
    server.log({ issuer: 'C=XX, O=Other CA', names: ['shop.example'], notBefore: time(-1) })
    await record(await fetch())
    expect(await assess()).toEqual(['bad Other CA:shop.example'])
    world.clock.advance(35 * dayMs)
    expect(await assess()).toEqual([])
  })

  test.each<[Misbehaviour, string]>([
    ['quota', 'quota'],
    ['server_error', 'unavailable'],
    ['html', 'bad_answer'],
    ['garbage', 'bad_answer'],
    ['partial', 'bad_answer'],
  ])('%s is a fault', async (misbehaviour, reason) => {
    const server = opened(await createCtServer())
    server.misbehave(misbehaviour)
    expect(await ct.fetch(deps({ CT_URL: server.url }), { ...about(), credentials: null }, signal)).toMatchObject({
      ok: false,
      reason,
    })
  })

  test.each([
    ["C=US, O=Let's Encrypt, CN=R3", "Let's Encrypt"],
    ['C=US, O="Acme, Inc.", CN=A', 'Acme, Inc.'],
    ['CN=Only A Name', 'Only A Name'],
  ])('%s is %s', (name, issuer) => expect(issuerOf(name)).toBe(issuer))
})
