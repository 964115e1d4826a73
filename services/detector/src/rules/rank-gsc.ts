import { rankGsc as spec } from '@tocsin/contract/rules/rank-gsc'
import type { Sql } from '@tocsin/db/transaction'
import { pairOf } from '@tocsin/domain/search-console/search-console'
import { type PairSeries, pairSeries } from '@tocsin/domain/search-console/search-console.read'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { z } from 'zod'
import { chanceAllowed, clicksOf, falseRate, impressionsOf, positionShift, Seen } from '../judges/position-shift.ts'
import { rankingUpdates } from '../sources/search-console/anomalies.ts'
import { answer, type Evidence, type Seen as Judged, shortName, watchedSubjects } from './answer.ts'
import { type FinalDays, finalDays } from './final-days.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const look = { kind: 'data', urls: [] } as const
type Config = DataContext['config']['rank.gsc']

const beforeDays = 28
/** A query that is seen on fewer days of a week, or of the four before, is not seen regularly. */
const weekMin = 4
const beforeMin = 10
/** Of a site, the most seen. Each is compared, and the more are compared the more chance has to be allowed for. */
const pairsMax = 2_000
/** One-sided, p < 0.001. */
const clicksZ = 3.09

export const RankGscFacts = z.object({
  query: z.string(),
  page: z.string(),
  /** By Pacific days with impressions; the four weeks are those before the loss. */
  week: z.array(Seen).max(7),
  before: z.array(Seen).max(beforeDays),
  /** Days that could be compared, seen or not. */
  weekDays: z.number().int(),
  beforeDays: z.number().int(),
  /** How small the chance has to be among all that were compared. */
  chanceAllowed: z.number(),
})
export type RankGscFacts = z.infer<typeof RankGscFacts>

export const rankGsc: DataRule<'rank.gsc'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const config = context.config[spec.id]
    const days = await finalDays(sql, context, beforeDays)
    const standing = standingFacts(await standingEvidence(sql, context.site.id, spec.id))
    const verdicts = days ? judgeAll(await readPairs(sql, context, days, [...standing.values()]), days, standing, config) : []
    const judged = new Set(verdicts.map(({ subject }) => subject))
    const silent = watchedSubjects(spec, context).filter((subject) => !judged.has(subject))
    return [...verdicts, ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} }))]
  },
  replay: (evidence, { config }) => reweigh(RankGscFacts, evidence, (facts) => weighRank(facts, config[spec.id])),
}

const subjectOf = ({ query, page }: Pick<RankGscFacts, 'query' | 'page'>): string => `${query}:${page}`
const conclusive = (subject: string, seen: Judged): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

function standingFacts(evidence: ReadonlyMap<string, Evidence>): Map<string, RankGscFacts> {
  const parsed = [...evidence].map(([subject, each]) => [subject, RankGscFacts.safeParse(each).data] as const)
  return new Map(parsed.flatMap(([subject, facts]) => (facts ? [[subject, facts] as const] : [])))
}

function readPairs(
  sql: Sql,
  context: DataContext,
  { from, since, through }: FinalDays,
  standing: readonly RankGscFacts[],
): Promise<PairSeries[]> {
  const { minImpressions } = context.config[spec.id]
  const also = standing.map(({ query, page }) => pairOf(query, page))
  return pairSeries(sql, context.site.id, { from, since, through, minImpressions, also, limit: pairsMax })
}

/** Everything that was seen often enough is compared; whatever is open is compared with what was normal before it. */
function judgeAll(
  series: readonly PairSeries[],
  days: FinalDays,
  standing: ReadonlyMap<string, RankGscFacts>,
  config: Config,
): Verdict[] {
  const all = series.map((pair) => factsOf(pair, days))
  const fresh = all.filter((facts) => !standing.has(subjectOf(facts)) && isRegular(facts, config))
  const allowed = chanceAllowed(
    fresh.map((facts) => positionShift(facts.week, facts.before)?.p ?? 1),
    falseRate,
  )
  const found = fresh
    .map((facts) => ({ ...facts, chanceAllowed: allowed }))
    .filter((facts) => weighRank(facts, config).level === 'bad')
    .toSorted((a, b) => lossOf(b) - lossOf(a))
    .slice(0, config.threatsMax)
  const held = all.flatMap((facts) => {
    const before = standing.get(subjectOf(facts))
    return before ? [{ ...before, week: facts.week, weekDays: facts.weekDays }] : []
  })
  return [...found, ...held].map((facts) => verdictOf(facts, config))
}

