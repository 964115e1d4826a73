import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Detecting, detectorOfType } from './assess-data.ts'
import type { PageObservation } from './crawler/observation.ts'
import type { Tell } from './executions.ts'
import { groupTemplates, type PageVerdict } from './group-templates.ts'
import type { KnownPages } from './known-pages.ts'
import type { PageContext, PageRule, Registry, Rule, SiteContext, SiteObservation, SiteRule, Verdict } from './rules/verdict.ts'

/** Detectors that judge what the crawl saw. The others have only records. */
export type JudgingAgent = Extract<Detecting, 'technical' | 'security' | 'indexation'>
export const judgesPages = (agent: Detecting): agent is JudgingAgent =>
  agent === 'technical' || agent === 'security' || agent === 'indexation'

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
  tell: Tell = () => {},
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const all: readonly Rule[] = Object.values(registry)
  const rules = all.filter((rule) => detectorOfType[rule.spec.type] === agent)
  for (const [n, rule] of rules.entries()) {
    tell((100 * n) / rules.length, `Judging ${rule.spec.id}`)
    if (rule.scope === 'page') verdicts.push(...(await judgePages(rule, judgement, signal)))
    else if (rule.scope === 'site') verdicts.push(...judgeSite(rule, judgement))
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
