import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Agent } from '@tocsin/contract/api/scans'
import type { ThreatType } from '@tocsin/contract/rule'
import type { PageObservation } from './crawler/observation.ts'
import { groupTemplates, type PageVerdict } from './group-templates.ts'
import type { KnownPages } from './known-pages.ts'
import type { PageContext, PageRule, Registry, Rule, SiteContext, SiteObservation, SiteRule, Verdict } from './rules/verdict.ts'

export type JudgingAgent = Exclude<Agent, 'crawler'>
export const judgingAgents = ['technical', 'security', 'indexation'] as const satisfies readonly JudgingAgent[]

const agentOfType = {
  technical_error: 'technical',
  cwv_degradation: 'technical',
  security_issue: 'security',
  indexation_problem: 'indexation',
  ranking_drop: 'indexation',
  competitor_surge: 'indexation',
} as const satisfies Record<ThreatType, JudgingAgent>

/** Everything that was seen and is known, for rules to judge. */
export interface Judgement {
  readonly seen: SiteObservation
  /** By identity. */
  readonly pages: ReadonlyMap<string, PageObservation>
  readonly known: KnownPages
  /** Its watch list is wider than the site's: see watchingPages. */
  readonly pageContext: PageContext
  readonly siteContext: SiteContext
}

/** Pages judged before other work of this process gets a turn. */
const pagesPerTurn = 50

/** What the rules of one agent say. Aborting leaves it unsaid. */
export async function judgeAgent(
  registry: Registry,
  agent: JudgingAgent,
  judgement: Judgement,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const rules: readonly Rule[] = Object.values(registry)
  for (const rule of rules) {
    if (agentOfType[rule.spec.type] !== agent) continue
    if (rule.scope === 'page') verdicts.push(...(await judgePages(rule, judgement, signal)))
    else verdicts.push(...judgeSite(rule, judgement))
  }
  return verdicts
}

async function judgePages(rule: PageRule, judgement: Judgement, signal: AbortSignal): Promise<Verdict[]> {
  const { pages, known, pageContext, siteContext } = judgement
  const verdicts: PageVerdict[] = []
  let turn = 0
  for (const page of pages.values()) {
    const verdict = rule.judge(page, known.get(page.url) ?? null, pageContext)
    if (verdict) verdicts.push({ page, verdict })
    turn += 1
    if (turn % pagesPerTurn === 0) await nextTurn()
    signal.throwIfAborted()
  }
  const { watched, baseline } = siteContext
  return groupTemplates({ rule: rule.spec.id, verdicts, pages, watched, baseline })
}

function judgeSite(rule: SiteRule, { seen, siteContext }: Judgement): Verdict[] {
  return rule.judge(seen, siteContext)
}
