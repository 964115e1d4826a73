import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { startScan } from '@tocsin/domain/scans/scans'
import { getScan } from '@tocsin/domain/scans/scans.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { type BreakableSite, createBreakableSite } from '@tocsin/testkit/breakable-site'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createShiftedClock } from '@tocsin/testkit/shifted-clock'
import { DetectorEnv } from './env.ts'
import { lookPass } from './look-pass.ts'
import { type Outside, openOutside } from './outside.ts'
import { registry } from './rules/registry.ts'
import type { Rule } from './rules/verdict.ts'
import { scanPass } from './scan-pass.ts'

const never = new AbortController().signal
let world: TestFoundation
let orgId: OrgId
let outside: Outside
beforeAll(async () => {
  world = await openTestFoundation(createShiftedClock())
  outside = openOutside(world, DetectorEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' }))
})
// An org of its own: the system may give a later site the port of an earlier one.
beforeEach(async () => {
  orgId = await world.newOrg()
})
afterAll(async () => {
  await outside.close()
  await world.close()
})

/** These sites are known to nobody outside. */
const refreshSources = async () => {}
const deps = () => ({ ...world, ...outside, registry, refreshSources })
async function scan(siteId: SiteId) {
  const { id } = await world.change(orgId, (change) => startScan(change, { siteId, trigger: 'manual' }))
  await scanPass(deps(), never)
  return world.journal.read(orgId, (sql) => getScan(sql, id))
}
async function lookAfter(seconds: number): Promise<void> {
  world.clock.advance(seconds * 1000)
  while ((await lookPass(deps(), never)) === 'worked');
}
const openThreats = async (siteId: SiteId) =>
  (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100, siteId, state: 'active' }))).data.map(
    ({ rule, subject }) => `${rule} ${subject}`,
  )

async function withSite(work: (site: BreakableSite, siteId: SiteId) => Promise<void>): Promise<void> {
  const site = await createBreakableSite()
  try {
    const { id } = await world.change(orgId, (change) =>
      createSite(change, SiteInput.parse({ url: site.url, connections: 10, confirmation: { firstSeconds: 60 } })),
    )
    expect(await scan(id)).toMatchObject({ state: 'completed', complete: true, baseline: true, suspected: 0 })
    await work(site, id)
  } finally {
    await site.close()
  }
}

/** Rules that were told once and were over once, each in a test of its own. */
const proven = new Set<string>()

/** Nothing was told twice, nothing else was told, and all of it is over. */
async function expectEachOnce(siteId: SiteId, told: readonly string[]): Promise<void> {
  const { data } = await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100, siteId, state: 'resolved' }))
  expect(data.map(({ rule, subject }) => `${rule} ${subject}`).toSorted()).toEqual(told.toSorted())
}

type Switch = Parameters<BreakableSite['flip']>[0]

