import { idxDropped as spec } from '@tocsin/contract/rules/idx-dropped'
import type { Inspection } from '@tocsin/domain/search-console/search-console'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { z } from 'zod'
import { answer, type Seen, shortName, watchedSubjects } from './answer.ts'
import { raisedAt } from './importance.ts'
import { importanceOf, inspectedPages } from './inspections.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = DataContext['config']['idx.dropped']

const Facts = z.object({
  url: z.string(),
  importance: z.number(),
  /** When Google last said that it is in the index. */
  passedAt: z.iso.datetime().nullable(),
  /** What it has said since, oldest first, the latest two of it. */
  since: z.array(z.object({ at: z.iso.datetime(), verdict: z.string(), coverage: z.string().nullable() })).max(2),
})
type Facts = z.infer<typeof Facts>

export const idxDropped: DataRule<'idx.dropped'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const pages = await inspectedPages(sql, context)
    const watched = new Set(watchedSubjects(spec, context))
    const standing = await standingEvidence(sql, context.site.id, spec.id)
    const importance = await importanceOf(
      sql,
      context.site.id,
      pages.map(({ url }) => url),
    )
    const verdicts = pages
      .map(({ url, inspections }) => {
        const held = Facts.safeParse(standing.get(url)).data
        return verdictOf(factsOf(url, importance(url), inspections, held?.passedAt ?? null), context.config[spec.id])
      })
      .filter(({ level, subject }) => level === 'bad' || watched.has(subject))
    const judged = new Set(verdicts.map(({ subject }) => subject))
    const silent = [...watched].filter((subject) => !judged.has(subject))
    return [...verdicts, ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} }))]
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const conclusive = (subject: string, seen: Seen): Verdict => ({
  ...answer(spec, subject, seen, { kind: 'data', urls: [] }),
  conclusive: true,
})

/** The page may have been gone for longer than its answers are kept: then what is open remembers when it was there. */
function factsOf(url: string, importance: number, inspections: readonly Inspection[], heldPass: string | null): Facts {
  const passed = inspections.findLastIndex(({ verdict }) => verdict === 'pass')
  const since = inspections.slice(passed + 1).slice(-2)
  return {
    url,
    importance,
    passedAt: inspections[passed]?.at.toISOString() ?? heldPass,
    since: since.map(({ at, verdict, coverage }) => ({ at: at.toISOString(), verdict, coverage })),
  }
}

/** A page that never was in the index has not been dropped from it. */
function weigh({ passedAt, since, importance }: Facts, config: Config): Weighed {
  if (passedAt === null) return unknown
  if (since.length === 0) return ok
  return since.length >= 2 ? bad(raisedAt('medium', importance, config.importantFrom)) : unknown
}

function verdictOf(facts: Facts, config: Config): Verdict {
  const weighed = weigh(facts, config)
  if (weighed.level !== 'bad') return conclusive(facts.url, { level: weighed.level, evidence: { ...facts } })
  const reason = facts.since.at(-1)?.coverage
  return conclusive(facts.url, {
    level: 'bad',
    severity: weighed.severity,
    title: `${spec.title}: ${shortName(facts.url)}`,
    description: `Google had ${facts.url} in its index on ${facts.passedAt ?? ''} and has it there no longer${reason ? `: ${reason}` : ''}.`,
    evidence: { ...facts },
  })
}
