import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { defaultConfigs, type RuleId } from '@tocsin/contract/rules/catalog'
import { judgeDataSoon } from '@tocsin/domain/data-watch/data-watch'
import {
  type HourRow,
  type Inspection,
  type QueryRow,
  recordSearchConsole,
  type SearchConsoleFigures,
} from '@tocsin/domain/search-console/search-console'
import { createSite, setBaseline } from '@tocsin/domain/sites/sites'
import { getThreatEvidence, listThreats } from '@tocsin/domain/threats/threats.read'
import { createHandSetClock } from '@tocsin/process/clock'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { dataPass } from '../data-pass.ts'
import { addDays, daysFrom, pacificDay, startOfPacificDay } from '../judges/pacific.ts'
import { memory } from './fixtures.ts'
import { registry } from './registry.ts'
import type { Rule } from './verdict.ts'

const never = new AbortController().signal
const [hourMs, dayMs] = [3_600_000, 86_400_000]
const blue = { query: 'blue shoes', page: 'https://shop.example/blue' }
/** Google is three days behind. */
const finalDay = () => addDays(pacificDay(world.clock.now()), -3)

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeEach(async () => {
  world = await openTestFoundation(createHandSetClock(new Date('2026-10-20T18:00:00.000Z')))
  orgId = await world.newOrg()
  await world.change(orgId, async (change) => {
    siteId = (await createSite(change, SiteInput.parse({ url: 'https://shop.example/' }))).id
    await setBaseline(change, { siteId })
  })
})
afterEach(() => world.close())

const nothing: Omit<SearchConsoleFigures, 'property'> = {
  finalThrough: null,
  days: [],
  details: [],
  hours: null,
  inspections: [],
  anomalies: [],
}
/** What a fetch would have brought, and what the detectors say to it. */
async function arrives(figures: Partial<SearchConsoleFigures>): Promise<string[]> {
  await world.change(orgId, async (change) => {
    await recordSearchConsole(change, siteId, { ...nothing, property: 'sc-domain:shop.example', ...figures })
    await judgeDataSoon(change, siteId)
  })
  await dataPass({ ...world, registry }, never)
  return standing()
}
const threats = async () => (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 200 }))).data
async function standing(): Promise<string[]> {
  const open = (await threats()).filter((threat) => threat.state === 'active')
  for (const threat of open) await expectSameAgain(threat)
  return open.map(({ rule, severity, subject }) => `${rule} ${severity} ${subject}`).toSorted()
}

/** The stored evidence is judged once more, with nothing else at hand. */
async function expectSameAgain({ id, rule, severity }: Awaited<ReturnType<typeof threats>>[number]): Promise<void> {
  const { evidence, judgedAt } = await world.journal.read(orgId, (sql) => getThreatEvidence(sql, id))
  const judge: Rule = registry[rule as RuleId]
  const again = judge.replay(evidence, { config: defaultConfigs, now: new Date(judgedAt) })
  expect({ rule, ...again }).toEqual({ rule, level: 'bad', severity })
}

const row = (of: Partial<QueryRow> = {}): QueryRow => ({ ...blue, clicks: 20, impressions: 100, position: 3, ...of })
/** Final days with the rows that `rowsOf` makes for each. */
const daysOf = (
  from: string,
  through: string,
  rowsOf: (day: string, n: number) => QueryRow[],
): Partial<SearchConsoleFigures> => ({
  finalThrough: through,
  details: daysFrom(from, through).map((day, n) => ({ day, rows: rowsOf(day, n) })),
})
const steady = (weeks = 6) =>
  daysOf(addDays(finalDay(), -7 * weeks), finalDay(), (_day, n) => [row({ position: 3 + (n % 3) / 5 })])
/** A day later, and what Google has finished since. */
function nextDay(rowsOf: (day: string, n: number) => QueryRow[]) {
  world.clock.advance(dayMs)
  return arrives(daysOf(finalDay(), finalDay(), rowsOf))
}

