import { z } from 'zod'

export const Severity = z.enum(['critical', 'high', 'medium', 'low']).meta({ id: 'Severity' })
export type Severity = z.infer<typeof Severity>
/** Most severe first. */
export const severities = Severity.options

export const ThreatType = z
  .enum(['ranking_drop', 'cwv_degradation', 'technical_error', 'competitor_surge', 'security_issue', 'indexation_problem'])
  .meta({ id: 'ThreatType' })
export type ThreatType = z.infer<typeof ThreatType>

export interface RuleSpec<Id extends string = string> {
  readonly id: Id
  readonly type: ThreatType
  readonly title: string
  /** What makes it trip and when it is over, in words a site owner understands. */
  readonly doc: string
  readonly impact: string
  readonly action: string
}

export function defineRule<const Id extends string>(id: Id, spec: Omit<RuleSpec<Id>, 'id'>): RuleSpec<Id> {
  return { id, ...spec }
}
