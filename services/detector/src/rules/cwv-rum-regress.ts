import { cwvRumRegress as spec } from '@tocsin/contract/rules/cwv-rum-regress'
import { type FormFactor, type VitalMetric, vitalMetrics } from '@tocsin/contract/vitals'
import type { Sql } from '@tocsin/db/transaction'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { templatesToJudge, type VitalStep, vitalDays, vitalSteps } from '@tocsin/domain/vitals/vitals.read'
import { comparisonsPerTrip } from '../judges/proportions.ts'
import {
  type FormFacts,
  type FormHistory,
  formFacts,
  RegressionFacts,
  weighForm,
  weighForms,
} from '../judges/vital-regression.ts'
import { answer, type Evidence, type Seen, watchedSubjects } from './answer.ts'
import type { DataContext, DataRule, Replayed, Verdict } from './verdict.ts'
import { formNames, measure, metricNames, percent } from './vital-words.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const hourMs = 3_600_000
/** The longest window and the baseline before it. */
const hoursBack = 14 * 24
/** Of which the worst day is what a day can be like. */
const daysBack = 28
const look = { kind: 'data', urls: [] } as const
type Config = DataContext['config']['cwv.rum_regress']

export const cwvRumRegress: DataRule<'cwv.rum_regress'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const config = context.config[spec.id]
    const standing = await standingEvidence(sql, context.site.id, spec.id)
    const cells = await readFacts(sql, context, config, standing)
    const verdicts = withComparisons(cells, config).flatMap((facts) => verdictOf(facts, config, standing.has(subjectOf(facts))))
    const judged = new Set(verdicts.map(({ subject }) => subject))
    // Nobody has come to such a page for days: nothing can be said about it.
    const silent = watchedSubjects(spec, context).filter((subject) => !judged.has(subject))
    return [...verdicts, ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} }))]
  },
  replay: (evidence, { config }) => reweigh(RegressionFacts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const subjectOf = ({ metric, template }: Pick<RegressionFacts, 'metric' | 'template'>): string => `${metric}:${template}`
const conclusive = (subject: string, seen: Seen): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

/** Metric by metric: the histograms of one are a few megabytes at most. */
async function readFacts(
  sql: Sql,
  { site, now }: DataContext,
  config: Config,
  standing: ReadonlyMap<string, Evidence>,
): Promise<RegressionFacts[]> {
  // The hour that has begun counts: nobody waits an hour to be told.
  const until = new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs)
  const from = new Date(until.getTime() - hoursBack * hourMs)
  const templates = await templatesToJudge(sql, { siteId: site.id, from, until })
  const facts: RegressionFacts[] = []
  for (const metric of vitalMetrics) {
    const steps = await vitalSteps(sql, { siteId: site.id, metric, templates, from, until })
    const daysUntil = new Date(until.getTime() - 24 * hourMs)
    const daysFrom = new Date(daysUntil.getTime() - daysBack * 24 * hourMs)
    const days = await vitalDays(sql, { siteId: site.id, metric, templates, from: daysFrom, until: daysUntil })
    for (const template of templates) {
      const held = heldBaselines(standing.get(subjectOf({ metric, template })))
      const forms = historiesOf(template, steps, days).flatMap(
        (history) => formFacts(metric, history, config, held.get(history.form) ?? null) ?? [],
      )
      if (forms.length > 0) facts.push({ metric, template, comparisons: 1, forms })
    }
  }
  return facts
}

function historiesOf(template: string, steps: readonly VitalStep[], days: readonly VitalStep[]): FormHistory[] {
  const mine = steps.filter((step) => step.template === template)
  return [...Map.groupBy(mine, ({ form }) => form)].map(([form, own]) => {
    const byAge = new Map(own.map(({ ago, histogram }) => [ago, histogram]))
    return {
      form,
      steps: Array.from({ length: hoursBack / 24 }, (_, ago) => byAge.get(ago)),
      days: days.filter((day) => day.template === template && day.form === form).map(({ histogram }) => histogram),
    }
  })
}

/** What was normal when an open fault began: the days since then are not. */
function heldBaselines(evidence: Evidence | undefined): ReadonlyMap<FormFactor, FormFacts['before']> {
  const facts = evidence && RegressionFacts.safeParse(evidence)
  return new Map(facts?.success ? facts.data.forms.map(({ form, before }) => [form, before]) : [])
}

function withComparisons(cells: readonly RegressionFacts[], config: Config): RegressionFacts[] {
  const zs = cells.flatMap((facts) => facts.forms.map((form) => weighForm(facts, form, config).z))
  const comparisons = comparisonsPerTrip(zs, config.minZ)
  return cells.map((facts) => ({ ...facts, comparisons }))
}

function weigh(facts: RegressionFacts, config: Config): Weighed {
  const [worst] = weighForms(facts, config)
  if (!worst) return unknown
  if (worst.level === 'bad') return bad(worst.severity)
  return worst.level === 'ok' ? ok : unknown
}

function verdictOf(facts: RegressionFacts, config: Config, isOpen: boolean): Verdict[] {
  const weighed: Replayed = weigh(facts, config)
  const evidence = { ...facts }
  if (weighed.level === 'bad' && weighed.severity)
    return [conclusive(subjectOf(facts), { level: 'bad', severity: weighed.severity, ...words(facts, config), evidence })]
  return isOpen ? [conclusive(subjectOf(facts), { level: weighed.level === 'ok' ? 'ok' : 'unknown', evidence })] : []
}

function words(facts: RegressionFacts, config: Config): { title: string; description: string } {
  const { metric, template } = facts
  const [worst] = weighForms(facts, config)
  const seen = facts.forms.find(({ form }) => form === worst?.form)
  const name = metricNames[metric as VitalMetric]
  if (!worst || !seen) return { title: spec.title, description: '' }
  const time = seen.windowDays === 1 ? 'the last 24 hours' : `the last ${seen.windowDays} days`
  return {
    title: `${name} is ${percent(worst.ratio - 1)} worse on ${formNames[worst.form]}: ${template}`,
    description: `In ${time} three of four visits on ${formNames[worst.form]} stayed under ${measure(metric, seen.now.p75)}, and under ${measure(metric, seen.before.p75)} in the days before (${seen.now.n} and ${seen.before.n} page views).`,
  }
}
