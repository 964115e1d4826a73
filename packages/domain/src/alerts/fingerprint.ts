import { createHash } from 'node:crypto'
import type { AlertRule } from '@tocsin/contract/api/alert-rules'
import type { AlertRuleId, OrgId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import type { Signal } from './signal.ts'

/** One rule says one thing of one subject: whatever has this in common is the same alert while it is open. */
export const fingerprintOf = (orgId: OrgId, ruleId: AlertRuleId, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify([orgId, ruleId, key]))
    .digest('hex')
    .slice(0, 32)

/** Alerts of a rule with the same key are told in one message. Fixed when the alert is triggered: a group does not change under way. */
export function groupKeyOf(
  rule: Pick<AlertRule, 'groupBy'>,
  signal: Pick<Signal, 'siteId' | 'topic' | 'subject'>,
  severity: Severity,
): string {
  const values = { rule: '', site: signal.siteId ?? '', type: signal.topic, severity, subject: signal.subject }
  return [...new Set(rule.groupBy)]
    .filter((name) => name !== 'rule')
    .toSorted()
    .map((name) => `${name}=${values[name]}`)
    .join(' ')
}