function factsOf({ query, page, days: seen }: PairSeries, days: FinalDays): RankGscFacts {
  const points = (of: ReadonlySet<string>) =>
    seen
      .filter(({ day }) => of.has(day))
      .map(({ day, clicks, impressions, position }) => ({ at: day, clicks, impressions, position }))
  const [week, before] = [points(days.week), points(days.before)]
  return { query, page, week, before, weekDays: days.week.size, beforeDays: days.before.size, chanceAllowed: 1 }
}

const isRegular = ({ week, before }: RankGscFacts, config: Config): boolean =>
  week.length >= weekMin && before.length >= beforeMin && impressionsOf(week) >= config.minImpressions

const lossOf = ({ week, before }: RankGscFacts): number => (positionShift(week, before)?.delta ?? 0) * impressionsOf(week)

/** Between the loss that counts and the one that is over nothing is said, so that a threat does not come and go. */
function weighRank(facts: RankGscFacts, config: Config): Weighed {
  if (!isRegular(facts, config)) return unknown
  const shift = positionShift(facts.week, facts.before)
  if (!shift) return unknown
  if (shift.delta < config.resolveDelta) return ok
  if (shift.delta <= config.minDelta || shift.t < config.minT || shift.p > facts.chanceAllowed) return unknown
  return bad(hasLostClicks(facts, config) ? 'high' : 'medium')
}

/** Whether the week has so much fewer clicks than the days before let expect. Days with many visitors come in bunches, which is allowed for. */
function hasLostClicks({ week, before, weekDays, beforeDays: daysBefore }: RankGscFacts, config: Config): boolean {
  if (weekDays === 0 || daysBefore === 0) return false
  const [now, then] = [clicksOf(week), clicksOf(before)]
  const perDay = then / daysBefore
  if (now / weekDays > perDay * (1 - config.clicksLostPercent / 100)) return false
  const total = now + then
  const share = weekDays / (weekDays + daysBefore)
  const scatter = before.reduce((sum, { clicks }) => sum + (clicks - perDay) ** 2, 0) / Math.max(1, (daysBefore - 1) * perDay)
  const z = (total * share - now - 0.5) / Math.sqrt(total * share * (1 - share) * Math.max(1, scatter))
  return z >= clicksZ
}

function verdictOf(facts: RankGscFacts, config: Config): Verdict {
  const weighed = weighRank(facts, config)
  const evidence: Evidence = { ...facts, updates: updatesAmong(facts) }
  if (weighed.level !== 'bad') return conclusive(subjectOf(facts), { level: weighed.level, evidence })
  return conclusive(subjectOf(facts), { level: 'bad', severity: weighed.severity, ...wordsFor(facts), evidence })
}

/** Updates of Google's ranking that were under way between the two ends of the figures. */
function updatesAmong({ week, before }: RankGscFacts): string[] {
  const [first, last] = [(before.at(-14) ?? before[0])?.at, week.at(-1)?.at]
  if (first === undefined || last === undefined) return []
  return rankingUpdates.filter(({ from, to }) => from <= last && to >= first).map(({ name }) => name)
}

function wordsFor(facts: RankGscFacts): { title: string; description: string } {
  const shift = positionShift(facts.week, facts.before)
  const [before, after] = [(shift?.before ?? 0).toFixed(1), (shift?.after ?? 0).toFixed(1)]
  const clicks = `${(clicksOf(facts.week) / Math.max(1, facts.weekDays)).toFixed(1)} clicks a day instead of ${(clicksOf(facts.before) / Math.max(1, facts.beforeDays)).toFixed(1)}`
  const updates = updatesAmong(facts)
  const during = updates.length > 0 ? ` Google was changing its ranking in these weeks (${updates.join(', ')}).` : ''
  return {
    title: `“${facts.query}” fell from position ${before} to ${after}`,
    description: `In the 7 final days up to ${facts.week.at(-1)?.at ?? '?'} ${shortName(facts.page)} stood at ${after} on average for “${facts.query}”, against ${before} in the four weeks before, with ${clicks}.${during}`,
  }
}
