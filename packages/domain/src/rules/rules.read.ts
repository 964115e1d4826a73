import type { Rule, RuleSetting } from '@tocsin/contract/api/rules'
import type { SiteId } from '@tocsin/contract/ids'
import type { RuleSpec } from '@tocsin/contract/rule'
import { type RuleConfigs, rules } from '@tocsin/contract/rules/catalog'
import type { Sql } from '@tocsin/db/transaction'
import { z } from 'zod'

type Config = Readonly<Record<string, unknown>>

export const defaultsOf = (spec: RuleSpec): Config => spec.config.parse({})

/** The catalogue as the API shows it. */
export const ruleViews = (): Rule[] =>
  rules.map((spec) => {
    const { id, type, title, doc, impact, action, config } = spec
    return {
      id,
      type,
      title,
      doc,
      impact,
      action,
      configSchema: z.toJSONSchema(config, { io: 'input' }),
      defaults: defaultsOf(spec),
    }
  })

async function storedConfigs(sql: Sql, siteId: SiteId): Promise<Map<string, Config>> {
  const { rows } = await sql.query<{ rule: string; config: Config }>('select rule, config from rule_setting where site_id = $1', [
    siteId,
  ])
  return new Map(rows.map(({ rule, config }) => [rule, config]))
}

/** A threshold that was stored under other bounds than today's is the default again. */
export function effectiveConfig(spec: RuleSpec, stored: Config | undefined): Config {
  const defaults = defaultsOf(spec)
  if (!stored) return defaults
  const whole = spec.config.safeParse({ ...defaults, ...stored })
  if (whole.success) return whole.data
  const fits = Object.entries(stored).filter(
    ([key, value]) => key in defaults && spec.config.safeParse({ ...defaults, [key]: value }).success,
  )
  const some = spec.config.safeParse({ ...defaults, ...Object.fromEntries(fits) })
  return some.success ? some.data : defaults
}

/** The thresholds of every rule as they hold for a site. */
export async function ruleConfigs(sql: Sql, siteId: SiteId): Promise<RuleConfigs> {
  const stored = await storedConfigs(sql, siteId)
  const configs = Object.fromEntries(rules.map((spec) => [spec.id, effectiveConfig(spec, stored.get(spec.id))]))
  // Every rule of the catalogue has been parsed by its own schema.
  return configs as unknown as RuleConfigs
}

export async function listRuleSettings(sql: Sql, siteId: SiteId): Promise<RuleSetting[]> {
  const stored = await storedConfigs(sql, siteId)
  return rules.map((spec) => settingView(siteId, spec, stored.get(spec.id)))
}

export function settingView(siteId: SiteId, spec: RuleSpec, stored: Config | undefined): RuleSetting {
  const config = effectiveConfig(spec, stored)
  const defaults = defaultsOf(spec)
  const changed = Object.keys(config).filter((key) => JSON.stringify(config[key]) !== JSON.stringify(defaults[key]))
  return { siteId, rule: spec.id, config, changed }
}
