import { idxCanonicalGoogle as spec } from '@tocsin/contract/rules/idx-canonical-google'
import type { Inspection } from '@tocsin/domain/search-console/search-console'
import { z } from 'zod'
import { urlAddress } from '../judges/url-address.ts'
import { answer, type Seen, shortName, watchedSubjects } from './answer.ts'
import { raisedAt } from './importance.ts'
import { importanceOf, inspectedPages } from './inspections.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = DataContext['config']['idx.canonical_google']

const dayMs = 86_400_000
/** The first difference after the last agreement, and the latest ones: addresses may be long, and evidence has to hold them whole. */
const canonicalsKept = 4

const Facts = z.object({
  url: z.string(),
  importance: z.number(),
  /** Oldest first. */
  canonicals: z.array(z.object({ at: z.iso.datetime(), google: z.string(), own: z.string() })).max(canonicalsKept),
})
type Facts = z.infer<typeof Facts>

export const idxCanonicalGoogle: DataRule<'idx.canonical_google'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const pages = await inspectedPages(sql, context)
    const watched = new Set(watchedSubjects(spec, context))
    const importance = await importanceOf(
      sql,
      context.site.id,
      pages.map(({ url }) => url),
    )
    const verdicts = pages
      .map(({ url, inspections }) => verdictOf(factsOf(url, importance(url), inspections), context.config[spec.id]))
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

/** Answers that name both; those since the last agreement, the first of them always. */
function factsOf(url: string, importance: number, inspections: readonly Inspection[]): Facts {
  const canonicals = inspections.flatMap(({ at, googleCanonical, userCanonical }) =>
    googleCanonical && userCanonical ? [{ at: at.toISOString(), google: googleCanonical, own: userCanonical }] : [],
  )
  const agreed = canonicals.findLastIndex(isAgreed)
  const differing = canonicals.slice(agreed + 1)
  if (differing.length === 0) return { url, importance, canonicals: canonicals.slice(-1) }
  return { url, importance, canonicals: [...differing.slice(0, 1), ...differing.slice(1).slice(1 - canonicalsKept)] }
}

/** Written otherwise is not meant otherwise. */
const isAgreed = ({ google, own }: { google: string; own: string }): boolean =>
  (urlAddress(google) ?? google) === (urlAddress(own) ?? own)

function weigh({ canonicals, importance }: Facts, config: Config): Weighed {
  const last = canonicals.at(-1)
  if (!last) return unknown
  if (isAgreed(last)) return ok
  const first = canonicals.find((each) => !isAgreed(each)) ?? last
  const apartMs = Date.parse(last.at) - Date.parse(first.at)
  return apartMs >= config.minDaysApart * dayMs ? bad(raisedAt('medium', importance, config.importantFrom)) : unknown
}

function verdictOf(facts: Facts, config: Config): Verdict {
  const weighed = weigh(facts, config)
  if (weighed.level !== 'bad') return conclusive(facts.url, { level: weighed.level, evidence: { ...facts } })
  const last = facts.canonicals.at(-1)
  return conclusive(facts.url, {
    level: 'bad',
    severity: weighed.severity,
    title: `${spec.title}: ${shortName(facts.url)}`,
    description: `${facts.url} names ${last?.own ?? ''} as its canonical; Google takes ${last?.google ?? ''} instead, since ${facts.canonicals[0]?.at ?? ''} at least.`,
    evidence: { ...facts },
  })
}
