import type { Sql } from '@tocsin/db/transaction'
import {
  baselineOf,
  daysBefore,
  decidingFetches,
  isTwice,
  type KeywordFacts,
  moveOf,
  type SitewideFacts,
  weighDrop,
  weighLost,
  weighPageExit,
  weighSitewide,
} from '../judges/ranking-moves.ts'
import { type KeywordRecord, type RankingRecords, rankingRecords, type Stood, saidBefore } from './ranking-records.ts'
import type { DataContext } from './verdict.ts'
import { ok, type Weighed } from './weigh.ts'

export type KeywordRule = 'rank.drop' | 'rank.lost' | 'rank.page1_exit'

export interface Fall {
  record: KeywordRecord
  facts: KeywordFacts
  weighed: Weighed
  /** It was told by itself before the site fell, and the threat of the site stands for it now. */
  takenOver?: true
}

export interface RankingFalls {
  falls: { readonly [Rule in KeywordRule]: readonly Fall[] }
  sitewide: { facts: SitewideFacts; weighed: Weighed }
  /** The subjects of the keywords that fell within the day. */
  fallen: readonly string[]
}

const dayMs = 86_400_000
const judged = new WeakMap<DataContext, Promise<RankingFalls>>()

/**
 * Every keyword by each of the three rules, and the site by all of them together: judged once for all four, because what one tells the
 * others need not tell again. A fall of the site stands for the falls of its keywords.
 */
export function rankingFalls(sql: Sql, context: DataContext): Promise<RankingFalls> {
  const before = judged.get(context)
  if (before) return before
  const falls = rankingRecords(sql, context).then((records) => judgeFalls(records, context))
  judged.set(context, falls)
  return falls
}

function judgeFalls(records: RankingRecords, context: DataContext): RankingFalls {
  const all = records.keywords.map((record) => judgeKeyword(record, records, context))
  const facts = sitewideFacts(records, all, context)
  const weighed = weighSitewide(facts, context.config['rank.sitewide'], context.now)
  const told = (fall: Fall): Fall[] => {
    if (weighed.level !== 'bad' || fall.weighed.level !== 'bad') return [fall]
    if (fall.facts.open === null) return []
    return [isPartOf(facts, fall.facts.open, context.now) ? { ...fall, weighed: ok, takenOver: true } : fall]
  }
  const of = (rule: KeywordRule) => all.flatMap((each) => told(each[rule]))
  return {
    falls: { 'rank.drop': of('rank.drop'), 'rank.lost': of('rank.lost'), 'rank.page1_exit': of('rank.page1_exit') },
    sitewide: { facts, weighed },
    fallen: all.filter((falls) => hasFallen(falls, context.now)).map((falls) => falls['rank.drop'].record.subject),
  }
}

/** A keyword that fell long before the site did has a fault of its own. */
function isPartOf({ open: site }: SitewideFacts, keyword: { since: string }, now: Date): boolean {
  const fellAt = site === null ? now.getTime() : Date.parse(site.since)
  return fellAt - Date.parse(keyword.since) < dayMs
}

type KeywordFalls = { readonly [Rule in KeywordRule]: Fall }

/** What has dropped is not told once more as having left the first page. */
function judgeKeyword(record: KeywordRecord, records: RankingRecords, { config, now }: DataContext): KeywordFalls {
  const facts = (rule: KeywordRule, more: Partial<KeywordFacts> = {}) => ({
    ...factsOf(rule, record, records, { config, now }),
    ...more,
  })
  const dropFacts = facts('rank.drop')
  const drop = weighDrop(dropFacts, config['rank.drop'], now)
  const lostFacts = facts('rank.lost')
  // Also when the drop is not told again, because it was today.
  const hasDropped = dropFacts.open !== null || weighDrop({ ...dropFacts, told: false }, config['rank.drop'], now).level === 'bad'
  const exitFacts = facts('rank.page1_exit', hasDropped ? { told: true } : {})
  return {
    'rank.drop': { record, facts: dropFacts, weighed: drop },
    'rank.lost': { record, facts: lostFacts, weighed: weighLost(lostFacts, config['rank.lost']) },
    'rank.page1_exit': { record, facts: exitFacts, weighed: weighPageExit(exitFacts, config['rank.page1_exit']) },
  }
}

