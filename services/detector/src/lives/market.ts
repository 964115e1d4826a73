import { KeywordInput } from '@tocsin/contract/api/keywords'
import type { SiteId } from '@tocsin/contract/ids'
import { createCompetitor } from '@tocsin/domain/competitors/competitors'
import { putKeywords } from '@tocsin/domain/keywords/keywords'
import { recordRankings } from '@tocsin/domain/rankings/rankings'
import { createSerperServer } from '@tocsin/testkit/outside/serper'
import { entriesOf, type Market, rivals } from '@tocsin/testkit/simulated-rankings'
import { connected, dayMs, hourMs, judge, knownSite } from './connected.ts'
import type { Stage } from './life.ts'

export const country = 'US'

/** How positions come to us: in lists that somebody pushes, or from a provider that we ask. */
export type Route = 'pushed' | 'serper'

export interface RankedSite {
  readonly move: (party: string, place: number | null, keywords?: readonly number[]) => void
  /** So many days of measurements. */
  readonly days: (count: number) => Promise<void>
}

export interface CalmMarket {
  readonly keywords: number
  /** The place of the site for each keyword, and that of the first of its rivals, who are behind one another. */
  readonly own: number
  readonly theirs: number
}

export async function siteWithRivals(stage: Stage): Promise<SiteId> {
  const siteId = await knownSite(stage, 'https://shop.example/')
  await stage.world.change(stage.orgId, async (change) => {
    for (const domain of rivals) await createCompetitor(change, { siteId, domain })
  })
  return siteId
}

/** Nothing moves in it but what a life moves. */
export async function rankedSite(stage: Stage, calm: CalmMarket, route: Route): Promise<RankedSite> {
  const siteId = await siteWithRivals(stage)
  const market = marketOf(calm)
  return {
    move(party, place, keywords = [0]) {
      for (const n of keywords) market.keywords[n]?.places.set(party, place)
    },
    days: route === 'pushed' ? pushedDays(stage, siteId, () => steadyEntries(market)) : await serperDays(stage, siteId, market),
  }
}

export function marketOf({ keywords, own, theirs }: CalmMarket): Market {
  return {
    keywords: Array.from({ length: keywords }, (_, n) => ({
      phrase: `keyword ${n}`,
      places: new Map<string, number | null>([
        ['own', own],
        ...rivals.map((rival, m): [string, number] => [rival, theirs + 3 * m]),
      ]),
    })),
  }
}

/** By a chance that is always the same. */
export const steadyEntries = (market: Market) => entriesOf(market, () => 0.25)

/** A complete list every twelve hours. */
export function pushedDays(stage: Stage, siteId: SiteId, entries: () => ReturnType<typeof entriesOf>) {
  const { world, orgId } = stage
  return async (count: number): Promise<void> => {
    for (let n = 0; n < 2 * count; n += 1) {
      const list = { siteId, source: 'push' as const, complete: true, entries: entries() }
      await world.change(orgId, (change) => recordRankings(change, list))
      await judge(stage)
      world.clock.advance(12 * hourMs)
    }
  }
}

const resultsMax = 100

async function serperDays(stage: Stage, siteId: SiteId, { keywords }: Market) {
  const { world, orgId, closing } = stage
  const tracked = keywords.map(({ phrase }) => KeywordInput.parse({ phrase, country }))
  await world.change(orgId, (change) => putKeywords(change, { siteId, keywords: tracked }))
  const results = (phrase: string) => {
    const places = keywords.find((each) => each.phrase === phrase)?.places ?? new Map<string, number | null>()
    const domains = new Map([...places].map(([party, place]) => [place, party === 'own' ? 'shop.example' : party]))
    return Array.from({ length: resultsMax }, (_, n) => `https://${domains.get(n + 1) ?? `stranger-${n}.example`}/page`)
  }
  const credentials = { apiKey: 'a-key-of-the-test' }
  const server = await createSerperServer({ key: credentials.apiKey, results: ({ q }) => results(q) })
  closing.defer(() => server.close())
  const { pass } = await connected(stage, { siteId, env: { SERPER_URL: server.url }, source: { kind: 'serper', credentials } })
  return (count: number) => pass(count * dayMs)
}
