import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { SiteId } from '../ids.ts'
import { ThreatType } from '../rule.ts'

/** Numbers, texts, switches and short lists: what thresholds are made of. */
export const RuleConfig = z.record(z.string(), z.unknown()).meta({ id: 'RuleConfig' })

/** Some thresholds of one rule, which alone knows their names and bounds. */
export const RuleConfigChanges = z.record(z.string(), z.unknown()).meta({
  id: 'RuleConfigChanges',
  description: 'Thresholds by name; null sets one back to its default.',
  example: { hopsMin: 4 },
})

export const Rule = z
  .object({
    id: z.string(),
    type: ThreatType,
    title: z.string(),
    doc: z.string().meta({ description: 'What makes it trip and when it is over.' }),
    impact: z.string(),
    action: z.string(),
    configSchema: z
      .record(z.string(), z.unknown())
      .meta({ description: 'JSON Schema of its thresholds, with defaults and bounds.' }),
    defaults: RuleConfig,
  })
  .meta({ id: 'Rule' })
export type Rule = z.infer<typeof Rule>

export const RuleSetting = z
  .object({
    siteId: SiteId,
    rule: z.string(),
    config: RuleConfig.meta({ description: 'The thresholds that hold for the site.' }),
    changed: z.array(z.string()).meta({ description: 'The thresholds that differ from the default.' }),
  })
  .meta({ id: 'RuleSetting' })
export type RuleSetting = z.infer<typeof RuleSetting>

const siteParams = z.strictObject({ siteId: SiteId })
const ruleParams = z.strictObject({ siteId: SiteId, rule: z.string().max(64).meta({ example: 'redirect.chain' }) })

export const listRules = defineEndpoint('listRules', {
  method: 'get',
  path: '/v1/rules',
  doc: 'Every rule of the detector with its explanation and its thresholds.',
  needs: 'read',
  answer: z.object({ data: z.array(Rule) }),
})
export const listRuleSettings = defineEndpoint('listRuleSettings', {
  method: 'get',
  path: '/v1/sites/{siteId}/rules',
  doc: 'The thresholds that hold for a site, rule by rule.',
  needs: 'read',
  params: siteParams,
  answer: z.object({ data: z.array(RuleSetting), asOf: z.number().int().nonnegative() }),
})
export const configureRule = defineEndpoint('configureRule', {
  method: 'patch',
  path: '/v1/sites/{siteId}/rules/{rule}',
  doc: 'Change thresholds of a rule for a site; null sets one back to its default. What is open stays open until it is judged again.',
  needs: 'write',
  params: ruleParams,
  body: RuleConfigChanges,
  answer: RuleSetting,
})
