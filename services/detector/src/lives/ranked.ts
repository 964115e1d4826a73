import type { RuleId } from '@tocsin/contract/rules/catalog'
import { recordBacklinks } from '@tocsin/domain/backlinks/backlinks'
import { rivals } from '@tocsin/testkit/simulated-rankings'
import { dayMs, judge } from './connected.ts'
import type { Life } from './life.ts'
import {
  type CalmMarket,
  country,
  marketOf,
  pushedDays,
  type RankedSite,
  type Route,
  rankedSite,
  siteWithRivals,
  steadyEntries,
} from './market.ts'

interface Shift {
  readonly rule: RuleId
  readonly fault: string
  readonly market: CalmMarket
  /** Days until it is calm, until it is told and until it is over. */
  readonly days: readonly [number, number, number]
  readonly tells: string
  readonly breaks: (site: RankedSite) => void
  readonly mends: (site: RankedSite) => void
}

const few = [0, 1, 2, 3, 4]
const shifts: readonly Shift[] = [
  {
    rule: 'rank.drop',
    fault: 'a keyword falls by five places',
    market: { keywords: 8, own: 3, theirs: 40 },
    days: [8, 2, 2],
    tells: `rank.drop keyword 0:${country}`,
    breaks: ({ move }) => move('own', 8),
    mends: ({ move }) => move('own', 3),
  },
  {
    rule: 'rank.lost',
    fault: 'a keyword is not found any more',
    market: { keywords: 8, own: 6, theirs: 40 },
    days: [8, 2, 2],
    tells: `rank.lost keyword 0:${country}`,
    breaks: ({ move }) => move('own', null),
    mends: ({ move }) => move('own', 6),
  },
  {
    rule: 'rank.page1_exit',
    fault: 'a keyword slips to the second page',
    market: { keywords: 8, own: 9, theirs: 40 },
    days: [8, 3, 2],
    tells: `rank.page1_exit keyword 0:${country}`,
    breaks: ({ move }) => move('own', 12),
    mends: ({ move }) => move('own', 9),
  },
  {
    rule: 'rank.sitewide',
    fault: 'a quarter of the keywords fall at once',
    market: { keywords: 20, own: 3, theirs: 40 },
    days: [8, 2, 2],
    tells: 'rank.sitewide shop.example',
    breaks: ({ move }) => move('own', 15, few),
    mends: ({ move }) => move('own', 3, few),
  },
  {
    rule: 'comp.overtake',
    fault: 'a rival passes the site',
    market: { keywords: 8, own: 3, theirs: 9 },
    days: [8, 3, 3],
    tells: `comp.overtake one.example:keyword 0:${country}`,
    breaks({ move }) {
      move('one.example', 2)
      move('own', 4)
    },
    mends({ move }) {
      move('one.example', 9)
      move('own', 3)
    },
  },
  {
    rule: 'comp.surge',
    fault: 'a rival rises for many keywords',
    market: { keywords: 20, own: 2, theirs: 12 },
    days: [20, 3, 9],
    tells: 'comp.surge two.example',
    breaks: ({ move }) => move('two.example', 5, [...few, 5]),
    mends: ({ move }) => move('two.example', 15, [...few, 5]),
  },
]

const routes: readonly Route[] = ['pushed', 'serper']

const ofShifts: readonly Life[] = shifts.flatMap(({ rule, fault, ...shift }) =>
  routes.map((route) => ({
    rule,
    fault: `${fault} (${route})`,
    async begin(stage) {
      const site = await rankedSite(stage, shift.market, route)
      const [calm, telling, ending] = shift.days
      await site.days(calm)
      return {
        tells: [shift.tells],
        async breaks() {
          shift.breaks(site)
          await site.days(telling)
        },
        async mends() {
          shift.mends(site)
          await site.days(ending)
        },
      }
    },
  })),
)

/** A week of backlinks of each rival, as somebody who buys them from a provider pushes them. */
const boughtLinks: Life = {
  rule: 'comp.links',
  fault: 'a rival buys links',
  async begin(stage) {
    const { world, orgId } = stage
    const siteId = await siteWithRivals(stage)
    let lists = 0
    const link = async (competitor: string, count: number, weeksAgo = 0) => {
      lists += 1
      const firstSeen = new Date(world.clock.now().getTime() - weeksAgo * 7 * dayMs).toISOString().slice(0, 10)
      const entries = Array.from({ length: count }, (_, n) => ({ domain: `list-${lists}-${n}.example`, firstSeen }))
      await world.change(orgId, (change) => recordBacklinks(change, { siteId, competitor, entries }))
      await judge(stage)
    }
    for (const rival of rivals) for (let week = 10; week >= 1; week -= 1) await link(rival, 3 + (week % 3), week)
    return {
      tells: [/^comp\.links one\.example:\d{4}-\d\d-\d\d$/],
      breaks: () => link('one.example', 30),
      async mends() {
        for (let day = 0; day < 15; day += 1) {
          world.clock.advance(dayMs)
          await link('two.example', 1)
        }
      },
    }
  },
}

/** It is news for a month. */
const newPage: Life = {
  rule: 'comp.newpage',
  fault: 'a rival has a page for what we rank for',
  async begin(stage) {
    const siteId = await siteWithRivals(stage)
    const market = marketOf({ keywords: 8, own: 3, theirs: 40 })
    const added = { domain: 'one.example', position: 60, url: 'https://one.example/new' }
    const withNew = () =>
      steadyEntries(market).map((entry, n) => (n < 3 ? { ...entry, competitors: [...(entry.competitors ?? []), added] } : entry))
    const days = pushedDays(stage, siteId, () => steadyEntries(market))
    await days(6)
    return {
      tells: ['comp.newpage https://one.example/new'],
      breaks: () => pushedDays(stage, siteId, withNew)(1),
      mends: () => days(31),
    }
  },
}

export const rankedLives: readonly Life[] = [...ofShifts, boughtLinks, newPage]
