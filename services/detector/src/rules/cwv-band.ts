import { cwvBand as spec } from '@tocsin/contract/rules/cwv-band'
import { FormFactor, type VitalMetric, vitalMetrics, vitalThresholds } from '@tocsin/contract/vitals'
import type { Sql } from '@tocsin/db/transaction'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { type CruxRecord, cruxHistory } from '@tocsin/domain/vitals/crux.read'
import { figuresOf } from '@tocsin/domain/vitals/histogram'
import { templatesToJudge, type VitalStep, vitalDays } from '@tocsin/domain/vitals/vitals.read'
import { z } from 'zod'
import { BandFacts, type Collection, usualBand, weighBand } from '../judges/vital-band.ts'
import { answer, isWatched, type Seen, watchedSubjects } from './answer.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { formNames, measure, metricNames } from './vital-words.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const dayMs = 86_400_000
const daysBack = 28
/** Periods of the Chrome UX Report that are told by the week. */
const cruxDaysBack = 120
const look = { kind: 'data', urls: [] } as const
type Config = DataContext['config']['cwv.band']

const Facts = BandFacts.extend({
  source: z.enum(['visitors', 'crux']),
  form: FormFactor,
  /** A template of paths, a page or an origin. */
  place: z.string(),
})
type Facts = z.infer<typeof Facts>
type SeenFacts = Omit<Facts, 'usual'>

export const cwvBand: DataRule<'cwv.band'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const config = context.config[spec.id]
    const standing = await standingEvidence(sql, context.site.id, spec.id)
    const facts = [...(await ofVisitors(sql, context, config)), ...(await ofCrux(sql, context))].map((seen) => ({
      ...seen,
      usual: Facts.safeParse(standing.get(subjectOf(seen))).data?.usual ?? usualBand(seen),
    }))
    const judged = new Set(facts.map(subjectOf))
    const silent = watchedSubjects(spec, context).filter((subject) => !judged.has(subject))
    return [
      ...facts.flatMap((each) => verdictOf(each, config)),
      ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} })),
    ]
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const subjectOf = ({ metric, form, place }: Pick<Facts, 'metric' | 'form' | 'place'>): string => `${metric}:${form}:${place}`
const conclusive = (subject: string, seen: Seen): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

/** Days that have ended. */
async function ofVisitors(sql: Sql, context: DataContext, config: Config): Promise<SeenFacts[]> {
  const { site, now } = context
  const from = new Date(now.getTime() - daysBack * dayMs)
  const templates = await templatesToJudge(sql, { siteId: site.id, from, until: now })
  const facts: SeenFacts[] = []
  for (const metric of vitalMetrics) {
    const days = await vitalDays(sql, { siteId: site.id, metric, templates, from, until: now })
    for (const own of Map.groupBy(days, ({ form, template }) => `${form} ${template}`).values()) {
      const [first] = own
      const collections = own.flatMap((day) => collectionOf(metric, day, now, config))
      if (!first) continue
      const { form, template: place } = first
      const isOpen = isWatched(spec, subjectOf({ metric, form, place }), context)
      facts.push({ source: 'visitors', metric, form, place, isOpen, collections })
    }
  }
  return facts
}

function collectionOf(metric: VitalMetric, { ago, histogram }: VitalStep, now: Date, config: Config): Collection[] {
  const { n, p75, goodShare, poorShare } = figuresOf(metric, histogram)
  if (n < config.minViews || p75 === null || goodShare === null || poorShare === null) return []
  const at = new Date(now.getTime() - (ago + 1) * dayMs).toISOString().slice(0, 10)
  return [{ at, p75, n, aboveGood: 1 - goodShare, abovePoor: poorShare }]
}

async function ofCrux(sql: Sql, context: DataContext): Promise<SeenFacts[]> {
  const records = await cruxHistory(sql, context.site.id, new Date(context.now.getTime() - cruxDaysBack * dayMs))
  const groups = Map.groupBy(records, ({ target, form, metric }) => `${metric} ${form} ${target}`)
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (!first) return []
    const { metric, form, target: place } = first
    const isOpen = isWatched(spec, subjectOf({ metric, form, place }), context)
    return [{ source: 'crux' as const, metric, form, place, isOpen, collections: own.map(ofRecord) }]
  })
}

const ofRecord = ({ lastDay, p75, goodShare, poorShare }: CruxRecord): Collection => ({
  at: lastDay,
  p75,
  n: null,
  aboveGood: goodShare === null ? 0 : 1 - goodShare,
  abovePoor: poorShare ?? 0,
})

function weigh(facts: Facts, config: Config): Weighed {
  const { level, band } = weighBand(facts, config)
  if (level === 'bad') return bad(band === 'poor' ? 'high' : 'medium')
  return level === 'ok' ? ok : unknown
}

function verdictOf(facts: Facts, config: Config): Verdict[] {
  const weighed = weigh(facts, config)
  const subject = subjectOf(facts)
  if (weighed.level === 'bad')
    return [conclusive(subject, { level: 'bad', severity: weighed.severity, ...words(facts, config), evidence: { ...facts } })]
  return facts.isOpen ? [conclusive(subject, { level: weighed.level, evidence: { ...facts } })] : []
}

function words(facts: Facts, config: Config): { title: string; description: string } {
  const { metric, form, place, source, collections } = facts
  const { band } = weighBand(facts, config)
  const [last, before] = collections
  const threshold = vitalThresholds[metric][band === 'poor' ? 'poor' : 'good']
  const who = source === 'crux' ? 'of Chrome users' : 'of visits'
  return {
    title: `${metricNames[metric]} ${band === 'poor' ? 'is poor' : 'is no longer good'} on ${formNames[form]}: ${place}`,
    description: `Three of four ${who} on ${formNames[form]} stay under ${measure(metric, last?.p75 ?? 0)} (${last?.at ?? ''}) and ${measure(metric, before?.p75 ?? 0)} (${before?.at ?? ''}); up to ${measure(metric, threshold)} would ${band === 'poor' ? 'not be poor' : 'be good'}.`,
  }
}
