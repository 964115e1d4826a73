import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { KeywordInput } from '@tocsin/contract/api/keywords'
import { SiteInput } from '@tocsin/contract/api/sites'
import { SourceInput } from '@tocsin/contract/api/sources'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { createCompetitor } from '@tocsin/domain/competitors/competitors'
import { putKeywords } from '@tocsin/domain/keywords/keywords'
import { createSite, setBaseline } from '@tocsin/domain/sites/sites'
import { createSource } from '@tocsin/domain/sources/sources'
import { listSources } from '@tocsin/domain/sources/sources.read'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createCruxServer } from '@tocsin/testkit/outside/crux'
import { createCtServer } from '@tocsin/testkit/outside/ct'
import { createGoogleServer } from '@tocsin/testkit/outside/google'
import { createRdapServer } from '@tocsin/testkit/outside/rdap'
import { createSafeBrowsingServer } from '@tocsin/testkit/outside/safe-browsing'
import { createSerpApiServer } from '@tocsin/testkit/outside/serpapi'
import { createSerperServer } from '@tocsin/testkit/outside/serper'
import { createWebRiskServer } from '@tocsin/testkit/outside/web-risk'
import { automaticSourcesPass } from './automatic-sources-pass.ts'
import { dataPass } from './data-pass.ts'
import { addDays, daysFrom, pacificDay } from './judges/pacific.ts'
import { registry } from './rules/registry.ts'
import { sourcePass } from './source-pass.ts'
import { sourceRegistry } from './sources/registry.ts'
import { createSourceOutbound } from './sources/source-outbound.ts'
import { SourceUrlsEnv } from './sources/urls.ts'

const never = new AbortController().signal
const box = createSecretBox('a secret that only tests may know, 32+', 'source')
const dayMs = 86_400_000
const key = 'a-key-of-the-test'
const property = 'sc-domain:shop.co.uk'
const phrases = Array.from({ length: 6 }, (_, n) => `chair ${n}`)

type Outage = 'server_error' | 'quota' | 'garbage' | 'html'
/** As many answers as a day asks for, and more. */
const answersMax = 200

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
let providers: Awaited<ReturnType<typeof openProviders>>
beforeEach(async () => {
  world = await openTestFoundation(createHandSetClock(new Date('2026-10-20T18:00:00.000Z')))
  providers = await openProviders()
  orgId = await world.newOrg()
  siteId = await setUp()
})
afterEach(async () => {
  await providers.close()
  await world.close()
})

const today = () => pacificDay(world.clock.now())
/** We are third for everything, the rival tenth. */
const results = (phrase: string) =>
  Array.from({ length: 100 }, (_, n) =>
    n === 2
      ? `https://shop.co.uk/${phrase}`
      : n === 9
        ? `https://rival.example/${phrase}`
        : `https://stranger-${n}.example/${phrase}`,
  )
const searches = () =>
  phrases.map((query) => ({ query, page: 'https://shop.co.uk/chairs', clicks: 20, impressions: 200, position: 3 }))
/** Of every Monday, a few days late. */
const periods = () =>
  Array.from({ length: 12 }, (_, n) => {
    const monday = Math.floor((world.clock.now().getTime() / dayMs - 4) / 7) * 7 + 4
    const lastDay = new Date((monday - 3 - 7 * (11 - n)) * dayMs).toISOString().slice(0, 10)
    return { lastDay, lcp: 2_300, inp: 150, cls: 0.05, good: 0.8 }
  })

