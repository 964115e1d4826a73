import { type CruxPeriod, createCruxServer } from '@tocsin/testkit/outside/crux'
import { createCtServer } from '@tocsin/testkit/outside/ct'
import { createRdapServer } from '@tocsin/testkit/outside/rdap'
import { createSafeBrowsingServer } from '@tocsin/testkit/outside/safe-browsing'
import { connected, dayMs, hourMs, knownSite } from './connected.ts'
import type { Life, Stage } from './life.ts'

const credentials = { apiKey: 'a-key-for-tests' }

function opened<Server extends { close(): Promise<void> }>({ closing }: Stage, server: Server): Server {
  closing.defer(() => server.close())
  return server
}
const inDays = ({ world }: Stage, days: number): Date => new Date(world.clock.now().getTime() + days * dayMs)

const domainExpiry: Life = {
  rule: 'domain.expiry',
  fault: 'nobody renews the domain',
  async begin(stage) {
    const registry = opened(stage, await createRdapServer())
    const end = inDays(stage, 40)
    registry.set('shop.com', { expiresAt: end.toISOString() })
    const source = { kind: 'rdap', credentials: null }
    const { pass } = await connected(stage, { siteId: await knownSite(stage), env: { RDAP_URL: registry.url }, source })
    await pass(2 * dayMs)
    return {
      tells: ['domain.expiry shop.com'],
      breaks: () => pass(12 * dayMs),
      async mends() {
        registry.set('shop.com', { expiresAt: new Date(end.getTime() + 365 * dayMs).toISOString() })
        await pass(3 * dayMs)
      },
    }
  },
}

const blocklisted: Life = {
  rule: 'mal.blocklisted',
  fault: 'the site is listed',
  async begin(stage) {
    const browsing = opened(stage, await createSafeBrowsingServer())
    const env = { SAFE_BROWSING_URL: browsing.url }
    const source = { kind: 'safe_browsing', credentials }
    const { pass } = await connected(stage, { siteId: await knownSite(stage), env, source })
    await pass(6 * hourMs)
    return {
      tells: ['mal.blocklisted www.shop.com:SOCIAL_ENGINEERING'],
      async breaks() {
        browsing.list('www.shop.com', 'SOCIAL_ENGINEERING')
        await pass(dayMs)
      },
      async mends() {
        browsing.list('www.shop.com')
        await pass(2 * dayMs)
      },
    }
  },
}

/** Nobody takes a certificate back: it is over when its issuer has become usual. */
const unexpectedCertificate: Life = {
  rule: 'ct.unexpected',
  fault: 'another authority issues a certificate',
  async begin(stage) {
    const logs = opened(stage, await createCtServer())
    const log = (issuer: string, days: number) =>
      logs.log({ issuer, names: ['shop.com', '*.shop.com'], notBefore: inDays(stage, days).toISOString().slice(0, 19) })
    log('C=US, O=Acme Trust, CN=R3', -100)
    const source = { kind: 'ct', credentials: null }
    const { pass } = await connected(stage, { siteId: await knownSite(stage), env: { CT_URL: logs.url }, source })
    await pass(35 * dayMs)
    return {
      tells: ['ct.unexpected Other CA:shop.com'],
      async breaks() {
        log('C=XX, O=Other CA', -1)
        await pass(2 * dayMs)
      },
      mends: () => pass(31 * dayMs),
    }
  },
}

const steady = { inp: 120, cls: 0.04 }

/** What the report says of the origin on phones, week by week; of everything else it knows too little. */
async function reported(stage: Stage) {
  const siteId = await knownSite(stage)
  const periods: CruxPeriod[] = []
  const periodsOf = (target: string, form: string) => (target === 'https://www.shop.com' && form === 'phone' ? periods : null)
  const report = opened(stage, await createCruxServer({ key: credentials.apiKey, periods: periodsOf }))
  const source = { kind: 'crux', credentials }
  const { pass } = await connected(stage, { siteId, env: { CRUX_URL: report.url }, source })
  return async (weeks: number, lcp: number, good: number) => {
    for (let week = 0; week < weeks; week += 1) {
      periods.push({ ...steady, lcp, good, lastDay: inDays(stage, -2).toISOString().slice(0, 10) })
      await pass(7 * dayMs)
    }
  }
}

/** By little each, so that it is no regression: only the band is left. */
const vitalBand: Life = {
  rule: 'cwv.band',
  fault: 'a vital leaves its band by and by',
  async begin(stage) {
    const report = await reported(stage)
    await report(6, 2_450, 0.79)
    return {
      tells: ['cwv.band LCP:phone:https://www.shop.com'],
      breaks: () => report(3, 2_650, 0.77),
      mends: () => report(3, 2_300, 0.8),
    }
  },
}

/** Within its band. */
const vitalRegress: Life = {
  rule: 'cwv.crux_regress',
  fault: 'visits get slower from one period to the next',
  async begin(stage) {
    const report = await reported(stage)
    await report(6, 2_000, 0.86)
    return {
      tells: ['cwv.crux_regress LCP:phone:https://www.shop.com'],
      breaks: () => report(2, 2_300, 0.78),
      mends: () => report(3, 2_000, 0.86),
    }
  },
}

export const fetchedLives: readonly Life[] = [domainExpiry, blocklisted, unexpectedCertificate, vitalBand, vitalRegress]
