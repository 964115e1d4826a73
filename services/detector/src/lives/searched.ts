import { createHandSetClock } from '@tocsin/process/clock'
import { createGoogleServer, type GoogleProperty, type GoogleRow } from '@tocsin/testkit/outside/google'
import { createShiftedClock } from '@tocsin/testkit/shifted-clock'
import { addDays, pacificDay } from '../judges/pacific.ts'
import { connected, dayMs, hourMs, knownSite } from './connected.ts'
import { crawledSite } from './crawled.ts'
import type { Life, Stage } from './life.ts'

/** Winter, in which Pacific time is eight hours behind all along. */
const winter = () => createHandSetClock(new Date('2025-12-01T20:00:00.000Z'))
const credentials = { type: 'oauth', clientId: 'client-id', clientSecret: 'client-secret', refreshToken: 'refresh-token' }

async function google(stage: Stage, of: Omit<GoogleProperty, 'refreshToken'>) {
  const server = await createGoogleServer({ ...of, refreshToken: credentials.refreshToken })
  stage.closing.defer(() => server.close())
  return {
    env: { GSC_URL: server.url, GSC_TOKEN_URL: server.tokenUrl },
    source: { kind: 'search_console', config: { property: of.property }, credentials },
  }
}

const blue: GoogleRow = { query: 'blue shoes', page: 'https://www.shop.com/blue', clicks: 20, impressions: 100, position: 3 }

/** Days of searches, final when they are three days old. */
async function searched(stage: Stage) {
  const { world } = stage
  const days = new Map<string, GoogleRow[]>()
  const today = () => pacificDay(world.clock.now())
  const { env, source } = await google(stage, {
    property: 'sc-domain:shop.com',
    days: () => new Map([...days].filter(([day]) => day <= addDays(today(), -3))),
  })
  for (let ago = 50; ago >= -3; ago -= 1) days.set(addDays(today(), -ago), [{ ...blue, position: 3 + (ago % 3) / 5 }])
  const { pass } = await connected(stage, { siteId: await knownSite(stage), env, source })
  // A fetch brings six days at most.
  await pass(3 * dayMs)
  return async (count: number, ...rows: GoogleRow[]) => {
    for (let n = 0; n < count; n += 1) {
      await pass(dayMs)
      days.set(today(), rows)
    }
  }
}

const falls: Life = {
  rule: 'rank.gsc',
  fault: 'a query falls by six places',
  clock: winter,
  async begin(stage) {
    const search = await searched(stage)
    await search(3, blue)
    return {
      tells: [`rank.gsc blue shoes:${blue.page}`],
      breaks: () => search(12, { ...blue, position: 9, clicks: 5 }),
      mends: () => search(14, blue),
    }
  },
}

const spam: Life = {
  rule: 'spam.gsc',
  fault: 'the site is found for what it does not sell',
  clock: winter,
  async begin(stage) {
    const search = await searched(stage)
    const slots = { query: 'slot gacor maxwin', page: 'https://www.shop.com/wp/x', clicks: 0, impressions: 40, position: 8 }
    await search(3, blue)
    return {
      tells: ['spam.gsc https://www.shop.com/'],
      breaks: () => search(7, blue, slots),
      mends: () => search(14, blue),
    }
  },
}

/** By the hour; Google shows ten days of them. */
const early: Life = {
  rule: 'rank.early',
  fault: 'a query has stood lower since yesterday',
  clock: winter,
  async begin(stage) {
    const { world } = stage
    /** Hours in which it stood lower. */
    const fallen = new Set<string>()
    const hourOf = (time: number) => `${new Date(time - 8 * hourMs).toISOString().slice(0, 13)}:00:00-08:00`
    const hours = () => {
      const last = Math.floor(world.clock.now().getTime() / hourMs) * hourMs
      const shown = Array.from({ length: 216 }, (_, ago) => hourOf(last - ago * hourMs)).toReversed()
      const rowOf = (hour: string, n: number) => ({
        ...blue,
        impressions: 5,
        clicks: 1,
        position: (fallen.has(hour) ? 9 : 4) + ((n % 5) - 2) / 5,
      })
      return { rows: new Map(shown.map((hour, n) => [hour, [rowOf(hour, n)]])), firstIncompleteHour: hourOf(last - 2 * hourMs) }
    }
    const { env, source } = await google(stage, { property: 'sc-domain:shop.com', days: () => new Map(), hours })
    const { pass } = await connected(stage, { siteId: await knownSite(stage), env, source }, hourMs)
    await pass(dayMs)
    return {
      tells: ['rank.early blue shoes'],
      async breaks() {
        for (let hour = 0; hour < 30; hour += 1) {
          fallen.add(hourOf(world.clock.now().getTime()))
          await pass(hourMs)
        }
      },
      mends: () => pass(3 * dayMs),
    }
  },
}

/** What Google says of one page of a site that was crawled. */
function inspected(of: Pick<Life, 'rule' | 'fault'>, fault: object): Life {
  return {
    ...of,
    clock: createShiftedClock,
    async begin(stage) {
      const { site, siteId } = await crawledSite(stage)
      const page = `${site.url}products/lamp`
      let isBroken = false
      const { env, source } = await google(stage, {
        property: site.url,
        days: () => new Map(),
        inspection(url) {
          const own = { verdict: 'PASS', coverageState: 'Submitted and indexed', googleCanonical: url, userCanonical: url }
          return { inspectionResult: { indexStatusResult: { ...own, ...(isBroken && url === page ? fault : {}) } } }
        },
      })
      const { pass } = await connected(stage, { siteId, env, source })
      await pass(2 * dayMs)
      return {
        tells: [`${of.rule} ${page}`],
        async breaks() {
          isBroken = true
          await pass(6 * dayMs)
        },
        async mends() {
          isBroken = false
          await pass(3 * dayMs)
        },
      }
    },
  }
}

export const searchedLives: readonly Life[] = [
  falls,
  early,
  spam,
  inspected(
    { rule: 'idx.canonical_google', fault: 'Google chooses another address' },
    { googleCanonical: 'https://elsewhere.example/lamp' },
  ),
  inspected(
    { rule: 'idx.dropped', fault: 'a page leaves the index' },
    { verdict: 'NEUTRAL', coverageState: 'Crawled - currently not indexed', googleCanonical: undefined },
  ),
]
