import { cwvLab as spec } from '@tocsin/contract/rules/cwv-lab'
import { type LabRun, labRuns } from '@tocsin/domain/browser/visits.read'
import { standingEvidence } from '@tocsin/domain/threats/standing.read'
import { labMetrics, Measured } from '../browser/page-facts.ts'
import { LabFacts, weighLab } from '../judges/lab-regression.ts'
import { answer, type Evidence, type Seen, shortName, watchedSubjects } from './answer.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const dayMs = 86_400_000
const daysBack = 14
/** The last of them: what the page was like lately. */
const beforeMax = 35
/** A visit that is older says nothing about now. */
const freshMs = 3 * dayMs
const look = { kind: 'data', urls: [] } as const
type Config = DataContext['config']['cwv.lab']
type Run = LabRun & { readonly at: Date }

export const cwvLab: DataRule<'cwv.lab'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const { site, now } = context
    const runs = await labRuns(sql, site.id, new Date(now.getTime() - daysBack * dayMs))
    const standing = await standingEvidence(sql, site.id, spec.id)
    const verdicts = [...Map.groupBy(runs, ({ url }) => url)].flatMap(([url, own]) =>
      judge(factsOf(url, own, standing.get(url), now), context.config[spec.id], standing.has(url)),
    )
    const judged = new Set(verdicts.map(({ subject }) => subject))
    const silent = watchedSubjects(spec, context).filter((subject) => !judged.has(subject))
    return [...verdicts, ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} }))]
  },
  replay: (evidence, { config }) => reweigh(LabFacts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const conclusive = (subject: string, seen: Seen): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

/** `own`: the loads of one page, the last visit first. Null: it was not visited lately. */
function factsOf(url: string, own: readonly Run[], standing: Evidence | undefined, now: Date): LabFacts | null {
  const [last] = own
  if (!last || now.getTime() - last.at.getTime() > freshMs) return null
  const comparable = own.filter(({ conditions }) => conditions === last.conditions)
  const isNow = ({ at }: Run) => at.getTime() === last.at.getTime()
  const held = standing && LabFacts.safeParse(standing)
  return {
    url,
    metrics: labMetrics.map((metric) => {
      // While a fault is open, what came after it is not what was before.
      const kept = held?.success ? held.data.metrics.find((each) => each.metric === metric)?.before : undefined
      const before = comparable.filter((run) => !isNow(run)).slice(0, beforeMax)
      return { metric, now: valuesOf(metric, comparable.filter(isNow)), before: kept ?? valuesOf(metric, before) }
    }),
  }
}

const valuesOf = (metric: keyof Measured, runs: readonly Run[]): number[] =>
  runs.flatMap(({ measured }) => {
    const parsed = Measured.safeParse(measured)
    return parsed.success ? [Math.round(parsed.data[metric] * 1_000) / 1_000] : []
  })

function weigh(facts: LabFacts, config: Config): Weighed {
  const [worst] = weighLab(facts, config)
  if (!worst || worst.level === 'unknown') return unknown
  return worst.level === 'bad' ? bad('medium') : ok
}

function judge(facts: LabFacts | null, config: Config, isOpen: boolean): Verdict[] {
  if (!facts) return []
  const weighed = weigh(facts, config)
  const evidence = { ...facts }
  if (weighed.level === 'bad')
    return [conclusive(facts.url, { level: 'bad', severity: weighed.severity, ...words(facts, config), evidence })]
  return isOpen ? [conclusive(facts.url, { level: weighed.level, evidence })] : []
}

const names = {
  LCP: 'Largest contentful paint',
  TBT: 'Blocking time',
  CLS: 'Layout shift',
  FCP: 'First contentful paint',
  TTFB: 'Time to first byte',
} as const satisfies Record<keyof Measured, string>

function words(facts: LabFacts, config: Config): { title: string; description: string } {
  const worse = weighLab(facts, config).filter(({ level }) => level === 'bad')
  const parts = worse.map(
    ({ metric, now, before }) => `${names[metric]} ${written(metric, now)} after ${written(metric, before)}`,
  )
  return {
    title: `${spec.title}: ${shortName(facts.url)}`,
    description: `The median of five runs of Lighthouse on ${facts.url} is worse than in the days before: ${parts.join(', ')}.`,
  }
}

const written = (metric: keyof Measured, value: number): string =>
  metric === 'CLS' ? value.toFixed(2) : value >= 1_000 ? `${(value / 1_000).toFixed(1)} s` : `${Math.round(value)} ms`
