import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { z } from 'zod'
import { bad, ok, unknown, type Weighed } from '../rules/weigh.ts'
import { isOld, isTwice, spreadDays } from './ranking-moves.ts'
import { median, medianAbsoluteDeviation, normalScale, robustZ } from './statistics.ts'

const Position = z.number().min(1).nullable()
const isTold = z.boolean()

const Pair = z.object({ own: Position, rival: Position })
export const OvertakeFacts = z.object({
  /** Good days on which both were measured, oldest first. */
  days: z.array(Pair.extend({ day: z.iso.date() })),
  /** Good fetches in which both were looked for, far enough apart, newest first, two at most. */
  fetches: z.array(Pair.extend({ at: z.iso.datetime() })),
  /** How deep was looked: who is absent stands behind it. */
  depth: z.number(),
  /** Where the site stood when the open threat was told; null: nothing is open. */
  open: z.object({ baseline: z.number() }).nullable(),
  told: isTold,
})
export type OvertakeFacts = z.infer<typeof OvertakeFacts>
type Pair = z.infer<typeof Pair>

const leads = ({ own, rival }: Pair): boolean => own !== null && (rival === null || own < rival)
const isBehind = ({ own, rival }: Pair): boolean => rival !== null && (own === null || rival < own)
const baselineDays = 7
/** By how much of its position a place deviates from day to day at least. */
const wavering = 0.03

/**
 * It stood behind on every good day, stands before twice, and rose: more than it usually varies, and the site gave way. Where both never
 * moved at all, one position is a move.
 */
export function weighOvertake(facts: OvertakeFacts, config: RuleConfigs['comp.overtake']): Weighed {
  const { fetches, open } = facts
  const severity = (open?.baseline ?? ownBaseline(facts)) <= config.topPosition ? 'high' : 'medium'
  if (open) return isTwice(fetches, leads) ? ok : isTwice(fetches, isBehind) ? bad(severity) : unknown
  const days = facts.days.slice(-spreadDays)
  if (days.length < config.minDays || fetches.length < 2) return unknown
  if (!isTwice(fetches, isBehind) || !days.every(leads)) return ok
  const at = (position: number | null) => position ?? facts.depth + 1
  const rivals = days.map(({ rival }) => at(rival))
  const isStill = days.length >= baselineDays && new Set(rivals).size === 1 && new Set(days.map(({ own }) => own)).size === 1
  const rivalBaseline = median(rivals.slice(-baselineDays)) ?? 0
  // Places waver the more the deeper they are, and four days can look steady by chance.
  const least = Math.max(config.madFloor, wavering * rivalBaseline)
  const usual = config.sigmas * normalScale * Math.max(medianAbsoluteDeviation(rivals), least)
  const rose = fetches.every(({ rival }) => rivalBaseline - at(rival) > (isStill ? 0 : usual))
  const ownNow = median(fetches.map(({ own }) => at(own))) ?? 0
  if (!rose || ownNow - ownBaseline(facts) < config.ownMoveMin) return ok
  return facts.told ? unknown : bad(severity)
}

export const ownBaseline = ({ days, depth }: Pick<OvertakeFacts, 'days' | 'depth'>): number =>
  median(days.slice(-baselineDays).map(({ own }) => own ?? depth + 1)) ?? depth + 1

export const SurgeFacts = z.object({
  now: z.number().nonnegative(),
  weekAgo: z.number().nonnegative(),
  /** Visibility below which a growth is a growth from nothing: it is measured from here. */
  floor: z.number().nonnegative(),
  /** How much the others grew in the same week, the site itself included. */
  others: z.array(z.number()),
  /** Its growth beyond that of the others in earlier weeks, one ending each day. */
  history: z.array(z.number()),
  /** Keywords on which it stands higher than a week ago. */
  improved: z.number().int().nonnegative(),
  /** Keywords that were measured then and now. */
  measured: z.object({ weekAgo: z.number().int().nonnegative(), now: z.number().int().nonnegative() }),
  open: z.boolean(),
  told: isTold,
})
export type SurgeFacts = z.infer<typeof SurgeFacts>

