import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { defaultConfigs, ruleSpec } from '@tocsin/contract/rules/catalog'
import { recordBacklinks } from '@tocsin/domain/backlinks/backlinks'
import { createCompetitor } from '@tocsin/domain/competitors/competitors'
import { type RankingInput, recordRankings } from '@tocsin/domain/rankings/rankings'
import { createSite } from '@tocsin/domain/sites/sites'
import { getThreatEvidence, listThreats } from '@tocsin/domain/threats/threats.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createRandom } from '@tocsin/testkit/random'
import { entriesOf, type Market, marketOf, rivals } from '@tocsin/testkit/simulated-rankings'
import { dataPass } from '../data-pass.ts'
import { registry } from './registry.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const never = new AbortController().signal
let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
  await world.change(orgId, async (change) => {
    for (const domain of rivals) await createCompetitor(change, { siteId, domain })
  })
})

const push = (list: Omit<RankingInput, 'source'>) =>
  world.change(orgId, (change) => recordRankings(change, { ...list, source: 'push' }))

/** A list now, judged at once; then the time until the next. */
async function measure(market: Market, random: () => number, more: { complete?: boolean; hours?: number } = {}): Promise<void> {
  const { hours = 12, ...list } = more
  await push({ siteId, ...list, entries: entriesOf(market, random) })
  await judge()
  world.clock.advance(hours * hourMs)
}
async function judge(): Promise<void> {
  while ((await dataPass({ ...world, registry }, never)) === 'worked');
}
async function days(count: number, market: Market, random: () => number): Promise<void> {
  for (let n = 0; n < 2 * count; n++) await measure(market, random)
}
const threats = async (): Promise<Threat[]> =>
  (await world.journal.read(orgId, (sql) => listThreats(sql, { siteId, limit: 200, sort: 'oldest' }))).data
const short = async () => (await threats()).map(({ rule, subject, severity, state }) => `${rule} ${subject} ${severity} ${state}`)

/** Every threat's evidence gives its verdict again. */
async function replayed(): Promise<void> {
  for (const threat of await threats()) {
    const { evidence, config, judgedAt, verdict } = await world.journal.read(orgId, (sql) => getThreatEvidence(sql, threat.id))
    const spec = ruleSpec(threat.rule)
    if (!spec) throw new Error(`No rule ${threat.rule}.`)
    const configs = { ...defaultConfigs, [spec.id]: config }
    const again = registry[spec.id].replay(evidence, { config: configs, now: new Date(judgedAt) })
    expect([threat.rule, again.level, again.severity]).toEqual([threat.rule, verdict.level, verdict.severity])
  }
}

/** A calm market: everybody has a place, nobody wavers much. */
function calm(count: number, own: number, theirs: number): Market {
  return {
    keywords: Array.from({ length: count }, (_, n) => ({
      phrase: `keyword ${n}`,
      places: new Map<string, number | null>([
        ['own', own],
        ...rivals.map((rival, m): [string, number] => [rival, theirs + 3 * m]),
      ]),
    })),
  }
}
const move = (market: Market, party: string, place: number | null, keywords = [0]) => {
  for (const n of keywords) market.keywords[n]?.places.set(party, place)
}
/** A chance that moves nothing. */
const flat = () => 0.25

describe('nothing is told', () => {
  test('in a month in which everything wavers, parts are missing, and links come and go', async () => {
    const random = createRandom(11)
    const market = marketOf(40, random)
    for (let day = 0; day < 30; day++) {
      if (day % 7 === 0) await pushLinks(day, random)
      if (day % 9 === 4) await failedDay(market, day)
      else await days(1, market, random)
    }
    expect(await short()).toEqual([])
  }, 120_000)

  test('when a provider is out, answers in part, or looks less deep', async () => {
    const market = calm(6, 3, 20)
    await days(8, market, flat)
    const gone = calm(6, 3, 20)
    for (const keyword of gone.keywords) for (const party of keyword.places.keys()) keyword.places.set(party, null)
    for (let n = 0; n < 4; n++) await measure(gone, flat, { complete: false })
    for (let n = 0; n < 4; n++) {
      const entries = entriesOf(gone, flat).map(({ competitors: _none, ...entry }) => ({ ...entry, missing: 'failed' as const }))
      await push({ siteId, entries })
      await judge()
      world.clock.advance(6 * hourMs)
    }
    const shallow = entriesOf(gone, flat).map((entry) => ({ ...entry, competitors: [] }))
    for (let n = 0; n < 3; n++) {
      await push({ siteId, depth: 10, entries: shallow })
      await judge()
      world.clock.advance(hourMs)
    }
    expect(await short()).toEqual([])
  })

  async function failedDay(market: Market, day: number): Promise<void> {
    const entries = entriesOf(market, createRandom(day)).map((entry) => ({ ...entry, position: null, competitors: [] }))
    await push({ siteId, complete: false, entries })
    await judge()
    world.clock.advance(dayMs)
  }

  async function pushLinks(day: number, random: () => number): Promise<void> {
    const date = world.clock.now().getTime()
    for (const competitor of rivals) {
      const weeks = day === 0 ? 10 : 1
      const entries = Array.from({ length: weeks * 25 }, (_, n) => ({
        domain: `d${day}-${n}-${Math.floor(random() * 1e6)}.example`,
        firstSeen: new Date(date - random() * weeks * 7 * dayMs).toISOString().slice(0, 10),
      })).slice(0, weeks * (15 + Math.floor(random() * 10)))
      await world.change(orgId, (change) => recordBacklinks(change, { siteId, competitor, entries }))
    }
    await judge()
  }
})

