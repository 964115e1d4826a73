import * as api from '@tocsin/contract/api/rules'
import { configureRule } from '@tocsin/domain/rules/rules'
import { listRuleSettings, ruleViews } from '@tocsin/domain/rules/rules.read'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { readState } from '@tocsin/journal/read'
import { change, org, type Route, read } from '../http/route.ts'

export const ruleRoutes = (): Route[] => [
  org(api.listRules, async () => ({ data: ruleViews() })),
  read(api.listRuleSettings, async (sql, { params, orgId }) => ({
    data: await listRuleSettings(sql, (await getSite(sql, params.siteId)).id),
    asOf: (await readState(sql, orgId)).head,
  })),
  change(api.configureRule, (change, { params, body }) =>
    configureRule(change, { siteId: params.siteId, rule: params.rule, config: body }),
  ),
]
