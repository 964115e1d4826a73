import { compSurge as spec } from '@tocsin/contract/rules/comp-surge'
import {
  dayBefore,
  keywordWeights,
  type Party,
  type VisibilityDay,
  visibilityDays,
} from '@tocsin/domain/rankings/visibility.read'
import { growthOf, SurgeFacts, surgeOf, weighSurge } from '../judges/competitor-moves.ts'
import { median } from '../judges/statistics.ts'
import { type Judged, verdictsOf } from './ranking-answer.ts'
import { type RankingRecords, rankingRecords, saidBefore } from './ranking-records.ts'
import type { DataContext, DataRule } from './verdict.ts'
import { reweigh } from './weigh.ts'

/** Eight weeks of weeks, and the week before the first of them. */
const daysBack = 63
/** A share of the site's own visibility: a competitor that comes from below it comes from nowhere. */
const floorShare = 0.05

export const compSurge: DataRule<'comp.surge'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const records = await rankingRecords(sql, context)
    const { site, now } = context
    const weights = keywordWeights(records.keywords.map(({ keyword }) => keyword))
    const days = await visibilityDays(sql, { siteId: site.id, weights, from: dayBefore(now, daysBack), to: dayBefore(now, 0) })
    const series = seriesOf(days, now)
    return verdictsOf(
      spec,
      context,
      records.competitors.map((competitor) => judge(competitor, series, records, context)),
    )
  },
  replay: (evidence, { config }) => reweigh(SurgeFacts, evidence, (facts) => weighSurge(facts, config[spec.id])),
}

/** Of each party, by days ago; undefined where nothing was measured. */
type Series = ReadonlyMap<Party, readonly (VisibilityDay | undefined)[]>

function seriesOf(days: readonly VisibilityDay[], now: Date): Series {
  const ago = new Map(Array.from({ length: daysBack + 1 }, (_, n) => [dayBefore(now, n), n]))
  return new Map(
    [...Map.groupBy(days, (each) => each.party)].map(([party, own]) => {
      const byAgo = new Map(own.map((each) => [ago.get(each.day), each]))
      return [party, Array.from({ length: daysBack + 1 }, (_, n) => byAgo.get(n))]
    }),
  )
}

function judge(
  { id, domain, name }: RankingRecords['competitors'][number],
  series: Series,
  records: RankingRecords,
  { config, now }: DataContext,
): Judged {
  const { open, told } = saidBefore(records, spec.id, domain)
  const floor = floorShare * (visibilityAt(series, '', 0)?.visibility ?? 0)
  const [today, weekAgo] = [visibilityAt(series, id, 0), visibilityAt(series, id, 7)]
  const history = Array.from({ length: daysBack - 7 }, (_, n) => beyondOthers(series, id, n + 1, floor)).filter(
    (each) => each !== null,
  )
  const facts: SurgeFacts = {
    now: today?.visibility ?? 0,
    weekAgo: weekAgo?.visibility ?? 0,
    floor,
    others: growthOfOthers(series, id, 0, floor),
    history,
    improved: records.keywords.filter(({ rivals }) => hasImproved(rivals.get(id)?.days ?? [], now)).length,
    measured: { weekAgo: weekAgo?.measured ?? 0, now: today?.measured ?? 0 },
    open: open !== null,
    told,
  }
  const surge = surgeOf(facts, config[spec.id])
  return {
    subject: domain,
    weighed: weighSurge(facts, config[spec.id]),
    evidence: { competitor: domain, ...surge, ...facts },
    words: () => ({
      title: `${domain} gained ${Math.round(100 * (surge?.growth ?? 0))} % visibility in a week`,
      description: `${name} stands higher on ${facts.improved} keywords than a week ago; the others gained ${Math.round(
        100 * (median(facts.others) ?? 0),
      )} % in the same time.`,
    }),
  }
}

/** The lower of two days in a row, so that one wild day is no surge; on the other side the middle of three. */
function visibilityAt(series: Series, party: Party, ago: number): VisibilityDay | undefined {
  const days = (series.get(party) ?? []).slice(ago, ago + (ago === 0 ? 2 : 3)).filter((each) => each !== undefined)
  if (ago === 0 && days.length < 2) return undefined
  return days.toSorted((a, b) => a.visibility - b.visibility)[ago === 0 ? 0 : Math.floor(days.length / 2)]
}

function growthAt(series: Series, party: Party, ago: number, floor: number): number | null {
  const own = series.get(party) ?? []
  const [now, next, then] = [own[ago], own[ago + 1], visibilityAt(series, party, ago + 7)]
  if (!now || !next || !then) return null
  return growthOf(Math.min(now.visibility, next.visibility), then.visibility, floor)
}

const growthOfOthers = (series: Series, party: Party, ago: number, floor: number): number[] =>
  [...series.keys()].filter((each) => each !== party).flatMap((each) => growthAt(series, each, ago, floor) ?? [])

function beyondOthers(series: Series, party: Party, ago: number, floor: number): number | null {
  const growth = growthAt(series, party, ago, floor)
  return growth === null ? null : growth - (median(growthOfOthers(series, party, ago, floor)) ?? 0)
}

/** By a position or more, from a week ago to the newest day. */
function hasImproved(days: RankingRecords['keywords'][number]['days'], now: Date): boolean {
  const newest = days.at(-1)
  const before = days.findLast((each) => each.day <= dayBefore(now, 7))
  if (!newest || !before || newest.day < dayBefore(now, 2) || newest.position === null) return false
  return before.position === null || before.position - newest.position >= 1
}
