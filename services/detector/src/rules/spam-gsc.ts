import { spamGsc as spec } from '@tocsin/contract/rules/spam-gsc'
import type { Sql } from '@tocsin/db/transaction'
import { queriesByWeek } from '@tocsin/domain/search-console/search-console.read'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { z } from 'zod'
import { addDays } from '../judges/pacific.ts'
import { foreignMarks, Profile, profileOf, type Searched } from '../judges/query-spam.ts'
import { answer, type Seen, watchedSubjects } from './answer.ts'
import { type FinalDays, finalDays } from './final-days.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const look = { kind: 'data', urls: [] } as const
type Config = DataContext['config']['spam.gsc']

const beforeDays = 28
/** Fewer days, or fewer impressions, do not tell what a site is searched for. */
const profileDaysMin = 14
const profileImpressionsMin = 100
/** The most seen queries of five weeks: tens of thousands of rows at most. */
const rowsMax = 50_000
/** Shown, and judged again from the evidence; the others are only counted. */
const queriesShown = 60
const queriesBytesMax = 16 * 1024

const Facts = z.object({
  /** What the site was searched for in the weeks before. */
  profile: Profile,
  profileImpressions: z.number(),
  profileDays: z.number().int(),
  /** New since the first day of the first bad week. */
  since: z.string(),
  through: z.string(),
  isWhole: z.boolean(),
  queries: z.array(z.object({ query: z.string(), impressions: z.number() })).max(queriesShown),
  otherImpressions: z.number(),
})
type Facts = z.infer<typeof Facts>

export const spamGsc: DataRule<'spam.gsc'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const config = context.config[spec.id]
    const [subject, isWaitedFor] = [context.site.url, watchedSubjects(spec, context).length > 0]
    const days = await finalDays(sql, context, beforeDays)
    if (!days) return isWaitedFor ? [conclusive(subject, { level: 'unknown', evidence: {} })] : []
    const standing = Facts.safeParse((await standingEvidence(sql, context.site.id, spec.id)).get(subject)).data
    const facts = await readFacts(sql, { context, days, standing: standing ?? null, config })
    const weighed = weigh(facts, config)
    if (weighed.level === 'bad')
      return [
        conclusive(subject, { level: 'bad', severity: weighed.severity, ...wordsFor(facts, config), evidence: { ...facts } }),
      ]
    return isWaitedFor ? [conclusive(subject, { level: weighed.level, evidence: { ...facts } })] : []
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const conclusive = (subject: string, seen: Seen): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

/** While it is open the site is what it was before: spam that lasts must not become its kind. */
async function readFacts(
  sql: Sql,
  { context, days, standing, config }: { context: DataContext; days: FinalDays; standing: Facts | null; config: Config },
): Promise<Facts> {
  const since = standing?.since ?? days.since
  const from = addDays(since, -beforeDays)
  const rows = await queriesByWeek(sql, context.site.id, { from, through: days.through, limit: rowsMax })
  const week = rows.filter((row) => row.week === 0)
  const before = rows.filter((row) => addDays(days.through, -7 * row.week) < since)
  const profile = standing?.profile ?? profileOf(before)
  const known = new Set(before.map(({ query }) => query))
  const odd = week.filter(
    ({ query }) => !known.has(query) && foreignMarks(query, profile, config.ownSharePercent / 100).length > 0,
  )
  return {
    profile,
    profileImpressions: standing?.profileImpressions ?? total(before),
    profileDays: standing?.profileDays ?? days.before.size,
    since,
    through: days.through,
    isWhole: days.isWhole,
    ...shownOf(odd),
  }
}

/** As many as fit, the most seen first: evidence that is cut would weigh less than it did. */
function shownOf(odd: readonly Searched[]): Pick<Facts, 'queries' | 'otherImpressions'> {
  let bytes = 0
  const rest = odd.findIndex(({ query }) => {
    bytes += Buffer.byteLength(query)
    return bytes > queriesBytesMax
  })
  const shown = Math.min(queriesShown, rest === -1 ? odd.length : rest)
  const queries = odd.slice(0, shown).map(({ query, impressions }) => ({ query, impressions }))
  return { queries, otherImpressions: total(odd.slice(shown)) }
}

const total = (queries: readonly Searched[]): number => queries.reduce((sum, { impressions }) => sum + impressions, 0)

/** Half a week may be enough to say that it is there, never that it is over. */
function weigh(facts: Facts, config: Config): Weighed {
  if (facts.profileDays < profileDaysMin || facts.profileImpressions < profileImpressionsMin) return unknown
  const impressions = oddImpressions(facts, config)
  if (impressions >= config.minImpressions) return bad('critical')
  return impressions < config.resolveImpressions && facts.isWhole ? ok : unknown
}

function oddImpressions({ profile, queries, otherImpressions }: Facts, { ownSharePercent }: Config): number {
  const odd = queries.filter(({ query }) => foreignMarks(query, profile, ownSharePercent / 100).length > 0)
  return total(odd) + otherImpressions
}

function wordsFor(facts: Facts, config: Config): { title: string; description: string } {
  const impressions = oddImpressions(facts, config)
  const marks = new Set(facts.queries.flatMap(({ query }) => foreignMarks(query, facts.profile, config.ownSharePercent / 100)))
  const examples = facts.queries.slice(0, 3).map(({ query }) => `“${query}”`)
  return {
    title: `${spec.title}: ${[...marks].join(', ')}`,
    description: `In the 7 final days up to ${facts.through} Google showed the site ${impressions} times for queries that are new and not of its kind, for example ${examples.join(', ')}.`,
  }
}