describe('each is told once, and its end once', () => {
  const keyword0 = 'keyword 0:US'
  test('rank.drop', async () => {
    const market = calm(8, 3, 40)
    await days(8, market, flat)
    move(market, 'own', 8)
    await measure(market, flat)
    expect(await short()).toEqual([])
    await measure(market, flat)
    expect(await short()).toEqual([`rank.drop ${keyword0} high active`])
    await days(2, market, flat)
    await replayed()
    move(market, 'own', 4)
    await measure(market, flat)
    expect(await short()).toEqual([`rank.drop ${keyword0} high active`])
    await measure(market, flat)
    expect(await short()).toEqual([`rank.drop ${keyword0} high resolved`])
    await days(2, market, flat)
    expect(await threats()).toHaveLength(1)
  })

  test('rank.drop by one list that is marked complete, critical, once a day, and usual after two weeks', async () => {
    const market = calm(8, 2, 40)
    await days(8, market, flat)
    move(market, 'own', 14)
    await measure(market, flat, { complete: true, hours: 1 })
    expect(await short()).toEqual([`rank.drop ${keyword0} critical active`])
    move(market, 'own', 2)
    for (let n = 0; n < 2; n++) await measure(market, flat, { complete: true, hours: 1 })
    move(market, 'own', 14)
    for (let n = 0; n < 3; n++) await measure(market, flat, { complete: true, hours: 1 })
    expect(await short()).toEqual([`rank.drop ${keyword0} critical resolved`])
    await days(2, market, flat)
    expect(await short()).toEqual([`rank.drop ${keyword0} critical resolved`, `rank.drop ${keyword0} critical active`])
    await days(15, market, flat)
    expect(await short()).toEqual([`rank.drop ${keyword0} critical resolved`, `rank.drop ${keyword0} critical resolved`])
  })

  test('rank.lost', async () => {
    const market = calm(8, 6, 40)
    await days(8, market, flat)
    move(market, 'own', null)
    await measure(market, flat, { complete: true })
    expect(await short()).toEqual([])
    await measure(market, flat, { complete: true })
    expect(await short()).toEqual([`rank.lost ${keyword0} critical active`])
    await replayed()
    move(market, 'own', 6)
    await days(2, market, flat)
    expect(await short()).toEqual([`rank.lost ${keyword0} critical resolved`])
  })

  test('rank.page1_exit', async () => {
    const market = calm(8, 9, 40)
    await days(8, market, flat)
    move(market, 'own', 12)
    await measure(market, flat)
    expect(await short()).toEqual([])
    await days(2, market, flat)
    expect(await short()).toEqual([`rank.page1_exit ${keyword0} high active`])
    await replayed()
    move(market, 'own', 9)
    await days(2, market, flat)
    expect(await short()).toEqual([`rank.page1_exit ${keyword0} high resolved`])
  })

  test('rank.sitewide, instead of its keywords', async () => {
    const market = calm(20, 3, 40)
    await days(8, market, flat)
    const fallen = [0, 1, 2, 3, 4]
    move(market, 'own', 15, fallen)
    await days(2, market, flat)
    expect(await short()).toEqual(['rank.sitewide shop.example critical active'])
    await replayed()
    move(market, 'own', 3, fallen)
    await days(2, market, flat)
    expect(await short()).toEqual(['rank.sitewide shop.example critical resolved'])
  })

  test('rank.sitewide takes over what was told of its keywords since the day before; an older fall stays', async () => {
    const market = calm(20, 3, 40)
    await days(8, market, flat)
    const told = async () => (await short()).toSorted()
    const measureNow = () => measure(market, flat, { complete: true, hours: 1 })
    move(market, 'own', 15, [9])
    await measureNow()
    await days(3, market, flat)
    move(market, 'own', 15, [0, 1])
    await measureNow()
    const drops = (n: number, state: string) => `rank.drop keyword ${n}:US critical ${state}`
    expect(await told()).toEqual([drops(0, 'active'), drops(1, 'active'), drops(9, 'active')])
    move(market, 'own', 15, [2, 3, 4, 5])
    const events = await world.eventsDuring(orgId, measureNow)
    const after = [drops(0, 'resolved'), drops(1, 'resolved'), drops(9, 'active')]
    expect(await told()).toEqual([...after, 'rank.sitewide shop.example critical active'])
    expect(events.filter(({ type }) => type === 'threat.detected')).toHaveLength(1)
    await days(2, market, flat)
    expect(await told()).toEqual([...after, 'rank.sitewide shop.example critical active'])
    await replayed()
    move(market, 'own', 3, [0, 1, 2, 3, 4, 5, 9])
    await days(2, market, flat)
    const over = [0, 1, 9].map((n) => drops(n, 'resolved'))
    expect(await told()).toEqual([...over, 'rank.sitewide shop.example critical resolved'])
  })

  test('rank.sitewide is volatility when competitors move as much', async () => {
    const market = calm(20, 3, 40)
    await days(8, market, flat)
    const moved = [0, 1, 2, 3, 4, 5, 6]
    move(market, 'own', 15, moved)
    move(market, 'one.example', 70, moved)
    await days(2, market, flat)
    expect(await short()).toEqual(['rank.sitewide shop.example medium active'])
    expect((await threats())[0]?.title).toMatch(/^SERP volatility/)
    await replayed()
    move(market, 'own', 3, moved)
    move(market, 'one.example', 40, moved)
    await days(2, market, flat)
    expect(await short()).toEqual(['rank.sitewide shop.example medium resolved'])
  })

  test('comp.overtake', async () => {
    const market = calm(8, 3, 9)
    await days(8, market, flat)
    move(market, 'one.example', 2)
    move(market, 'own', 4)
    await measure(market, flat)
    expect(await short()).toEqual([])
    await measure(market, flat)
    expect(await short()).toEqual([`comp.overtake one.example:${keyword0} high active`])
    await days(2, market, flat)
    await replayed()
    move(market, 'one.example', 9)
    move(market, 'own', 3)
    await days(2, market, flat)
    expect(await short()).toEqual([`comp.overtake one.example:${keyword0} high resolved`])
  })

  test('comp.surge', async () => {
    const market = calm(20, 2, 12)
    await days(20, market, flat)
    move(market, 'two.example', 5, [0, 1, 2, 3, 4, 5])
    await days(3, market, flat)
    expect(await short()).toEqual(['comp.surge two.example high active'])
    await replayed()
    await days(9, market, flat)
    expect(await short()).toEqual(['comp.surge two.example high resolved'])
  })

  test('comp.links', async () => {
    const links = (competitor: string, count: number, weeksAgo: number) =>
      world.change(orgId, (change) =>
        recordBacklinks(change, {
          siteId,
          competitor,
          entries: Array.from({ length: count }, (_, n) => ({
            domain: `w${weeksAgo}-${n}-${world.clock.now().getTime()}.example`,
            firstSeen: new Date(world.clock.now().getTime() - weeksAgo * 7 * dayMs).toISOString().slice(0, 10),
          })),
        }),
      )
    for (const rival of rivals) for (let week = 1; week <= 10; week++) await links(rival, 3 + (week % 3), week)
    await links('two.example', 5, 0)
    await judge()
    expect(await short()).toEqual([])
    await links('one.example', 30, 0)
    await judge()
    const [told] = await short()
    expect(told).toMatch(/^comp\.links one\.example:2\d{3}-\d\d-\d\d medium active$/)
    await replayed()
    for (let day = 0; day < 15; day++) {
      world.clock.advance(dayMs)
      await links('two.example', 1, 0)
      await judge()
    }
    expect(await short()).toEqual([told?.replace('active', 'resolved')])
  })

  test('comp.links says nothing when all jump at once', async () => {
    const day = (weeksAgo: number) => new Date(world.clock.now().getTime() - weeksAgo * 7 * dayMs).toISOString().slice(0, 10)
    for (const competitor of rivals) {
      const usual = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((week) =>
        [0, 1, 2, 3].map((n) => ({ domain: `w${week}-${n}.example`, firstSeen: day(week) })),
      )
      const jump = Array.from({ length: 60 }, (_, n) => ({ domain: `new-${n}.example`, firstSeen: day(0) }))
      await world.change(orgId, (change) => recordBacklinks(change, { siteId, competitor, entries: [...usual, ...jump] }))
    }
    await judge()
    expect(await short()).toEqual([])
  })

  test('comp.newpage', async () => {
    const market = calm(8, 3, 40)
    await days(6, market, flat)
    const withNew = (keywords: number) =>
      entriesOf(market, flat).map((entry, n) => {
        const added = { domain: 'one.example', position: 60, url: 'https://one.example/new' }
        return n < keywords ? { ...entry, competitors: [...(entry.competitors ?? []), added] } : entry
      })
    const see = async (keywords: number) => {
      await push({ siteId, entries: withNew(keywords) })
      await judge()
      world.clock.advance(12 * hourMs)
    }
    await see(2)
    expect(await short()).toEqual([])
    await see(3)
    expect(await short()).toEqual(['comp.newpage https://one.example/new low active'])
    await replayed()
    for (let day = 0; day < 31; day++) await measure(market, flat, { hours: 24 })
    expect(await short()).toEqual(['comp.newpage https://one.example/new low resolved'])
  }, 60_000)
})
