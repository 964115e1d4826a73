import tls from 'node:tls'
import type { Scan } from '@tocsin/contract/api/scans'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { SiteId } from '@tocsin/contract/ids'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import { startScan } from '@tocsin/domain/scans/scans'
import { getScan } from '@tocsin/domain/scans/scans.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { type BreakableSite, createBreakableSite } from '@tocsin/testkit/breakable-site'
import { createShiftedClock } from '@tocsin/testkit/shifted-clock'
import { dataPass } from '../data-pass.ts'
import { DetectorEnv } from '../env.ts'
import { createHostPace, linkPass } from '../link-pass.ts'
import { lookPass } from '../look-pass.ts'
import { openOutside } from '../outside.ts'
import { registry } from '../rules/registry.ts'
import { scanPass } from '../scan-pass.ts'
import type { Life, Stage } from './life.ts'

const never = new AbortController().signal
/** The site is on the one; what it calls another host, on a machine that knows both, may be on the other. */
const loopback = '127.0.0.0/8,::1/128'

export interface CrawledSite {
  readonly site: BreakableSite
  readonly siteId: SiteId
  readonly scan: () => Promise<Scan>
  readonly lookAfter: (seconds: number) => Promise<void>
  /** A day in which links to other sites are checked as often as they are due. */
  readonly aDayOfLinks: () => Promise<void>
}

/** The breakable site, crawled once: whatever it has now is its baseline. */
export async function crawledSite(
  stage: Stage,
  { scheme = 'http', ...how }: { scheme?: 'http' | 'https' | undefined; slowMs?: number } = {},
): Promise<CrawledSite> {
  const { world, orgId, closing } = stage
  const outside = openOutside(world, DetectorEnv.parse({ ALLOW_TARGET_CIDRS: loopback }))
  closing.defer(() => outside.close())
  const site = await createBreakableSite({ ...how, ...(scheme === 'https' ? { https: {} } : {}) })
  closing.defer(() => site.close())
  if (site.https) closing.defer(trust(site.https.ca))
  const url = site.https?.url ?? site.url
  const input = SiteInput.parse({ url, connections: 10, confirmation: { firstSeconds: 60 } })
  const { id: siteId } = await world.change(orgId, (change) => createSite(change, input))
  // These sites are known to nobody outside.
  const deps = { ...world, ...outside, registry, refreshSources: async () => {} }
  const hostPace = createHostPace(world.clock)
  const crawled: CrawledSite = {
    site,
    siteId,
    async scan() {
      const { id } = await world.change(orgId, (change) => startScan(change, { siteId, trigger: 'manual' }))
      await scanPass(deps, never)
      return world.journal.read(orgId, (sql) => getScan(sql, id))
    },
    async lookAfter(seconds) {
      world.clock.advance(seconds * 1_000)
      while ((await lookPass(deps, never)) === 'worked');
    },
    async aDayOfLinks() {
      for (let hour = 0; hour <= 24; hour += 4) {
        while ((await linkPass({ ...deps, hostPace }, never)) === 'worked');
        while ((await dataPass(deps, never)) === 'worked');
        world.clock.advance(4 * 3_600_000)
      }
    },
  }
  const { state } = await crawled.scan()
  if (state !== 'completed') throw new Error(`The first scan has ${state}.`)
  return crawled
}

/** Has this process trust an authority of ours, as an operator would; what it returns takes that back. */
function trust(ca: string): () => void {
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, ca])
  return () => tls.setDefaultCACertificates(before)
}

type Switch = Parameters<BreakableSite['flip']>[0]

/** A switch of the site, and what it is told as; SITE, PAGE and HOST stand for its address. */
interface Fault {
  readonly switch: Switch
  readonly rule: RuleId
  readonly tells: readonly string[]
  readonly scheme?: 'https'
}

