import * as api from '@tocsin/contract/api/alert-rules'
import { createAlertRule, deleteAlertRule, updateAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { getAlertRule, listAlertRules } from '@tocsin/domain/alert-rules/alert-rules.read'
import { previewRule } from '@tocsin/domain/alerts/preview'
import type { Foundation } from '@tocsin/journal/foundation'
import { change, list, type Route, read } from '../http/route.ts'

export const alertRuleRoutes = ({ clock }: Pick<Foundation, 'clock'>): Route[] => [
  list(api.listAlertRules, (sql, { query }) => listAlertRules(sql, query)),
  change(api.createAlertRule, (change, { body }) => createAlertRule(change, body)),
  read(api.previewAlertRule, (sql, { orgId, body }) => previewRule(sql, { orgId, rule: body, now: clock.now() })),
  read(api.getAlertRule, (sql, { params }) => getAlertRule(sql, params.alertRuleId)),
  change(api.updateAlertRule, (change, { params, body, ifVersion }) =>
    updateAlertRule(change, { alertRuleId: params.alertRuleId, changes: body, ifVersion }),
  ),
  change(api.deleteAlertRule, (change, { params }) => deleteAlertRule(change, params)),
]
