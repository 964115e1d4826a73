import { compOvertake as spec } from '@tocsin/contract/rules/comp-overtake'
import type { TrackedCompetitor } from '@tocsin/domain/competitors/competitors'
import { OvertakeFacts, ownBaseline, weighOvertake } from '../judges/competitor-moves.ts'
import { daysBefore, decidingFetches, spreadDays } from '../judges/ranking-moves.ts'
import { type Judged, nameOf, place, verdictsOf } from './ranking-answer.ts'
import { type KeywordRecord, type RankingRecords, rankingRecords, type Stood, saidBefore } from './ranking-records.ts'
import type { DataContext, DataRule } from './verdict.ts'
import { reweigh } from './weigh.ts'

export const compOvertake: DataRule<'comp.overtake'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const records = await rankingRecords(sql, context)
    const judged = records.keywords.flatMap((record) =>
      records.competitors.flatMap((competitor) => {
        const rival = record.rivals.get(competitor.id)
        return rival ? [judge({ record, competitor, rival }, records, context)] : []
      }),
    )
    return verdictsOf(spec, context, judged)
  },
  replay: (evidence, { config }) => reweigh(OvertakeFacts, evidence, (facts) => weighOvertake(facts, config[spec.id])),
}

interface Duel {
  record: KeywordRecord
  competitor: TrackedCompetitor
  rival: Stood
}

function judge(duel: Duel, records: RankingRecords, { config, now }: DataContext): Judged {
  const { record, competitor } = duel
  const subject = `${competitor.domain}:${record.subject}`
  const { open, told } = saidBefore(records, spec.id, subject)
  const baseline = open?.evidence['ownBaseline']
  const facts = {
    ...pairs(duel, config, now),
    open: open ? { baseline: typeof baseline === 'number' ? baseline : 1 } : null,
    told,
  }
  const own = facts.open?.baseline ?? ownBaseline(facts)
  return {
    subject,
    weighed: weighOvertake(facts, config[spec.id]),
    evidence: { keyword: record.subject, competitor: competitor.domain, url: record.url, ownBaseline: own, ...facts },
    words() {
      const [last] = facts.fetches
      return {
        title: `${competitor.domain} has passed the site on ${nameOf(record)}`,
        description: `${competitor.name} stands at ${place(last?.rival ?? 1)}, the site ${
          last?.own ? `at ${place(last.own)}` : 'nowhere'
        }; it stood at ${place(own)} and led until now.`,
      }
    },
  }
}

/** Days and fetches in which both were looked for. */
function pairs(
  { record, rival }: Duel,
  config: DataContext['config'],
  now: Date,
): Pick<OvertakeFacts, 'days' | 'fetches' | 'depth'> {
  const theirs = new Map(rival.fetches.map((fetch) => [fetch.at, fetch.position]))
  const both = record.fetches.filter((fetch) => theirs.has(fetch.at))
  const fetches = decidingFetches(both, { now, ...config[spec.id] })
  const theirDays = new Map(rival.days.map((each) => [each.day, each.position]))
  const days = daysBefore(record.days, fetches).filter((each) => theirDays.has(each.day))
  return {
    days: days.slice(-spreadDays).map(({ day, position }) => ({ day, own: position, rival: theirDays.get(day) ?? null })),
    fetches: fetches.map(({ at, position }) => ({ at, own: position, rival: theirs.get(at) ?? null })),
    depth: Math.max(1, ...record.fetches.map((fetch) => fetch.depth)),
  }
}