function factsOf(
  rule: KeywordRule,
  record: KeywordRecord,
  records: RankingRecords,
  { config, now }: Pick<DataContext, 'config' | 'now'>,
): KeywordFacts {
  const { currentHours, apartMinutes, minDays } = config[rule]
  const fetches = decidingFetches(record.fetches, { now, currentHours, apartMinutes })
  const days = daysBefore(record.days, fetches)
  const { open, told } = saidBefore(records, rule, record.subject)
  if (!open) return { days, fetches, open: null, told }
  const measuredFrom = open.evidence['baseline']
  // Evidence that was cut has lost it; where the keyword stood before the threat is still recorded.
  const opened = open.firstSeenAt.toISOString()
  const before = record.days.filter((each) => each.day < opened.slice(0, 10))
  const baseline = typeof measuredFrom === 'number' ? measuredFrom : (baselineOf(before, minDays) ?? 1)
  return { days, fetches, open: { baseline, since: opened, severity: open.severity }, told }
}

/** Fell now, or since yesterday. */
const isFresh = ({ facts, weighed }: Fall, now: Date): boolean =>
  weighed.level === 'bad' && (facts.open === null || now.getTime() - Date.parse(facts.open.since) < dayMs)

const hasFallen = (falls: KeywordFalls, now: Date): boolean => Object.values(falls).some((fall) => isFresh(fall, now))

function sitewideFacts(records: RankingRecords, all: readonly KeywordFalls[], context: DataContext): SitewideFacts {
  const { config, now } = context
  const { open } = saidBefore(records, 'rank.sitewide', sitewideSubject(context))
  const known = all.filter(
    (falls) => falls['rank.drop'].weighed.level !== 'unknown' || falls['rank.lost'].weighed.level === 'bad',
  )
  const tripped = known.filter((falls) => hasFallen(falls, now))
  const since = open?.firstSeenAt.toISOString() ?? null
  const down = since === null ? tripped : known.filter((falls) => isDown(falls['rank.drop'], since, config))
  const rivals = tripped.flatMap((falls) =>
    [...falls['rank.drop'].record.rivals.values()].flatMap((rival) => rivalMove(rival, context)),
  )
  return {
    judged: known.length,
    tripped: tripped.length,
    down: down.length,
    rivals: { compared: rivals.length, moved: rivals.filter((hasMoved) => hasMoved).length },
    open: since === null ? null : { since, volatile: open?.evidence['volatile'] === true },
  }
}

/** There is one for each site. */
export const sitewideSubject = ({ site }: Pick<DataContext, 'site'>): string => new URL(site.url).host

/** Still as far below where it stood before the fall as would be told of it alone. */
function isDown({ record, facts }: Fall, since: string, config: DataContext['config']): boolean {
  const drop = config['rank.drop']
  const baseline = baselineOf(
    record.days.filter((each) => each.day < since.slice(0, 10)),
    drop.minDays,
  )
  if (baseline === null) return false
  if (isTwice(facts.fetches, ({ position }) => position === null)) return true
  const measured = { ...facts, open: { baseline } }
  const move = moveOf(measured, drop.minDays)
  return move !== null && move.current - baseline > bandOf(baseline, drop)
}

const bandOf = (baseline: number, drop: DataContext['config']['rank.drop']): number =>
  baseline <= 10 ? drop.topDrop : baseline <= 20 ? drop.secondDrop : drop.deepDrop

/** Whether a competitor moved as far, up or down, as we would be told of; nothing when that is not known. */
function rivalMove(rival: Stood, { config, now }: DataContext): boolean[] {
  const drop = config['rank.drop']
  const fetches = decidingFetches(rival.fetches, { now, ...drop })
  const move = moveOf({ days: daysBefore(rival.days, fetches), fetches, open: null }, drop.minDays)
  return move ? [Math.abs(move.current - move.baseline) > bandOf(move.baseline, drop)] : []
}
