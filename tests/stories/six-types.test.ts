import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { system } from '@tocsin/contract/actor'
import type { Scan } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import { type VitalMetric, vitalMetrics } from '@tocsin/contract/vitals'
import { recordVitals } from '@tocsin/domain/vitals/record'
import { createDemoSite, type DemoSite } from '@tocsin/fleet/demo/demo-site'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'
import { createRandom, normal } from '@tocsin/testkit/random'
import { views } from '@tocsin/testkit/simulated-vitals'
import type { Frame, Viewer } from '@tocsin/testkit/viewer'

jest.setTimeout(300_000)

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Another chance, to see whether it was chance: the stories hold for any. */
const random = createRandom(Number(process.env['TEST_SEED'] ?? 11))
let fleet: TestFleet
let org: TestOrg
let website: DemoSite
let site: Site
let browser: Browser

beforeAll(async () => {
  fleet = await startTestFleet({ RETENTION_DAYS: '90' })
  website = await createDemoSite({ clock: fleet.clock })
  org = await fleet.org('acme')
  site = await org.call<Site>('POST', '/v1/sites', { url: website.url, scanIntervalHours: 24, connections: 10 })
  await org.call('POST', `/v1/sites/${site.id}/competitors`, { domain: 'rival.example' })
  browser = openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fleet?.stop()
  await website?.close()
})

interface Browser {
  /** What became of threats, in the order in which it was heard. */
  told(): { event: string; threat: Threat }[]
  close(): Promise<void>
}

/** A browser that stays for months: whenever its stream ends, it comes back with the last id it has heard. */
function openBrowser(): Browser {
  const heard: Frame[] = []
  let viewer: Viewer | null = null
  let isClosed = false
  async function run(): Promise<void> {
    while (!isClosed) {
      const last = heard.findLast(({ id }) => id !== null)?.id ?? null
      viewer = await org.view(`&events=threat.*${last === null ? '' : `&last_event_id=${last}`}`)
      if (isClosed) viewer.close()
      await viewer.ended
      heard.push(...viewer.frames)
      viewer = null
    }
  }
  const running = run()
  return {
    told: () =>
      [...heard, ...(viewer?.frames ?? [])].flatMap(({ event, data }) => {
        if (event !== 'threat.detected' && event !== 'threat.resolved') return []
        const { threat } = data['data'] as { threat: Threat } // As the contract says, which tests of the gateway hold it to.
        return [{ event, threat }]
      }),
    async close() {
      isClosed = true
      viewer?.close()
      await running
    },
  }
}

/** Lets time pass until what was asked for is so. Every loop of the fleet has its turn in each step. */
async function until<Answer>(ask: () => Promise<Answer | null>, stepMs = 2_000): Promise<Answer> {
  for (let step = 0; step < 1_000; step += 1) {
    const answer = await ask()
    if (answer !== null) return answer
    fleet.clock.advance(stepMs)
    await fleet.settle()
  }
  throw new Error('It did not come to pass.')
}

async function scanNow(): Promise<Scan> {
  const { id } = await org.call<Scan>('POST', `/v1/sites/${site.id}/scans`)
  return until(async () => {
    const scan = await org.call<Scan>('GET', `/v1/scans/${id}`)
    return scan.state === 'completed' || scan.state === 'failed' ? scan : null
  })
}

const threats = async (query = '') => (await org.call<{ data: Threat[] }>('GET', `/v1/threats?limit=200${query}`)).data
const openNow = async (rule: string) => (await threats('&state=active')).find((threat) => threat.rule === rule) ?? null
const isOver = async ({ id }: Threat) => ((await org.call<Threat>('GET', `/v1/threats/${id}`)).state === 'resolved' ? true : null)

/** Day after day, until it is so. */
async function daysUntil<Answer>(ask: () => Promise<Answer | null>, daily: () => Promise<void>): Promise<Answer> {
  for (let day = 0; day < 10; day += 1) {
    fleet.clock.advance(dayMs)
    await daily()
    await isJudged()
    const answer = await ask()
    if (answer !== null) return answer
  }
  throw new Error('It did not come to pass in ten days.')
}

/** What was recorded is judged within seconds, of which a machine that is busy makes a few more. */
async function isJudged(): Promise<void> {
  const due = 'select 1 from data_watch where site_id = $1 and due_at is not null'
  await until(async () => {
    const { rowCount } = await fleet.fleet.foundation.journal.read(org.orgId, (sql) => sql.query(due, [site.id]))
    return rowCount === 0 ? true : null
  }, 500)
}

/** The viewer hears of a threat as soon as it is there and as soon as it is gone, each once; and of nothing else. */
async function isTold(...expected: Threat[]): Promise<void> {
  const words = (event: string, { rule, subject, id }: Threat) => `${event} ${rule} ${subject} ${id}`
  const story = expected.flatMap((threat) => [words('threat.detected', threat), words('threat.resolved', threat)])
  const heard = () => browser.told().map(({ event, threat }) => words(event, threat))
  await until(async () => (heard().length >= stories.length + story.length ? true : null), 1_000)
  stories.push(...story)
  expect(heard()).toEqual(stories)
}
const stories: string[] = []