/** More of the keywords measured than a week ago is no growth of anybody. */
const sameKeywords = 0.1

export const growthOf = (now: number, before: number, floor: number): number | null => {
  const from = Math.max(before, floor)
  return from <= 0 ? null : (now - before) / from
}

export function surgeOf(
  facts: SurgeFacts,
  config: RuleConfigs['comp.surge'],
): { growth: number; beyond: number; z: number } | null {
  const growth = growthOf(facts.now, facts.weekAgo, facts.floor)
  const { weekAgo, now } = facts.measured
  if (growth === null || weekAgo === 0 || Math.abs(now / weekAgo - 1) > sameKeywords) return null
  if (facts.history.length < config.minHistory) return null
  const beyond = growth - (median(facts.others) ?? 0)
  return { growth, beyond, z: robustZ(beyond, facts.history, config.madFloor) }
}

export function weighSurge(facts: SurgeFacts, config: RuleConfigs['comp.surge']): Weighed {
  const surge = surgeOf(facts, config)
  if (!surge) return unknown
  if (facts.open) return surge.z < config.resolveZ ? ok : bad('high')
  // It must have grown itself: that the others fell is no surge.
  const grew = Math.min(surge.growth, surge.beyond) >= config.minGrowth
  if (!grew || surge.z <= config.minZ || facts.improved < config.minKeywords) return ok
  return facts.told ? unknown : bad('high')
}

const Weeks = z.object({ count: z.number().int().nonnegative(), history: z.array(z.number()) })
export const LinksFacts = Weeks.extend({
  /** Its Monday. */
  week: z.iso.date(),
  /** The same weeks of the others, the site itself included, as far as their links are counted. */
  others: z.array(Weeks),
  open: z.object({ since: z.iso.datetime() }).nullable(),
  told: isTold,
})
export type LinksFacts = z.infer<typeof LinksFacts>

export const linkHistoryWeeks = 8
/** What is counted varies by its square root, and links come in bunches: eight weeks that happen to be alike prove no calm. */
const countFloor = (history: readonly number[]): number => Math.max(1, Math.sqrt(median(history) ?? 0))

export function weighLinks(facts: LinksFacts, config: RuleConfigs['comp.links'], now: Date): Weighed {
  if (facts.open) return isOld(facts.open.since, config.openDays, now) ? ok : bad('medium')
  if (facts.history.length < linkHistoryWeeks) return unknown
  const jumps = ({ count, history }: z.infer<typeof Weeks>) => robustZ(count, history, countFloor(history)) > config.minZ
  if (facts.count < config.minDomains || !jumps(facts)) return ok
  // What jumps everywhere at once was not linked but counted.
  if (facts.others.length > 0 && facts.others.every(jumps)) return unknown
  return facts.told ? unknown : bad('medium')
}

export const NewPageFacts = z.object({
  url: z.string(),
  firstSeenOn: z.iso.date(),
  /** Keywords among whose results it is, and on how many days each had been measured before. */
  keywords: z.array(z.object({ phrase: z.string(), country: z.string(), daysBefore: z.number().int().nonnegative() })),
  open: z.boolean(),
  told: isTold,
})
export type NewPageFacts = z.infer<typeof NewPageFacts>

export function weighNewPage(facts: NewPageFacts, config: RuleConfigs['comp.newpage'], now: Date): Weighed {
  if (isOld(`${facts.firstSeenOn}T00:00:00Z`, config.openDays, now)) return ok
  if (facts.open) return bad('low')
  const news = facts.keywords.filter(({ daysBefore }) => daysBefore >= config.minDays)
  if (news.length < config.minKeywords) return ok
  return facts.told ? unknown : bad('low')
}
