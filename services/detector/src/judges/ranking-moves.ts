import { Severity, severities } from '@tocsin/contract/rule'
import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { z } from 'zod'
import { bad, ok, unknown, type Weighed } from '../rules/weigh.ts'
import { median, medianAbsoluteDeviation, normalScale } from './statistics.ts'

const Day = z.object({ day: z.iso.date(), position: z.number().min(1).nullable(), depth: z.number() })
export type Day = z.infer<typeof Day>

const Fetch = z.object({
  at: z.iso.datetime(),
  position: z.number().min(1).nullable(),
  depth: z.number(),
  /** Marked complete by its sender: it decides alone. */
  complete: z.boolean().nullable(),
})
export type Fetch = z.infer<typeof Fetch>

/** A keyword as it was and as it is: all that its rules judge by. */
export const KeywordFacts = z.object({
  /** Good days before the deciding fetches, oldest first. */
  days: z.array(Day),
  /** Good fetches of the present that are far enough apart, newest first, two at most. */
  fetches: z.array(Fetch),
  /** What the open threat was measured against, since when it is open and how severe it was told; null: nothing is open. */
  open: z.object({ baseline: z.number(), since: z.iso.datetime(), severity: Severity }).nullable(),
  /** True: another rule has told this already. */
  told: z.boolean(),
})
export type KeywordFacts = z.infer<typeof KeywordFacts>

/** Days of the baseline, and of the longer view that tells how a keyword usually varies. */
const baselineDays = 7
export const spreadDays = 28
const dayMs = 86_400_000

/** The newest good fetches of the present that are so far apart that they are two. One alone if its list was marked complete. */
export function decidingFetches(
  fetches: readonly Fetch[],
  { now, currentHours, apartMinutes }: { now: Date; currentHours: number; apartMinutes: number },
): Fetch[] {
  const oldest = now.getTime() - currentHours * 3_600_000
  const [newest, ...before] = fetches.filter((fetch) => Date.parse(fetch.at) >= oldest)
  if (!newest) return []
  const second = before.find((fetch) => Date.parse(newest.at) - Date.parse(fetch.at) >= apartMinutes * 60_000)
  return second ? [newest, second] : [newest]
}

/** Days before the first of the deciding fetches. */
export function daysBefore(days: readonly Day[], fetches: readonly Fetch[]): Day[] {
  const first = fetches.map((fetch) => fetch.at.slice(0, 10)).toSorted((a, b) => a.localeCompare(b))[0]
  return first === undefined ? [...days] : days.filter((each) => each.day < first)
}

const positionsOf = (days: readonly Day[]): number[] => days.flatMap(({ position }) => position ?? [])

/** The median of the last good days on which it was found; null: too few of them. */
export function baselineOf(days: readonly Day[], minDays: number): number | null {
  const positions = positionsOf(days).slice(-baselineDays)
  return positions.length < minDays ? null : median(positions)
}

type DropConfig = RuleConfigs['rank.drop']

/** How many positions must be lost from here; null: beyond the fifth page nobody is told of a drop. */
function bandDrop(baseline: number, config: DropConfig): number | null {
  if (baseline <= 10) return config.topDrop
  if (baseline <= 20) return config.secondDrop
  return baseline <= 50 ? config.deepDrop : null
}

export interface Move {
  readonly baseline: number
  /** The median of the deciding fetches. */
  readonly current: number
}

/** Where it was and is; null when either is not known. */
export function moveOf(
  facts: Pick<KeywordFacts, 'days' | 'fetches'> & { open: { baseline: number } | null },
  minDays: number,
): Move | null {
  const baseline = facts.open?.baseline ?? baselineOf(facts.days, minDays)
  const [newest, second] = facts.fetches
  if (baseline === null || !newest) return null
  // What is absent in one and found in the other contradicts itself.
  const deciding = newest.complete === true ? [newest] : second ? [newest, second] : []
  const positions = deciding.flatMap(({ position }) => position ?? [])
  const current = positions.length === deciding.length ? median(positions) : null
  return current === null ? null : { baseline, current }
}

/**
 * Down by more than its place allows and more than it usually varies, in each of the deciding fetches: the median of two would follow a
 * single wild one half of the way. An open drop stays until it is back twice, or until where it is has become usual.
 */
export function weighDrop(facts: KeywordFacts, config: DropConfig, now: Date): Weighed {
  const move = moveOf(facts, config.minDays)
  if (facts.open) {
    if (isOld(facts.open.since, config.newBaselineDays, now)) return ok
    if (isTwice(facts.fetches, ({ position }) => position !== null && position <= (facts.open?.baseline ?? 0) + 1)) return ok
    return move && move.current > move.baseline + 1 ? bad(worseOf(facts.open.severity, dropSeverity(move))) : unknown
  }
  const limit = move && bandDrop(move.baseline, config)
  if (!move || limit === null) return unknown
  const usual = medianAbsoluteDeviation(positionsOf(facts.days).slice(-baselineDays))
  const enough = Math.max(limit, config.sigmas * normalScale * Math.max(usual, config.madFloor))
  const deciding = facts.fetches.slice(0, facts.fetches[0]?.complete === true ? 1 : 2)
  if (!deciding.every(({ position }) => position !== null && position - move.baseline > enough)) return ok
  return facts.told ? unknown : bad(dropSeverity(move))
}