const keywords = Array.from({ length: 12 }, (_, n) => ({ keyword: `chair ${n}`, place: 2 + n * 3 }))
/** It is behind on the first pages and well ahead on the others, so that one keyword more or less is no surge. */
const rivalPlace = (place: number) => (place < 20 ? place + 6 : place - 19)
const near = (place: number) => Math.max(1, Math.round(place + 0.5 * normal(random)))

interface Positions {
  own?: (place: number) => number | null
  rival?: (place: number) => number
  complete?: boolean
  /** How many of seven measurements fail. */
  failing?: number
}

/** A list as a rank tracker would send it. */
async function pushPositions(list: Positions = {}): Promise<void> {
  const { own = (place) => place, rival = rivalPlace, complete = true, failing = 0 } = list
  const entries = keywords.map(({ keyword, place }) => {
    const of = { keyword, country: 'US' }
    if (random() < failing / 7) return { ...of, position: null, missing: 'failed', competitors: [] }
    const position = own(place)
    const competitors = [{ domain: 'rival.example', position: near(rival(place)) }]
    return { ...of, position: position === null ? null : near(position), competitors }
  })
  await org.call('POST', `/v1/sites/${site.id}/rankings`, { complete, entries })
}

/** A day of page views on phones and desktops, as the api would have added them up. Days differ a little, for all at once. */
async function visit(slower: Partial<Record<VitalMetric, number>> = {}): Promise<void> {
  const day = 0.03 * normal(random)
  const hour = Math.floor(fleet.clock.now().getTime() / hourMs) * hourMs
  const cells = [0, 6, 12, 18].flatMap((ago) =>
    vitalMetrics.flatMap((metric) =>
      (['phone', 'desktop'] as const).map((form) => ({
        siteId: site.id,
        hour: new Date(hour - ago * hourMs),
        metric,
        form,
        template: '/products/{slug}',
        histogram: views(random, metric, 200, day + Math.log(slower[metric] ?? 1)),
      })),
    ),
  )
  const { journal } = fleet.fleet.foundation
  await journal.change(org.orgId, system('api'), (change) => recordVitals(change, { cells, judge: [site.id] }))
}

async function quietDay(): Promise<void> {
  await pushPositions()
  await visit()
}

test('a month of wavering positions and vitals, lost measurements and slow days, but no fault, tells nobody of anything', async () => {
  expect(await scanNow()).toMatchObject({ baseline: true, complete: true })
  for (let day = 1; day <= 30; day += 1) {
    fleet.clock.advance(dayMs)
    // On some days the provider answers nothing, on some a part.
    if (day % 10 === 4) await pushPositions({ own: () => null, complete: false, failing: 7 })
    else await pushPositions({ complete: day % 10 !== 7, failing: 1 })
    await visit()
    website.flip('slow', day % 12 === 5)
    if (day % 3 === 2) await scanNow()
    await isJudged()
    expect({ day, threats: await threats() }).toEqual({ day, threats: [] })
  }
  website.flip('slow', false)
  // What was so on the first day is listed, and nobody is told: the site is served over http.
  expect((await threats('&state=hygiene')).map(({ subject }) => subject)).toEqual([
    `${new URL(website.url).host}:strict-transport-security`,
  ])
  expect(browser.told()).toEqual([])
})

test('a ranking drop: positions that fall in one complete list are a threat, and are over when they are back', async () => {
  const falls = async () => {
    await pushPositions({ own: (place) => (place === 2 ? 25 : place) })
    await visit()
  }
  const threat = await daysUntil(() => openNow('rank.drop'), falls)
  expect(threat).toMatchObject({ type: 'ranking_drop', severity: 'critical', siteId: site.id })
  await daysUntil(() => isOver(threat), quietDay)
  await isTold(threat)
})

test('a competitor surge: a rival that passes us on a keyword is a threat until we lead again', async () => {
  // Where the site gave way and the rival rose: either alone is another matter.
  const passes = async () => {
    await pushPositions({
      own: (place) => (place === 5 ? 7 : place),
      rival: (place) => (place === 5 ? 5 : rivalPlace(place)),
    })
    await visit()
  }
  const threat = await daysUntil(() => openNow('comp.overtake'), passes)
  expect(threat).toMatchObject({ type: 'competitor_surge', severity: 'medium', siteId: site.id })
  await daysUntil(() => isOver(threat), quietDay)
  await isTold(threat)
})

test('vitals: pages that got a third slower for visitors are a threat, and are over when they are fast again', async () => {
  const threat = await daysUntil(
    () => openNow('cwv.rum_regress'),
    async () => {
      await pushPositions()
      await visit({ LCP: 1.35 })
    },
  )
  expect(threat).toMatchObject({ type: 'cwv_degradation', subject: 'LCP:/products/{slug}', siteId: site.id })
  await daysUntil(() => isOver(threat), quietDay)
  await isTold(threat)
})

test.each([
  ['technical_error', 'error_500_page', 'http.5xx'],
  ['indexation_problem', 'noindex_page', 'idx.noindex'],
  ['security_issue', 'script_injected', 'script.injected'],
] as const)('%s: %s is a threat that comes and goes', async (type, name, rule) => {
  website.flip(name, true)
  await scanNow()
  fleet.clock.advance(60_000) // Until it is looked at again.
  const threat = await until(() => openNow(rule))
  expect(threat).toMatchObject({ type, siteId: site.id })
  website.flip(name, false)
  await scanNow()
  fleet.clock.advance(600_000)
  await until(() => isOver(threat))
  await isTold(threat)
})