/** Every provider there is, each of which can go out by itself. */
async function openProviders() {
  const google = await createGoogleServer({
    property,
    refreshToken: 'refresh-token',
    days: () => new Map(daysFrom(addDays(today(), -60), addDays(today(), -3)).map((day) => [day, searches()])),
    inspection: (url) => ({
      inspectionResult: { indexStatusResult: { verdict: 'PASS', googleCanonical: url, userCanonical: url } },
    }),
  })
  const crux = await createCruxServer({ key, periods })
  const serper = await createSerperServer({ key, results: ({ q }) => results(q) })
  const serpapi = await createSerpApiServer({ key, results: ({ q }) => results(q ?? '') })
  const [safeBrowsing, webRisk] = [await createSafeBrowsingServer(), await createWebRiskServer()]
  const [ct, rdap] = [await createCtServer(), await createRdapServer()]
  ct.log({ issuer: 'C=US, O=Acme Trust, CN=R3', names: ['shop.co.uk'], notBefore: '2026-09-01T00:00:00' })
  rdap.set('shop.co.uk', { expiresAt: '2028-01-01T00:00:00Z' })
  const plain = [safeBrowsing, webRisk, ct, rdap]
  const all = [google, crux, serper, serpapi, ...plain]
  return {
    urls: SourceUrlsEnv.parse({
      GSC_URL: google.url,
      GSC_TOKEN_URL: google.tokenUrl,
      SERPER_URL: serper.url,
      SERPAPI_URL: serpapi.url,
      CRUX_URL: crux.url,
      SAFE_BROWSING_URL: safeBrowsing.url,
      WEB_RISK_URL: webRisk.url,
      CT_URL: ct.url,
      RDAP_URL: rdap.url,
    }),
    asked: () => all.map(({ requests }) => requests.length),
    goOut(outage: Outage) {
      const many = <Name>(name: Name) => Array<Name>(answersMax).fill(name)
      for (const each of plain) each.misbehave(...many(outage))
      crux.misbehave(...many(outage))
      serper.misbehave(...many(outage))
      serpapi.misbehave(...many(outage === 'quota' ? ('no_searches' as const) : outage))
      for (const endpoint of ['token', 'analytics', 'inspection'] as const) google.misbehave(endpoint, ...many(outage))
    },
    async close() {
      await Promise.all(all.map((each) => each.close()))
    },
  }
}

async function setUp(): Promise<SiteId> {
  const apiKey = { apiKey: key }
  const oauth = { type: 'oauth', clientId: 'client-id', clientSecret: 'client-secret', refreshToken: 'refresh-token' }
  const sources = [
    { kind: 'search_console', config: { property, inspectionsPerDay: 5 }, credentials: oauth },
    { kind: 'serper', config: { depth: 100 }, credentials: apiKey },
    { kind: 'serpapi', config: { depth: 100 }, credentials: apiKey },
    { kind: 'crux', config: {}, credentials: apiKey },
    { kind: 'safe_browsing', config: {}, credentials: apiKey },
    { kind: 'web_risk', config: {}, credentials: apiKey },
  ]
  const id = await world.change(orgId, async (change) => {
    const site = await createSite(change, SiteInput.parse({ url: 'https://shop.co.uk/' }))
    await setBaseline(change, { siteId: site.id })
    await createCompetitor(change, { siteId: site.id, domain: 'rival.example' })
    const keywords = phrases.map((phrase) => KeywordInput.parse({ phrase, country: 'US', language: 'en' }))
    await putKeywords(change, { siteId: site.id, keywords })
    for (const each of sources) await createSource(change, { siteId: site.id, input: SourceInput.parse(each), box })
    return site.id
  })
  await automaticSourcesPass({ ...world, sourceBox: box })
  return id
}

const sources = async () => (await world.journal.read(orgId, (sql) => listSources(sql, { siteId, limit: 20 }))).data
const threats = async () => (await world.journal.read(orgId, (sql) => listThreats(sql, { siteId, limit: 200 }))).data

/** A day: every four hours whatever is due is asked and judged. */
async function live(days: number): Promise<void> {
  const outbound = createSourceOutbound(providers.urls, [])
  const asking = { outbound, urls: providers.urls, userAgent: 'Test', anomalies: [] }
  const deps = { ...world, sources: asking, sourceBox: box, sourceRegistry, registry }
  for (let step = 0; step < 6 * days; step += 1) {
    for (let fetches = 0; fetches < 5 && (await sourcePass(deps, never)) === 'worked'; fetches += 1);
    while ((await dataPass(deps, never)) === 'worked');
    world.clock.advance(dayMs / 6)
  }
  await outbound.close()
}

test.each<Outage>(['server_error', 'quota', 'garbage', 'html'])(
  'every provider answers %s for three days, with good days before and after: no threat, and it is said what is wrong',
  async (outage) => {
    await live(7)
    expect((await sources()).map(({ kind, lastError }) => [kind, lastError])).toEqual(
      expect.arrayContaining([...Object.keys(sourceRegistry)].map((kind) => [kind, null])),
    )
    const before = providers.asked()
    providers.goOut(outage)
    await live(3)
    expect(providers.asked().every((count, n) => count > (before[n] ?? 0))).toBe(true)
    const failing = (await sources()).filter(({ lastError }) => lastError !== null)
    expect(failing.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(sourceRegistry).toSorted())
    expect(await threats()).toEqual([])
    await providers.close()
    providers = await openProviders()
    await live(4)
    expect((await sources()).filter(({ lastError }) => lastError !== null)).toEqual([])
    expect(await threats()).toEqual([])
  },
  180_000,
)
