import type { Agent } from '@tocsin/contract/api/scans'
import type { OrgId } from '@tocsin/contract/ids'
import type { ThreatType } from '@tocsin/contract/rule'
import type { Foundation } from '@tocsin/journal/foundation'
import type { Tell } from './executions.ts'
import type { DataContext, DataRule, Registry, Rule, Verdict } from './rules/verdict.ts'

/** The six detectors: one for each type of threat. */
export type Detecting = Exclude<Agent, 'crawler'>

export const detectorOfType = {
  ranking_drop: 'ranking',
  cwv_degradation: 'vitals',
  technical_error: 'technical',
  competitor_surge: 'competitors',
  security_issue: 'security',
  indexation_problem: 'indexation',
} as const satisfies Record<ThreatType, Detecting>
export const detectors: readonly Detecting[] = Object.values(detectorOfType)

const isOf =
  (agent: Detecting) =>
  (rule: Rule): rule is DataRule =>
    rule.scope === 'data' && detectorOfType[rule.spec.type] === agent

/** What the rules of one detector say about the records of a site: each reads in a snapshot of its own. */
export async function assessData(
  deps: Pick<Foundation, 'journal'> & { registry: Registry },
  input: { orgId: OrgId; agent: Detecting; context: DataContext },
  signal: AbortSignal,
  tell: Tell = () => {},
): Promise<Verdict[]> {
  const all: readonly Rule[] = Object.values(deps.registry)
  const rules = all.filter(isOf(input.agent))
  const verdicts: Verdict[] = []
  for (const [n, rule] of rules.entries()) {
    signal.throwIfAborted()
    tell((100 * n) / rules.length, `Judging ${rule.spec.id}`)
    verdicts.push(...(await deps.journal.read(input.orgId, (sql) => rule.assess(sql, input.context))))
  }
  return verdicts
}