describe('rank.gsc', () => {
  test('a fall is told once, lasts while it lasts, and is over when the position is back', async () => {
    expect(await arrives(steady())).toEqual([])
    const seen = new Set<string>()
    for (let day = 0; day < 20; day += 1)
      for (const each of await nextDay(() => [row({ position: 9, clicks: 5 })])) seen.add(each)
    expect([...seen]).toEqual(['rank.gsc high blue shoes:https://shop.example/blue'])
    expect(await threats()).toHaveLength(1)
    for (let day = 0; day < 9; day += 1) await nextDay(() => [row()])
    expect(await standing()).toEqual([])
    expect(await threats()).toHaveLength(1)
  })

  test('days that Google counted wrongly are left out, and nothing is compared over a change in how it counts', async () => {
    await arrives(steady())
    const fallen = daysOf(addDays(finalDay(), -6), finalDay(), () => [row({ position: 9 })])
    const wrong = { from: addDays(finalDay(), -4), to: finalDay(), note: 'Odd.', breaks: false }
    expect(await arrives({ ...fallen, anomalies: [wrong] })).toEqual([])
    const change = { from: addDays(finalDay(), -7), to: addDays(finalDay(), -7), note: 'Counted otherwise.', breaks: true }
    expect(await arrives({ anomalies: [change] })).toEqual([])
    expect(await arrives({ anomalies: [] })).toHaveLength(1)
  })

  test('no more is said while Google is silent, and nothing ends by silence', async () => {
    await arrives(steady())
    const fallen = daysOf(addDays(finalDay(), -6), finalDay(), () => [row({ position: 9 })])
    expect(await arrives(fallen)).toHaveLength(1)
    world.clock.advance(30 * dayMs)
    expect(await arrives({})).toHaveLength(1)
    expect((await threats())[0]?.occurrences).toBe(1)
  })

  test('a site that falls as a whole is told by what it loses most', async () => {
    const rows = (position: number) =>
      Array.from({ length: 60 }, (_, n) => row({ query: `shoes ${n}`, impressions: 100 + n, position }))
    await arrives(daysOf(addDays(finalDay(), -34), finalDay(), (_day, n) => rows(3 + (n % 3) / 5)))
    const fallen = await arrives(daysOf(addDays(finalDay(), -6), finalDay(), () => rows(9)))
    expect(fallen).toHaveLength(25)
    expect(fallen).toContain('rank.gsc medium shoes 59:https://shop.example/blue')
  })
})

describe('rank.early', () => {
  /** Two hundred hours up to now minus a few, with one query. */
  function hoursOf(positionAt: (hoursAgo: number) => number): Partial<SearchConsoleFigures> {
    const through = new Date(Math.floor(world.clock.now().getTime() / hourMs) * hourMs - 3 * hourMs)
    const from = startOfPacificDay(addDays(pacificDay(through), -9))
    const count = Math.round((through.getTime() - from.getTime()) / hourMs)
    const rows: HourRow[] = Array.from({ length: count }, (_, n) => ({
      hour: new Date(from.getTime() + n * hourMs),
      query: 'blue shoes',
      clicks: 1,
      impressions: 5,
      position: positionAt(count - 1 - n) + ((n % 5) - 2) / 5,
    }))
    return { hours: { from, through, rows } }
  }

  test('tells of a fall within hours; the final figures settle it', async () => {
    expect(await arrives(hoursOf(() => 4))).toEqual([])
    expect(await arrives(hoursOf((ago) => (ago < 24 ? 9 : 4)))).toEqual(['rank.early low blue shoes'])
    world.clock.advance(30 * hourMs)
    expect(await arrives(hoursOf((ago) => (ago < 24 ? 5.5 : ago < 54 ? 9 : 4)))).toHaveLength(1)
    const day = pacificDay(new Date(world.clock.now().getTime() - dayMs))
    expect(await arrives({ ...daysOf(day, day, () => [row()]) })).toEqual([])
  })

  test('is over when the position is back; hours that end long ago say nothing', async () => {
    await arrives(hoursOf((ago) => (ago < 24 ? 9 : 4)))
    world.clock.advance(60 * hourMs)
    expect(await arrives({})).toHaveLength(1)
    expect(await arrives(hoursOf(() => 4))).toEqual([])
  })
})

