import type { RuleSpec } from '@tocsin/contract/rule'
import { z } from 'zod'

const head = `# Rules

Generated from \`packages/contract/src/rules\` by \`npm run docs\`; \`GET /v1/rules\` says the same. A rule has three answers: bad, ok and unknown. Only a confirmed
bad opens a threat, and only a confirmed ok closes one. Thresholds are set for a site with \`PATCH /v1/sites/{siteId}/rules/{rule}\`, within their bounds.
`

const typeNames = {
  ranking_drop: 'Ranking drops',
  cwv_degradation: 'Core Web Vitals',
  technical_error: 'Technical errors',
  competitor_surge: 'Competitor surges',
  security_issue: 'Security',
  indexation_problem: 'Indexation',
} satisfies Record<RuleSpec['type'], string>

export function renderRules(rules: readonly RuleSpec[]): string {
  const byType = Map.groupBy(rules, (rule) => rule.type)
  const sections = [...byType].map(([type, ofType]) => `## ${typeNames[type]}\n\n${ofType.map(renderRule).join('\n')}`)
  return [head, ...sections].join('\n')
}

function renderRule({ id, title, doc, impact, action, config }: RuleSpec): string {
  const thresholds = Object.entries(config.shape).map(([name, schema]) => thresholdLine(name, schema))
  const table =
    thresholds.length === 0 ? '' : `\n| threshold | default | bounds | |\n|---|---|---|---|\n${thresholds.join('\n')}\n`
  return `### ${id}\n\n**${title}.** ${doc}\n\n${impact} *${action}*\n${table}`
}

function thresholdLine(name: string, schema: z.core.$ZodType): string {
  const { default: standard, minimum, maximum, minItems, maxItems, description = '' } = z.toJSONSchema(schema, { io: 'input' })
  const [least, most] = [minimum ?? minItems, maximum ?? maxItems]
  const bounds = least === undefined && most === undefined ? '' : `${least ?? ''} – ${most ?? ''}`
  return `| \`${name}\` | ${standard === undefined ? '' : `\`${JSON.stringify(standard)}\``} | ${bounds} | ${description} |`
}