const faults: readonly Fault[] = [
  { switch: 'robots_block', rule: 'idx.robots_block', tells: ['idx.robots_block disallow: /', 'idx.robots_changed HOST'] },
  { switch: 'robots_unreachable', rule: 'idx.robots_unreachable', tells: ['idx.robots_unreachable HOST'] },
  { switch: 'robots_changed', rule: 'idx.robots_changed', tells: ['idx.robots_changed HOST'] },
  { switch: 'noindex_page', rule: 'idx.noindex', tells: ['idx.noindex SITEproducts/lamp'] },
  { switch: 'noindex_template', rule: 'idx.noindex', tells: ['idx.noindex SITEproducts/{slug}'] },
  { switch: 'error_500_page', rule: 'http.5xx', tells: ['http.5xx SITEjournal/oak'] },
  { switch: 'error_500_all', rule: 'http.5xx', tells: ['http.5xx SITE'] },
  {
    switch: 'not_found_page',
    rule: 'http.404_new',
    tells: ['http.404_new SITEproducts/clock', 'link.broken SITEproducts/clock'],
  },
  { switch: 'broken_link', rule: 'link.broken', tells: ['link.broken SITEproducts/stool'] },
  { switch: 'redirect_loop', rule: 'redirect.loop', tells: ['redirect.loop SITEjournal/light'] },
  { switch: 'redirect_chain', rule: 'redirect.chain', tells: ['redirect.chain SITEabout'] },
  {
    switch: 'headers_dropped',
    rule: 'hdr.regress',
    tells: ['content-security-policy', 'referrer-policy', 'x-content-type-options', 'x-frame-options'].map(
      (header) => `hdr.regress HOST:${header}`,
    ),
  },
  { switch: 'soft_404', rule: 'soft404', tells: ['soft404 SITEproducts/{slug}'] },
  { switch: 'pages_lost', rule: 'crawl.fail', tells: ['crawl.fail HOST'] },
  {
    switch: 'noindex_blocked',
    rule: 'idx.conflict',
    tells: ['idx.conflict SITEjournal/{slug}', 'idx.noindex SITEjournal/care', 'idx.robots_changed HOST'],
  },
  { switch: 'hreflang_no_return', rule: 'idx.hreflang', tells: ['idx.hreflang SITEabout'] },
  { switch: 'sitemap_unreadable', rule: 'idx.sitemap', tells: ['idx.sitemap SITEsitemap.xml:unparseable'] },
  { switch: 'sitemap_404', rule: 'idx.sitemap', tells: ['idx.sitemap SITEsitemap.xml:gone'] },
  { switch: 'canonical_404', rule: 'idx.canonical', tells: ['idx.canonical SITEjournal/care'] },
  { switch: 'script_injected', rule: 'script.injected', tells: ['script.injected a61bf9c7839804d783ec1c0f'] },
  { switch: 'script_tampered', rule: 'script.injected', tells: ['script.injected SITEsite.js'] },
  { switch: 'library_vulnerable', rule: 'lib.vuln', tells: ['lib.vuln jquery@1.8.3'] },
  { switch: 'spam_hidden', rule: 'spam.hidden', tells: ['spam.hidden SITEjournal/{slug}'] },
  { switch: 'spam_cloaked', rule: 'spam.cloak', tells: ['spam.cloak SITE'] },
  { switch: 'mixed_content', rule: 'mixed', scheme: 'https', tells: ['mixed SITE'] },
  { switch: 'certificate_near_expiry', rule: 'tls.expiry', scheme: 'https', tells: ['tls.expiry HOST:SERIAL'] },
  { switch: 'certificate_expired', rule: 'tls.invalid', scheme: 'https', tells: ['tls.invalid HOST:expired'] },
  { switch: 'certificate_wrong_name', rule: 'tls.invalid', scheme: 'https', tells: ['tls.invalid HOST:name_mismatch'] },
  { switch: 'certificate_incomplete', rule: 'tls.invalid', scheme: 'https', tells: ['tls.invalid HOST:missing_intermediate'] },
  { switch: 'certificate_untrusted', rule: 'tls.invalid', scheme: 'https', tells: ['tls.invalid HOST:untrusted'] },
]

const ofSwitches: readonly Life[] = faults.map((fault) => ({
  rule: fault.rule,
  fault: fault.switch,
  clock: createShiftedClock,
  async begin(stage) {
    const { site, scan, lookAfter } = await crawledSite(stage, { scheme: fault.scheme })
    const url = site.https?.url ?? site.url
    return {
      tells: fault.tells.map((each) => namedAt(url, each)),
      async breaks() {
        site.flip(fault.switch, true)
        await scan()
        await lookAfter(60)
      },
      async mends() {
        site.flip(fault.switch, false)
        await scan()
        // What no link leads to any more was not in the scan, so it is looked at by itself, twice.
        await lookAfter(0)
        await lookAfter(600)
        // What only a whole crawl can tell waits for the next one.
        await scan()
      },
    }
  },
}))

/** A serial number is made anew for every test. */
function namedAt(url: string, told: string): string | RegExp {
  const named = told.replace('SITE', url).replace('HOST', new URL(url).host)
  return named.endsWith(':SERIAL')
    ? new RegExp(`^${named.replaceAll('.', '\\.').replace('SERIAL', '[0-9a-f]{26}')}$`, 'i')
    : named
}

/** In every template, and only when two scans have seen it. */
const newHost: Life = {
  rule: 'script.newhost',
  fault: 'script_new_host',
  clock: createShiftedClock,
  async begin(stage) {
    const { site, scan, lookAfter } = await crawledSite(stage)
    const twice = async () => {
      await scan()
      await lookAfter(600)
      await scan()
      await lookAfter(600)
    }
    return {
      tells: [/^script\.newhost /],
      async breaks() {
        site.flip('script_new_host', true)
        await twice()
      },
      async mends() {
        site.flip('script_new_host', false)
        await twice()
      },
    }
  },
}

/** Asked by itself, three times over a day. */
const deadLink: Life = {
  rule: 'link.external',
  fault: 'external_dead',
  clock: createShiftedClock,
  async begin(stage) {
    const { site, scan, aDayOfLinks } = await crawledSite(stage)
    return {
      tells: [`link.external ${site.url.replace('127.0.0.1', 'localhost')}gone`],
      async breaks() {
        site.flip('external_dead', true)
        await scan()
        await aDayOfLinks()
        await aDayOfLinks()
      },
      async mends() {
        site.flip('external_dead', false)
        await scan()
        await aDayOfLinks()
      },
    }
  },
}

export const crawledLives: readonly Life[] = [...ofSwitches, newHost, deadLink]
