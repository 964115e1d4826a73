import { rankEarly as spec } from '@tocsin/contract/rules/rank-early'
import type { Sql } from '@tocsin/db/transaction'
import {
  type HourSeries,
  hourSeries,
  positionsByDay,
  searchConsoleState,
} from '@tocsin/domain/search-console/search-console.read'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { z } from 'zod'
import { addDays, pacificDay } from '../judges/pacific.ts'
import { chanceAllowed, falseRate, impressionsOf, positionShift, Seen, type Shift, shiftOfDay } from '../judges/position-shift.ts'
import { answer, type Evidence, type Seen as Judged, watchedSubjects } from './answer.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const look = { kind: 'data', urls: [] } as const
type Config = DataContext['config']['rank.early']

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs
/** Hours that ended longer ago are no early news. */
const staleMs = dayMs
/** Fewer hours with anything to see are no day. */
const hoursMin = 6
const queriesMax = 1_000

const Facts = z.object({
  query: z.string(),
  /** By hours with impressions. */
  now: z.array(Seen).max(24),
  weekAgo: z.array(Seen).max(24),
  /** Positions of single days: the final ones of four weeks, or those between the two. */
  days: z.array(z.number()).max(28),
  /** The end of the last of these hours. */
  through: z.iso.datetime(),
  /** Whether the day of a loss seen earlier is final by now. */
  isFinal: z.boolean(),
  chanceAllowed: z.number(),
})
type Facts = z.infer<typeof Facts>

export const rankEarly: DataRule<'rank.early'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const config = context.config[spec.id]
    const state = await searchConsoleState(sql, context.site.id)
    const standing = standingFacts(await standingEvidence(sql, context.site.id, spec.id))
    const through = state?.hoursThrough ?? null
    const isFresh = through !== null && context.now.getTime() - through.getTime() <= staleMs
    const since = new Date((through?.getTime() ?? 0) - dayMs)
    const series =
      through && isFresh
        ? await hourSeries(sql, context.site.id, {
            from: new Date(since.getTime() - weekMs),
            since,
            through,
            minImpressions: config.minImpressions,
            also: [...standing.keys()],
            limit: queriesMax,
          })
        : []
    const seen = through && isFresh ? series.map((each) => factsOf(each, through)) : []
    const now = await withFinalDays(sql, context, state?.finalThrough ?? null, seen)
    const verdicts = judgeAll(now, { standing, finalThrough: state?.finalThrough ?? '', config })
    const judged = new Set(verdicts.map(({ subject }) => subject))
    const silent = watchedSubjects(spec, context).filter((subject) => !judged.has(subject))
    return [...verdicts, ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} }))]
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const conclusive = (subject: string, seen: Judged): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

function standingFacts(evidence: ReadonlyMap<string, Evidence>): Map<string, Facts> {
  const parsed = [...evidence].map(([subject, each]) => [subject, Facts.safeParse(each).data] as const)
  return new Map(parsed.flatMap(([subject, facts]) => (facts ? [[subject, facts] as const] : [])))
}

/** The last 24 complete hours, and the same hours a week before. */
function factsOf({ query, hours }: HourSeries, through: Date): Facts {
  const between = (from: number, to: number) =>
    hours
      .filter(({ hour }) => hour.getTime() >= from && hour.getTime() < to)
      .map(({ hour, clicks, impressions, position }) => ({ at: hour.toISOString(), clicks, impressions, position }))
  const end = through.getTime()
  return {
    query,
    now: between(end - dayMs, end),
    weekAgo: between(end - dayMs - weekMs, end - weekMs),
    days: [1, 2, 3, 4, 5, 6].flatMap((ago) => meanOf(between(end - (ago + 1) * dayMs, end - ago * dayMs))),
    through: through.toISOString(),
    isFinal: false,
    chanceAllowed: 1,
  }
}

function meanOf(hours: readonly Seen[]): number[] {
  const impressions = impressionsOf(hours)
  return impressions === 0 ? [] : [hours.reduce((sum, hour) => sum + hour.impressions * hour.position, 0) / impressions]
}

