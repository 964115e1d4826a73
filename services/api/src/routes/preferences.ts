import * as api from '@tocsin/contract/api/preferences'
import { setPreferences, setSchedule } from '@tocsin/domain/people/people'
import { getOrgPreferences, getPreferences, getRulePreferences, getSchedule } from '@tocsin/domain/people/people.read'
import { change, memberOf, type Route, read } from '../http/route.ts'

export const preferenceRoutes = (): Route[] => [
  read(api.getPreferences, (sql, call) => getPreferences(sql, memberOf(call))),
  change(api.setPreferences, async (change, call) => {
    await setPreferences(change, { userId: memberOf(call), ruleId: null }, call.body)
    return getPreferences(change.tx, memberOf(call))
  }),
  read(api.getRulePreferences, (sql, call) => getRulePreferences(sql, memberOf(call), call.params.alertRuleId)),
  change(api.setRulePreferences, async (change, call) => {
    const level = { userId: memberOf(call), ruleId: call.params.alertRuleId }
    await setPreferences(change, level, call.body)
    return getRulePreferences(change.tx, level.userId, level.ruleId)
  }),
  read(api.getSchedule, (sql, call) => getSchedule(sql, memberOf(call))),
  change(api.setSchedule, async (change, call) => {
    await setSchedule(change, memberOf(call), call.body)
    return call.body
  }),
  read(api.getOrgPreferences, (sql) => getOrgPreferences(sql)),
  change(api.setOrgPreferences, async (change, { body }) => {
    await setPreferences(change, { userId: null, ruleId: null }, body)
    return getOrgPreferences(change.tx)
  }),
]
