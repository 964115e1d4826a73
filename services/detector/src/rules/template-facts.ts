import type { Severity } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import { z } from 'zod'
import type { Evidence } from './answer.ts'
import type { ReplayContext, Replayed } from './verdict.ts'
import { bad, ok, reweigh, unknown } from './weigh.ts'

/** From here on one fault of a template is likelier than many faults of pages. */
const pagesMin = 5
const shareMin = 0.02

/** An error page that answers 200 is made by its template, however many of them a scan has met. */
const alwaysOfTemplate: ReadonlySet<RuleId> = new Set(['soft404'])

export const tripsTemplate = (rule: RuleId, pagesBad: number, pagesSeen: number): boolean =>
  alwaysOfTemplate.has(rule) ? pagesBad > 0 : pagesBad >= Math.max(pagesMin, pagesSeen * shareMin)

/** A template that search engines are told to drop is worse than any of its pages; but what was so on day one may well be meant so. */
const severityOfTemplate: Partial<Record<RuleId, Severity>> = { 'idx.noindex': 'critical' }

export const ofTemplate = (rule: RuleId, worst: Severity, baseline: boolean): Severity =>
  (baseline ? undefined : severityOfTemplate[rule]) ?? worst

/** What evidence holds when a template stands in the place of its pages. */
export const TemplateFacts = z.object({
  template: z.string(),
  pagesBad: z.number().int(),
  pagesSeen: z.number().int(),
  /** Whoever is waited for is bad until the last page is well. */
  waitedFor: z.boolean(),
  baseline: z.boolean(),
  /** The facts of the page on which it weighs most. */
  example: z.record(z.string(), z.unknown()),
  /** The facts of the page that a look has seen since. */
  again: z.record(z.string(), z.unknown()).optional(),
})
export type TemplateFacts = z.infer<typeof TemplateFacts>

export const isOfTemplate = (evidence: Evidence): boolean =>
  typeof evidence['template'] === 'string' && typeof evidence['example'] === 'object'

/** The facts of one page: of the example, where a template stands for many. */
export function exampleOf(evidence: Evidence): Evidence {
  const facts = TemplateFacts.safeParse(evidence)
  return facts.success ? facts.data.example : evidence
}

type ReplayOne = (evidence: Evidence, context: ReplayContext) => Replayed

/** A rule's replay of one page, made to understand templates as well. */
export function replayPages(rule: RuleId, replayOne: ReplayOne): ReplayOne {
  return (evidence, context) => {
    if (!isOfTemplate(evidence)) return replayOne(evidence, context)
    return reweigh(TemplateFacts, evidence, (facts) => weighTemplate(rule, facts, (one) => replayOne(one, context)))
  }
}

function weighTemplate(rule: RuleId, facts: TemplateFacts, judge: (evidence: Evidence) => Replayed): Replayed {
  const example = judge(facts.example)
  const latest = facts.again ? judge(facts.again) : example
  if (example.severity === null || latest.level !== 'bad') return unknown
  const trips = facts.waitedFor || tripsTemplate(rule, facts.pagesBad, facts.pagesSeen)
  return trips ? bad(ofTemplate(rule, example.severity, facts.baseline)) : ok
}
