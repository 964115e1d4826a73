import { cwvCruxRegress as spec } from '@tocsin/contract/rules/cwv-crux-regress'
import { FormFactor } from '@tocsin/contract/vitals'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { type CruxRecord, cruxHistory } from '@tocsin/domain/vitals/crux.read'
import { z } from 'zod'
import { CruxFacts, periodBefore, weighCrux } from '../judges/crux-regression.ts'
import { answer, type Evidence, type Seen, watchedSubjects } from './answer.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { formNames, measure, metricNames, percent } from './vital-words.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const dayMs = 86_400_000
/** Two periods of 28 days, and what lies between. */
const daysBack = 100
const look = { kind: 'data', urls: [] } as const
type Config = DataContext['config']['cwv.crux_regress']

const Facts = CruxFacts.extend({ form: FormFactor, target: z.string() })
type Facts = z.infer<typeof Facts>

export const cwvCruxRegress: DataRule<'cwv.crux_regress'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const config = context.config[spec.id]
    const standing = await standingEvidence(sql, context.site.id, spec.id)
    const records = await cruxHistory(sql, context.site.id, new Date(context.now.getTime() - daysBack * dayMs))
    const groups = Map.groupBy(records, subjectOf)
    const verdicts = [...groups].flatMap(([subject, own]) => judge(subject, own, standing.get(subject), config))
    const judged = new Set(verdicts.map(({ subject }) => subject))
    const silent = watchedSubjects(spec, context).filter((subject) => !judged.has(subject))
    return [...verdicts, ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} }))]
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const subjectOf = ({ metric, form, target }: Pick<CruxRecord, 'metric' | 'form' | 'target'>): string =>
  `${metric}:${form}:${target}`
const conclusive = (subject: string, seen: Seen): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

/** `own`: the periods of one subject, the last first. */
function judge(subject: string, own: readonly CruxRecord[], standing: Evidence | undefined, config: Config): Verdict[] {
  const [now] = own
  const open = standing && Facts.safeParse(standing)
  const held = open?.success ? open.data : null
  const before = held?.before ?? periodBefore(own)
  if (!now || !before) return []
  const { metric, form, target } = now
  const worst = held && (held.worst && held.worst.p75 > held.now.p75 ? held.worst : held.now)
  const facts: Facts = { metric, form, target, now: periodOf(now), before: periodOf(before), worst }
  const weighed = weigh(facts, config)
  const evidence = { ...facts }
  if (weighed.level === 'bad')
    return [conclusive(subject, { level: 'bad', severity: weighed.severity, ...words(facts), evidence })]
  return held ? [conclusive(subject, { level: weighed.level, evidence })] : []
}

const periodOf = ({ firstDay, lastDay, p75, goodShare }: Facts['now']): Facts['now'] => ({ firstDay, lastDay, p75, goodShare })

function weigh(facts: Facts, config: Config): Weighed {
  const level = weighCrux(facts, config)
  if (level === 'bad') return bad('medium')
  return level === 'ok' ? ok : unknown
}

function words({ metric, form, target, now, before }: Facts): { title: string; description: string } {
  return {
    title: `${metricNames[metric]} has got worse for Chrome users on ${formNames[form]}: ${target}`,
    description: `In the 28 days up to ${now.lastDay} ${percent(now.goodShare ?? 0)} of visits were good and three of four stayed under ${measure(metric, now.p75)}; in those up to ${before.lastDay} it was ${percent(before.goodShare ?? 0)} and ${measure(metric, before.p75)}.`,
  }
}
