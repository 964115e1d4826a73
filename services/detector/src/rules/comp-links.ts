import { compLinks as spec } from '@tocsin/contract/rules/comp-links'
import { type LinkWeek, newLinksByWeek, type Party } from '@tocsin/domain/backlinks/backlinks'
import type { TrackedCompetitor } from '@tocsin/domain/competitors/competitors'
import { LinksFacts, linkHistoryWeeks, weighLinks } from '../judges/competitor-moves.ts'
import { median } from '../judges/statistics.ts'
import { type Judged, verdictsOf } from './ranking-answer.ts'
import { type RankingRecords, rankingRecords, saidBefore } from './ranking-records.ts'
import type { DataContext, DataRule } from './verdict.ts'
import { reweigh } from './weigh.ts'

const weekMs = 7 * 86_400_000

export const compLinks: DataRule<'comp.links'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const records = await rankingRecords(sql, context)
    // A list often comes when the week it speaks of is over.
    const weeks = [mondayOf(context.now), mondayOf(new Date(context.now.getTime() - weekMs))]
    const judged: Judged[] = []
    for (const week of weeks) {
      const counts = byParty(await newLinksByWeek(sql, context.site.id, weeksBefore(week, linkHistoryWeeks)), week)
      for (const competitor of records.competitors) judged.push(judge(competitor, week, counts, records, context))
    }
    const known = new Set(judged.map((each) => each.subject))
    return verdictsOf(spec, context, [...judged, ...stillOpen(records, known, context)])
  },
  replay: (evidence, { config, now }) => reweigh(LinksFacts, evidence, (facts) => weighLinks(facts, config[spec.id], now)),
}

/** In the week and in each of those before it, newest first. */
type Counts = ReadonlyMap<Party, { count: number; history: number[] }>

function byParty(weeks: readonly LinkWeek[], week: string): Counts {
  return new Map(
    [...Map.groupBy(weeks, (each) => each.party)].map(([party, own]) => {
      const count = (of: string) => own.find((each) => each.week === of)?.count ?? 0
      const history = Array.from({ length: linkHistoryWeeks }, (_, n) => count(weeksBefore(week, n + 1)))
      return [party, { count: count(week), history }]
    }),
  )
}

function judge(
  { id, domain, name }: TrackedCompetitor,
  week: string,
  counts: Counts,
  records: RankingRecords,
  { config, now }: DataContext,
): Judged {
  const subject = `${domain}:${week}`
  const { open, told } = saidBefore(records, spec.id, subject)
  const others = [...counts].flatMap(([party, each]) => (party === id ? [] : [each]))
  const own = counts.get(id) ?? { count: 0, history: [] }
  const facts: LinksFacts = { ...own, week, others, open: open ? { since: open.firstSeenAt.toISOString() } : null, told }
  return {
    subject,
    weighed: weighLinks(facts, config[spec.id], now),
    evidence: { competitor: domain, ...facts },
    words: () => ({
      title: `${domain} gained ${own.count} referring domains in a week`,
      description: `In the week from ${week}, ${own.count} domains linked to ${name} for the first time; ${median(own.history) ?? 0} is usual.`,
    }),
  }
}

/** Weeks that are past are not counted again: they stay as they were told until their time is over. */
function stillOpen(records: RankingRecords, known: ReadonlySet<string>, { config, now }: DataContext): Judged[] {
  return [...records.findings.values()].flatMap((finding): Judged[] => {
    if (finding.rule !== spec.id || !finding.isOpen || known.has(finding.subject)) return []
    const facts = LinksFacts.safeParse(finding.evidence)
    if (!facts.success) return []
    const open = { since: finding.firstSeenAt.toISOString() }
    const weighed = weighLinks({ ...facts.data, open }, config[spec.id], now)
    // Nothing new was seen of it.
    const level = weighed.level === 'ok' ? weighed : ({ level: 'unknown', severity: null } as const)
    return [
      { subject: finding.subject, weighed: level, evidence: finding.evidence, words: () => ({ title: '', description: '' }) },
    ]
  })
}

/** The date (UTC) of the Monday of a week. */
function mondayOf(now: Date): string {
  const day = new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`)
  const sinceMonday = (day.getUTCDay() + 6) % 7
  return new Date(day.getTime() - sinceMonday * 86_400_000).toISOString().slice(0, 10)
}

const weeksBefore = (week: string, weeks: number): string =>
  new Date(Date.parse(`${week}T00:00:00Z`) - weeks * weekMs).toISOString().slice(0, 10)
