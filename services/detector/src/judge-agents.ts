import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Histogram } from '@tocsin/domain/vitals/histogram'
import { type Detecting, detectorOfType } from './assess-data.ts'
import type { Tell } from './executions.ts'
import { groupingTemplates, type TemplateGroups, templatesSeen } from './group-templates.ts'
import type { KnownPages } from './known-pages.ts'
import type { PagesSeen } from './page-store.ts'
import type { PageContext, PageRule, Registry, Rule, SiteContext, SiteObservation, SiteRule, Verdict } from './rules/verdict.ts'

/** Detectors that judge what the crawl saw. The others have only records. */
export type JudgingAgent = Extract<Detecting, 'technical' | 'security' | 'indexation'>
export const judgesPages = (agent: Detecting): agent is JudgingAgent =>
  agent === 'technical' || agent === 'security' || agent === 'indexation'

/** Everything that was seen and is known, for rules to judge. */
export interface Judgement {
  readonly seen: SiteObservation
  readonly pages: PagesSeen
  readonly known: KnownPages
  readonly responseTimes: Histogram
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
  const all: readonly Rule[] = Object.values(registry)
  const rules = all.filter((rule) => detectorOfType[rule.spec.type] === agent)
  const pageRules = rules.filter((rule) => rule.scope === 'page')
  const onPages = await judgePages(pageRules, judgement, signal, tell)
  return rules.flatMap((rule): Verdict[] => {
    if (rule.scope === 'site') return judgeSite(rule, judgement)
    return onPages.get(rule)?.verdicts() ?? []
  })
}

/** Each page is read back once and judged by every rule. */
async function judgePages(
  rules: readonly PageRule[],
  { pages, known, pageContext, siteContext: { watched, baseline } }: Judgement,
  signal: AbortSignal,
  tell: Tell,
): Promise<ReadonlyMap<Rule, TemplateGroups>> {
  if (rules.length === 0) return new Map()
  const templates = templatesSeen(pages.placed)
  const verdicts = new Map(
    rules.map((rule) => [rule, groupingTemplates({ rule: rule.spec.id, templates, watched, baseline })] as const),
  )
  let judged = 0
  for (const page of pages.values()) {
    const { url, template, status } = page
    const before = known.get(url) ?? null
    for (const [rule, found] of verdicts) {
      const verdict = rule.judge(page, before, pageContext)
      if (verdict) found.add({ page: { url, template, status }, verdict })
    }
    judged += 1
    if (judged % pagesPerTurn !== 0) continue
    tell((100 * judged) / pages.size, 'Judging pages')
    await nextTurn()
    signal.throwIfAborted()
  }
  return verdicts
}

function judgeSite(rule: SiteRule, { seen, siteContext }: Judgement): Verdict[] {
  return rule.judge(seen, siteContext)
}