const finalDaysMin = 10
const finalDaysBack = 28

/** Final days tell better how days differ, where there are enough of them. Only of those that fell so far: of the others nothing is said. */
async function withFinalDays(
  sql: Sql,
  { site, config }: DataContext,
  finalThrough: string | null,
  seen: readonly Facts[],
): Promise<Facts[]> {
  const fell = seen.filter((facts) => (positionShift(facts.now, facts.weekAgo)?.delta ?? 0) > config[spec.id].minDelta)
  if (finalThrough === null || fell.length === 0) return [...seen]
  const from = addDays(finalThrough, 1 - finalDaysBack)
  const queries = fell.map(({ query }) => query)
  const final = await positionsByDay(sql, site.id, { from, through: finalThrough, queries })
  return seen.map((facts) => {
    const days = final.get(facts.query) ?? []
    return days.length >= finalDaysMin ? { ...facts, days } : facts
  })
}

/** Whatever is open and not seen any more is settled by the final figures of its day as well. */
function judgeAll(
  now: readonly Facts[],
  { standing, finalThrough, config }: { standing: ReadonlyMap<string, Facts>; finalThrough: string; config: Config },
): Verdict[] {
  const fresh = now.filter((facts) => !standing.has(facts.query) && isSeenEnough(facts, config))
  const allowed = chanceAllowed(
    fresh.map((facts) => shiftOf(facts)?.p ?? 1),
    falseRate,
  )
  const found = fresh
    .map((facts) => ({ ...facts, chanceAllowed: allowed }))
    .filter((facts) => weigh(facts, config).level === 'bad')
    .toSorted((a, b) => impressionsOf(b.now) - impressionsOf(a.now))
    .slice(0, config.threatsMax)
  const held = [...standing].map(([query, before]): Facts => {
    const facts = now.find((each) => each.query === query) ?? { ...before, now: [], weekAgo: [], days: [] }
    const isFinal = pacificDay(new Date(Date.parse(before.through) - 1)) <= finalThrough
    return { ...facts, chanceAllowed: before.chanceAllowed, isFinal }
  })
  return [...found, ...held].map((facts) => verdictOf(facts, config))
}

function shiftOf({ now, weekAgo, days }: Facts): Shift | null {
  const shift = positionShift(now, weekAgo)
  return shift && shiftOfDay(shift, days)
}

const isSeenEnough = ({ now, weekAgo }: Facts, { minImpressions }: Config): boolean =>
  [now, weekAgo].every((hours) => hours.length >= hoursMin && impressionsOf(hours) >= minImpressions)

/** Hours that are bad speak for themselves; else the final figures end what earlier hours began. */
function weigh(facts: Facts, config: Config): Weighed {
  const settled = facts.isFinal ? ok : unknown
  if (!isSeenEnough(facts, config)) return settled
  const shift = shiftOf(facts)
  if (!shift) return settled
  if (shift.delta < config.resolveDelta) return ok
  if (shift.delta <= config.minDelta || shift.t < config.minT || shift.p > facts.chanceAllowed) return settled
  return bad('low')
}

function verdictOf(facts: Facts, config: Config): Verdict {
  const weighed = weigh(facts, config)
  const evidence: Evidence = { ...facts }
  if (weighed.level !== 'bad') return conclusive(facts.query, { level: weighed.level, evidence })
  const shift = positionShift(facts.now, facts.weekAgo)
  const [before, after] = [(shift?.before ?? 0).toFixed(1), (shift?.after ?? 0).toFixed(1)]
  return conclusive(facts.query, {
    level: 'bad',
    severity: weighed.severity,
    title: `“${facts.query}” may be falling: position ${before} → ${after}`,
    description: `In the 24 hours up to ${facts.through} the site stood at ${after} for “${facts.query}”, against ${before} in the same hours a week ago (${impressionsOf(facts.now)} and ${impressionsOf(facts.weekAgo)} impressions). Google has not finished counting them.`,
    evidence,
  })
}
