import { z } from 'zod'
import { AlertRule } from '../api/alert-rules.ts'
import { Alert } from '../api/alerts.ts'
import { Timestamp } from '../endpoint.ts'
import { defineEvent } from '../event.ts'
import { AlertId, AlertRuleId } from '../ids.ts'
import { DecisionReason, NoticeKind } from '../notice.ts'

const data = z.object({ alert: Alert })
const rule = z.object({ rule: AlertRule })

export const alertTriggered = defineEvent('alert.triggered', {
  doc: 'A rule found something, or something that was over came back.',
  data,
})
export const alertAcknowledged = defineEvent('alert.acknowledged', { doc: 'Somebody is on it.', data })
export const alertSnoozed = defineEvent('alert.snoozed', { doc: 'Nothing is told of it for a while.', data })
export const alertUpdated = defineEvent('alert.updated', {
  doc: 'An open alert became worse or milder, or began or ceased to flap.',
  data,
})
export const alertSuppressed = defineEvent('alert.suppressed', {
  doc: 'Nobody was told of a change of the alert, for one reason that holds for everybody; its decisions keep it.',
  data: z.object({ alertId: AlertId, notice: NoticeKind, reason: DecisionReason, until: Timestamp.nullable() }),
})
export const alertResolved = defineEvent('alert.resolved', { doc: 'What it was about is over, or somebody closed it.', data })
export const alertRuleCreated = defineEvent('alert_rule.created', {
  doc: 'A rule says from now on what people are told of.',
  data: rule,
})
export const alertRuleUpdated = defineEvent('alert_rule.updated', { doc: 'A rule was changed, enabled or disabled.', data: rule })
export const alertRuleDeleted = defineEvent('alert_rule.deleted', {
  doc: 'A rule was deleted; its alerts stay.',
  data: z.object({ alertRuleId: AlertRuleId }),
})