describe('a site that breaks, and is repaired', () => {
  test.each<[Switch, string[]]>([
    ['robots_block', ['idx.robots_block disallow: /', 'idx.robots_changed HOST']],
    ['robots_unreachable', ['idx.robots_unreachable HOST']],
    ['robots_changed', ['idx.robots_changed HOST']],
    ['noindex_page', ['idx.noindex SITEproducts/lamp']],
    ['noindex_template', ['idx.noindex SITEproducts/{slug}']],
    ['error_500_page', ['http.5xx SITEjournal/oak']],
    ['not_found_page', ['http.404_new SITEproducts/clock', 'link.broken SITEproducts/clock']],
    ['redirect_loop', ['redirect.loop SITEjournal/light']],
    ['redirect_chain', ['redirect.chain SITEabout']],
    ['error_500_all', ['http.5xx SITE']],
    ['broken_link', ['link.broken SITEproducts/stool']],
    [
      'headers_dropped',
      ['content-security-policy', 'referrer-policy', 'x-content-type-options', 'x-frame-options'].map(
        (header) => `hdr.regress HOST:${header}`,
      ),
    ],
    ['soft_404', ['soft404 SITEproducts/{slug}']],
    ['pages_lost', ['crawl.fail HOST']],
    ['noindex_blocked', ['idx.conflict SITEjournal/{slug}', 'idx.noindex SITEjournal/care', 'idx.robots_changed HOST']],
    ['hreflang_no_return', ['idx.hreflang SITEabout']],
    ['sitemap_unreadable', ['idx.sitemap SITEsitemap.xml:unparseable']],
    ['sitemap_404', ['idx.sitemap SITEsitemap.xml:gone']],
    ['canonical_404', ['idx.canonical SITEjournal/care']],
    ['script_injected', ['script.injected a61bf9c7839804d783ec1c0f']],
    ['library_vulnerable', ['lib.vuln jquery@1.8.3']],
    ['spam_hidden', ['spam.hidden SITEjournal/{slug}']],
    ['spam_cloaked', ['spam.cloak SITE']],
    ['script_tampered', ['script.injected SITEsite.js']],
  ])('%s', async (name, expected) => {
    await withSite(async (site, siteId) => {
      const told = expected.map((each) => each.replace('SITE', site.url).replace('HOST', new URL(site.url).host))
      site.flip(name, true)
      await scan(siteId)
      expect(await openThreats(siteId)).toEqual([])
      await lookAfter(60)
      expect(new Set(await openThreats(siteId))).toEqual(new Set(told))
      site.flip(name, false)
      await scan(siteId)
      // What no link leads to any more was not in the scan, so it is looked at by itself, twice.
      await lookAfter(0)
      await lookAfter(600)
      // What only a whole crawl can tell waits for the next one.
      await scan(siteId)
      expect(await openThreats(siteId)).toEqual([])
      await expectEachOnce(siteId, told)
      for (const each of told) proven.add(each.split(' ')[0] ?? '')
    })
  })

  test('script_new_host: in every template, and only when two scans have seen it', async () => {
    await withSite(async (site, siteId) => {
      site.flip('script_new_host', true)
      await scan(siteId)
      await lookAfter(60)
      expect(await openThreats(siteId)).toEqual([])
      await scan(siteId)
      await lookAfter(60)
      const told = await openThreats(siteId)
      expect(told).toEqual([expect.stringMatching(/^script\.newhost /)])
      site.flip('script_new_host', false)
      await scan(siteId)
      await lookAfter(600)
      await scan(siteId)
      expect(await openThreats(siteId)).toEqual([])
      await expectEachOnce(siteId, told)
      proven.add('script.newhost')
    })
  })

  test('every rule about what a crawl sees has its turn here, but for those whose faults need certificates', () => {
    const rules: readonly Rule[] = Object.values(registry)
    const ofCrawls = rules.filter(({ scope }) => scope !== 'data').map(({ spec }) => spec.id)
    // Those of https are told in probes/tls.int and in the tables of their rules.
    expect(ofCrawls.filter((id) => !proven.has(id)).toSorted()).toEqual(['mixed', 'tls.expiry', 'tls.invalid'])
  })
})

test('a site that is broken for a moment only has no threat', async () => {
  await withSite(async (site, siteId) => {
    site.flip('error_500_page', true)
    expect(await scan(siteId)).toMatchObject({ suspected: 1 })
    site.flip('error_500_page', false)
    await lookAfter(60)
    await lookAfter(600)
    expect(await openThreats(siteId)).toEqual([])
  })
})

test('a site that goes down is unreachable, and its home page a threat', async () => {
  const site = await createBreakableSite()
  const { id } = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: site.url })))
  await scan(id)
  await site.close()
  expect(await scan(id)).toMatchObject({ state: 'failed', failure: 'unreachable' })
  await lookAfter(60)
  expect(await openThreats(id)).toEqual([`http.5xx ${site.url}`])
})

test('an address in a private network is not looked at', async () => {
  const guarded = openOutside(world, DetectorEnv.parse({}))
  const site = await createBreakableSite()
  const { id } = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: site.url })))
  const { id: scanId } = await world.change(orgId, (change) => startScan(change, { siteId: id, trigger: 'manual' }))
  await scanPass({ ...world, ...guarded, registry, refreshSources }, never)
  expect(await world.journal.read(orgId, (sql) => getScan(sql, scanId))).toMatchObject({
    state: 'failed',
    failure: 'blocked_address',
  })
  expect(site.requests()).toEqual([])
  await site.close()
  await guarded.close()
})