describe('spam.gsc', () => {
  const casino = (impressions: number) => [
    row(),
    row({ query: 'slot gacor maxwin', page: 'https://shop.example/wp/x', impressions, clicks: 0 }),
  ]

  test('tells of queries that are none of the site’s, until they have ceased; spam that stays does not become its kind', async () => {
    expect(await arrives(steady())).toEqual([])
    expect(await nextDay(() => casino(40))).toEqual([])
    expect(await nextDay(() => casino(40))).toEqual(['spam.gsc critical https://shop.example/'])
    for (let day = 0; day < 40; day += 1) await nextDay(() => casino(300))
    expect(await standing()).toEqual(['spam.gsc critical https://shop.example/'])
    for (let day = 0; day < 6; day += 1) await nextDay(() => [row()])
    expect(await standing()).toHaveLength(1)
    for (let day = 0; day < 2; day += 1) await nextDay(() => [row()])
    expect(await standing()).toEqual([])
    expect(await threats()).toHaveLength(1)
  })

  test('a foreign script is as odd; for a site that is at home in it, it is not', async () => {
    const japanese = () => [row(), row({ query: '時計 の 激安 通販', impressions: 80 })]
    await arrives(steady())
    expect(await nextDay(japanese)).toEqual(['spam.gsc critical https://shop.example/'])
    await arrives(daysOf(addDays(finalDay(), -40), finalDay(), () => [row({ query: '靴 の 通販' })]))
    for (let day = 0; day < 3; day += 1) await nextDay(() => [...japanese(), row({ query: '靴 の 通販' })])
  })

  test('a site of which little is known is not judged', async () => {
    expect(await arrives(daysOf(addDays(finalDay(), -10), finalDay(), (_day, n) => (n > 7 ? casino(500) : [row()])))).toEqual([])
  })
})

describe('what Google says of pages', () => {
  const url = 'https://shop.example/blue'
  const inspected = (over: Partial<Inspection>): Partial<SearchConsoleFigures> => ({
    inspections: [
      {
        url,
        at: world.clock.now(),
        verdict: 'pass',
        coverage: 'Submitted and indexed',
        robots: 'ALLOWED',
        indexing: 'INDEXING_ALLOWED',
        pageFetch: 'SUCCESSFUL',
        googleCanonical: url,
        userCanonical: url,
        crawledAt: null,
        ...over,
      },
    ],
  })
  const later = (days: number, over: Partial<Inspection> = {}) => {
    world.clock.advance(days * dayMs)
    return arrives(inspected(over))
  }
  const weighs = (importance: number) =>
    world.db.transaction({ orgId }, (sql) =>
      sql.query(
        `insert into page (org_id, site_id, url, memory, seen_at) values ($1, $2, $3, $4, $5)
         on conflict (site_id, url) do update set memory = excluded.memory`,
        [orgId, siteId, url, JSON.stringify(memory({ importance })), world.clock.now()],
      ),
    )

  test('another canonical, twice and days apart, until both are the same', async () => {
    const other = { googleCanonical: 'https://shop.example/red' }
    expect(await arrives(inspected({}))).toEqual([])
    expect(await later(1, other)).toEqual([])
    expect(await later(2, other)).toEqual([])
    expect(await later(1, other)).toEqual([`idx.canonical_google medium ${url}`])
    await weighs(9)
    expect(await later(1, other)).toEqual([`idx.canonical_google high ${url}`])
    expect(await later(1, { verdict: 'unknown', googleCanonical: null })).toHaveLength(1)
    expect(await later(1)).toEqual([])
    expect(await later(1, other)).toEqual([])
  })

  test('an address that is only written otherwise is the same', async () => {
    const same = { googleCanonical: 'HTTPS://SHOP.example:443/blue#top' }
    await arrives(inspected(same))
    expect(await later(5, same)).toEqual([])
  })

  test('a page that was in the index and is not, twice in a row, until it is back', async () => {
    const out = { verdict: 'neutral', coverage: 'Crawled - currently not indexed', googleCanonical: null } as const
    expect(await arrives(inspected({}))).toEqual([])
    expect(await later(1, out)).toEqual([])
    expect(await later(1)).toEqual([])
    expect(await later(1, out)).toEqual([])
    expect(await later(1, { ...out, verdict: 'unknown' })).toEqual([])
    expect(await later(1, out)).toEqual([`idx.dropped medium ${url}`])
    for (let day = 0; day < 40; day += 1) await later(1, out)
    expect(await standing()).toHaveLength(1)
    expect(await later(1)).toEqual([])
    expect(await threats()).toHaveLength(1)
  })

  test('a page that never was in the index has not been dropped from it', async () => {
    const out = { verdict: 'fail', coverage: 'Not found (404)' } as const
    await arrives(inspected(out))
    expect(await later(1, out)).toEqual([])
    expect(await later(1, out)).toEqual([])
  })
})
