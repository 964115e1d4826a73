import { z } from 'zod'

export const Severity = z.enum(['critical', 'high', 'medium', 'low']).meta({ id: 'Severity' })
export type Severity = z.infer<typeof Severity>
/** Most severe first. */
export const severities = Severity.options

export const ThreatType = z
  .enum(['ranking_drop', 'cwv_degradation', 'technical_error', 'competitor_surge', 'security_issue', 'indexation_problem'])
  .meta({ id: 'ThreatType' })
export type ThreatType = z.infer<typeof ThreatType>

export interface RuleSpec<Id extends string = string, Config extends z.ZodObject = z.ZodObject> {
  readonly id: Id
  readonly type: ThreatType
  readonly title: string
  /** What makes it trip and when it is over, in words a site owner understands. */
  readonly doc: string
  readonly impact: string
  readonly action: string
  /** Thresholds that an org may set for a site: each with its default, its bounds and a description. */
  readonly config: Config
}

export function defineRule<const Id extends string, Config extends z.ZodObject>(
  id: Id,
  spec: Omit<RuleSpec<Id, Config>, 'id'>,
): RuleSpec<Id, Config> {
  return { id, ...spec }
}