export function dropSeverity({ baseline, current }: Move): Severity {
  if (baseline <= 3 && current > 10) return 'critical'
  return baseline <= 10 ? 'high' : 'medium'
}

/** What wavers around a limit is not told as worse and milder by turns: it stays as severe as it was. */
const worseOf = (a: Severity, b: Severity): Severity => (severities.indexOf(a) <= severities.indexOf(b) ? a : b)

type LostConfig = RuleConfigs['rank.lost']

/** Found on each of the last good days, and now twice not there, in results that were looked through as deep as before. */
export function weighLost(facts: KeywordFacts, config: LostConfig): Weighed {
  const { days, fetches, open } = facts
  if (open)
    return isTwice(fetches, ({ position }) => position !== null)
      ? ok
      : isTwice(fetches, isAbsent)
        ? bad(lostSeverity(open.baseline))
        : unknown
  const baseline = baselineOf(days, config.minDays)
  if (baseline === null || fetches.length < 2) return unknown
  if (!isTwice(fetches, isAbsent)) return isTwice(fetches, (fetch) => !isAbsent(fetch)) ? ok : unknown
  const last = days.slice(-baselineDays)
  const depth = Math.min(...fetches.map((fetch) => fetch.depth))
  const usual = medianAbsoluteDeviation(positionsOf(days).slice(-spreadDays))
  // Places waver the more the deeper they are, and four days can look steady by chance.
  const margin = Math.max(config.marginFloor, config.marginShare * baseline, config.sigmas * normalScale * usual)
  const isSteady = last.every(({ position }) => position !== null)
  const isAsDeep = last.every((day) => depth >= day.depth)
  if (!isSteady || !isAsDeep || depth + 1 - baseline <= margin) return unknown
  return facts.told ? unknown : bad(lostSeverity(baseline))
}

const isAbsent = ({ position }: Fetch): boolean => position === null

/** One step above a drop from there out of sight; of what was beyond the fifth page nobody would have been told. */
function lostSeverity(baseline: number): Severity {
  if (baseline <= 10) return 'critical'
  return baseline <= 50 ? 'high' : 'medium'
}

type ExitConfig = RuleConfigs['rank.page1_exit']
const firstPage = 10

/** Steadily on the first page, and now twice not: by more than it varies, for what hovers at its foot leaves it every other day. */
export function weighPageExit(facts: KeywordFacts, config: ExitConfig): Weighed {
  const { days, fetches, open } = facts
  const isOn = ({ position }: Fetch) => position !== null && position <= firstPage
  const isOff = ({ position }: Fetch) => position !== null && position > firstPage
  if (open) return isTwice(fetches, isOn) ? ok : isTwice(fetches, isOff) ? bad('high') : unknown
  const positions = positionsOf(days).slice(-spreadDays)
  const baseline = baselineOf(days, config.minDays)
  if (baseline === null || fetches.length < 2) return unknown
  if (!isTwice(fetches, isOff)) return ok
  const enough = config.sigmas * normalScale * Math.max(medianAbsoluteDeviation(positions), config.madFloor)
  const isSteady = positions.every((position) => position <= firstPage)
  if (!isSteady || !fetches.every(({ position }) => position !== null && position - baseline > enough)) return ok
  return facts.told ? unknown : bad('high')
}

export const isTwice = <Of>(fetches: readonly Of[], holds: (fetch: Of) => boolean): boolean =>
  fetches.length >= 2 && fetches.every(holds)

export const isOld = (since: string, days: number, now: Date): boolean => now.getTime() - Date.parse(since) >= days * dayMs

export const SitewideFacts = z.object({
  /** Keywords that could be judged, those of them that fell within the day, and those that are down from where they stood before. */
  judged: z.number().int().nonnegative(),
  tripped: z.number().int().nonnegative(),
  down: z.number().int().nonnegative(),
  /** Positions of competitors on the tripped keywords, and how many of them moved as much. */
  rivals: z.object({ compared: z.number().int().nonnegative(), moved: z.number().int().nonnegative() }),
  /** `volatile`: as it was when it opened. */
  open: z.object({ since: z.iso.datetime(), volatile: z.boolean() }).nullable(),
})
export type SitewideFacts = z.infer<typeof SitewideFacts>

type SitewideConfig = RuleConfigs['rank.sitewide']

export function weighSitewide(facts: SitewideFacts, config: SitewideConfig, now: Date): Weighed {
  const { judged, tripped, down, open } = facts
  const severity = isVolatile(facts, config) ? 'medium' : 'critical'
  if (open) {
    if (isOld(open.since, config.newBaselineDays, now)) return ok
    if (judged === 0) return unknown
    return down / judged < config.resolveShare ? ok : bad(severity)
  }
  if (judged === 0) return unknown
  return tripped >= config.minKeywords && tripped / judged >= config.minShare ? bad(severity) : ok
}

/** Not only we moved: the results are in motion for everybody. */
export function isVolatile({ rivals, open }: SitewideFacts, config: SitewideConfig): boolean {
  return open ? open.volatile : rivals.compared > 0 && rivals.moved / rivals.compared >= config.volatileShare
}
