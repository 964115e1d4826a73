import type { CompetitorId } from '@tocsin/contract/ids'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import type { Sql } from '@tocsin/db/transaction'
import { type TrackedCompetitor, trackedCompetitors } from '@tocsin/domain/competitors/competitors'
import { type TrackedKeyword, trackedKeywords } from '@tocsin/domain/keywords/keywords'
import { type GoodFetch, goodFetches, type PartyDays, rankedDays } from '@tocsin/domain/rankings/judging.read'
import { dayBefore } from '@tocsin/domain/rankings/visibility.read'
import { listFindings, type PastFinding } from '@tocsin/domain/threats/findings.read'
import { type Day, type Fetch, spreadDays } from '../judges/ranking-moves.ts'
import type { DataContext } from './verdict.ts'

export interface Stood {
  /** Oldest first. */
  days: Day[]
  /** Newest first. */
  fetches: Fetch[]
}

/** All that is known of one keyword. */
export interface KeywordRecord extends Stood {
  keyword: TrackedKeyword
  /** `blue shoes:US`: what the threats about it are called. */
  subject: string
  /** The page that was found last. */
  url: string | null
  rivals: ReadonlyMap<CompetitorId, Stood>
}

export interface RankingRecords {
  keywords: KeywordRecord[]
  competitors: TrackedCompetitor[]
  /** What is open of a rule and what was opened within a day, by subject. */
  findings: ReadonlyMap<string, PastFinding>
}

const rankingRules = [
  'rank.drop',
  'rank.lost',
  'rank.page1_exit',
  'rank.sitewide',
  'comp.overtake',
  'comp.surge',
  'comp.links',
  'comp.newpage',
] as const satisfies readonly RuleId[]
const dayMs = 86_400_000
/** Beyond the longest history: an open threat was told up to two weeks ago and is measured from before that. */
const daysBack = spreadDays + 16
/** As far back as any site's configuration lets the present reach. */
const presentMs = 10 * dayMs
/** Enough to find two that are far enough apart, also when a source asks every few minutes. */
const fetchesPerKeyword = 12

const loaded = new WeakMap<DataContext, Promise<RankingRecords>>()

/** Read once for all rules that judge with the same context. */
export function rankingRecords(sql: Sql, context: DataContext): Promise<RankingRecords> {
  const before = loaded.get(context)
  if (before) return before
  const records = load(sql, context)
  loaded.set(context, records)
  return records
}

async function load(sql: Sql, { site, now }: DataContext): Promise<RankingRecords> {
  const keywords = await trackedKeywords(sql, site.id)
  const competitors = await trackedCompetitors(sql, site.id)
  const days = Map.groupBy(await rankedDays(sql, { siteId: site.id, from: dayBefore(now, daysBack) }), (each) => each.keywordId)
  const since = new Date(now.getTime() - presentMs)
  const fetches = await goodFetches(sql, { siteId: site.id, since, perKeyword: fetchesPerKeyword })
  const fetched = Map.groupBy(fetches, (each) => each.keywordId)
  const openedSince = new Date(now.getTime() - dayMs)
  const findings = await listFindings(sql, { siteId: site.id, rules: rankingRules, openedSince })
  return {
    keywords: keywords.map((keyword) =>
      recordOf(keyword, competitors, days.get(keyword.id) ?? [], fetched.get(keyword.id) ?? []),
    ),
    competitors,
    // Of a subject that was told and resolved, and is open again, the open one comes last.
    findings: new Map(findings.map((finding) => [`${finding.rule} ${finding.subject}`, finding])),
  }
}

function recordOf(
  keyword: TrackedKeyword,
  competitors: readonly TrackedCompetitor[],
  days: readonly PartyDays[],
  fetches: readonly GoodFetch[],
): KeywordRecord {
  const daysOf = (party: PartyDays['party']) => days.find((each) => each.party === party)?.days ?? []
  const rivals = competitors.map(({ id }): [CompetitorId, Stood] => [
    id,
    { days: daysOf(id), fetches: fetchesOfRival(fetches, id) },
  ])
  return {
    keyword,
    subject: subjectOf(keyword),
    url: fetches.find((fetch) => fetch.url !== null)?.url ?? null,
    days: daysOf(''),
    fetches: fetches.map((fetch) => fetchOf(fetch, fetch)),
    rivals: new Map(rivals),
  }
}

const fetchesOfRival = (fetches: readonly GoodFetch[], id: CompetitorId): Fetch[] =>
  fetches.flatMap((fetch) => {
    const rival = fetch.rivals.find((each) => each.id === id)
    return rival ? [fetchOf(fetch, rival)] : []
  })

const fetchOf = ({ at, complete }: GoodFetch, { position, depth }: { position: number | null; depth: number }): Fetch => ({
  at: at.toISOString(),
  complete,
  position,
  depth,
})

/** Language and device only where they tell two apart. */
export function subjectOf({
  phrase,
  country,
  language,
  device,
}: Pick<TrackedKeyword, 'phrase' | 'country' | 'language' | 'device'>): string {
  return [phrase, country, ...(language === '' ? [] : [language]), ...(device === 'mobile' ? ['mobile'] : [])].join(':')
}

/** What the rule said before of the subject: what is open, and whether it was told within a day and is over: once a day is enough. */
export function saidBefore(
  { findings }: RankingRecords,
  rule: RuleId,
  subject: string,
): { open: PastFinding | null; told: boolean } {
  const finding = findings.get(`${rule} ${subject}`)
  return { open: finding?.isOpen ? finding : null, told: finding !== undefined && !finding.isOpen }
}
