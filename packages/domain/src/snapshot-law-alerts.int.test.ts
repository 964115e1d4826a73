import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AlertRule, AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { Alert } from '@tocsin/contract/api/alerts'
import { type Silence, SilenceInput } from '@tocsin/contract/api/silences'
import { type Site, SiteInput } from '@tocsin/contract/api/sites'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { newId, type OrgId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { listAlertRules } from './alert-rules/alert-rules.read.ts'
import { createAlertRule, deleteAlertRule, updateAlertRule } from './alert-rules/alert-rules.ts'
import { listAlerts } from './alerts/alerts.read.ts'
import { acknowledgeAlert, calmAlerts, resolveAlert, snoozeAlert } from './alerts/alerts.ts'
import { observe } from './alerts/observe.ts'
import type { Signal } from './alerts/signal.ts'
import { listSilences } from './silences/silences.read.ts'
import { createSilence, expireSilence } from './silences/silences.ts'
import { createSite, deleteSite } from './sites/sites.ts'

interface Screen {
  alerts: Record<string, Alert>
  rules: Record<string, AlertRule>
  silences: Record<string, Silence>
}

let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
})
afterAll(() => world.close())

const byId = <Item extends { id: string }>(items: Item[]): Record<string, Item> =>
  Object.fromEntries(items.map((item) => [item.id, item]))

const snapshot = (): Promise<Screen> =>
  world.journal.read(orgId, async (sql) => ({
    alerts: byId((await listAlerts(sql, { limit: 100 })).data),
    rules: byId((await listAlertRules(sql, { limit: 100 })).data),
    silences: byId((await listSilences(sql, { limit: 100 })).data),
  }))

function apply(screen: Screen, event: OrgEvent): Screen {
  const { type, data } = event
  if (type === 'alert_rule.deleted') {
    const { [data.alertRuleId]: _, ...rules } = screen.rules
    const alerts = Object.values(screen.alerts).map((alert) =>
      alert.ruleId === data.alertRuleId ? { ...alert, ruleId: null } : alert,
    )
    return { ...screen, rules, alerts: byId(alerts) }
  }
  if (type === 'site.deleted') {
    const alerts = Object.values(screen.alerts).map((alert) =>
      alert.siteId === data.siteId ? { ...alert, siteId: null } : alert,
    )
    return { ...screen, alerts: byId(alerts) }
  }
  if ('alert' in data) return { ...screen, alerts: { ...screen.alerts, [data.alert.id]: data.alert } }
  if ('rule' in data) return { ...screen, rules: { ...screen.rules, [data.rule.id]: data.rule } }
  if ('silence' in data) return { ...screen, silences: { ...screen.silences, [data.silence.id]: data.silence } }
  return screen
}

/** Does the work and proves the law for it. */
async function lawful<Result>(work: (change: Change) => Promise<Result>): Promise<Result> {
  const before = await snapshot()
  const results: Result[] = []
  const events = await world.eventsDuring(orgId, async () => {
    results.push(await world.change(orgId, work))
  })
  expect(events.reduce(apply, before)).toEqual(await snapshot())
  const [done] = results.map((result) => ({ result }))
  if (!done) throw new Error('The work was not done.')
  return done.result
}

const signalAt = (site: Site, more: Partial<Signal> = {}): Signal => ({
  key: 'threat:http.5xx:1',
  subject: 'threat:thr_000000000000000000000001',
  transition: 'bad',
  source: 'threat.detected',
  topic: 'technical_error',
  detection: 'http.5xx',
  severity: 'high',
  title: 'Page answers with a server error',
  siteId: site.id,
  parents: [],
  outage: false,
  facts: { topic: 'technical_error', description: '', impact: '', action: '', facts: [], path: '/' },
  ...more,
})

const see = (site: Site, rule: AlertRule, more: Partial<Signal> = {}) =>
  lawful((change) =>
    observe(
      change,
      [{ signal: signalAt(site, more), at: change.now, actor: change.actor, site: { ...site, tags: [] }, openedBy: [rule] }],
      new Map([[rule.id, rule]]),
    ),
  )

const only = async (): Promise<Alert> => {
  const [alert] = Object.values((await snapshot()).alerts)
  if (!alert) throw new Error('There is no alert.')
  return alert
}

test('old snapshot + events = new snapshot, verb by verb through the life of an alert', async () => {
  const site = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))
  const rule = await lawful((change) => createAlertRule(change, AlertRuleInput.parse({ name: 'Errors' })))
  await see(site, rule)
  await see(site, rule, { severity: 'critical' })
  const { id: alertId } = await only()
  await lawful((change) => acknowledgeAlert(change, { alertId, note: 'Mine.' }))
  expect(await only()).toMatchObject({ state: 'acknowledged', acknowledgedBy: { kind: 'system', id: 'test' } })
  await lawful((change) => snoozeAlert(change, { alertId, note: null, minutes: 60 }))
  await lawful((change) => resolveAlert(change, { alertId, note: null }))
  for (const transition of ['bad', 'good', 'bad', 'good', 'bad'] as const) {
    world.clock.advance(60_000)
    await see(site, rule, { transition })
  }
  expect(await only()).toMatchObject({ state: 'triggered', acknowledgedBy: null })
  world.clock.advance(7 * 24 * 3_600_000)
  await lawful((change) => calmAlerts(change))

  await lawful((change) => updateAlertRule(change, { alertRuleId: rule.id, changes: { enabled: false }, ifVersion: null }))
  await lawful((change) => deleteAlertRule(change, { alertRuleId: rule.id }))
  expect(await only()).toMatchObject({ ruleId: null, ruleName: 'Errors' })
  const componentId = newId('component')
  const outages = await lawful((change) => createAlertRule(change, AlertRuleInput.parse({ name: 'Outages' })))
  await see(site, outages, { key: `component:${componentId}`, subject: `component:${componentId}` })
  await lawful((change) => deleteSite(change, { siteId: site.id }))
  expect(Object.values((await snapshot()).alerts).map(({ state, siteId }) => [state, siteId])).toEqual([
    ['triggered', null],
    ['resolved', null],
  ])
})

test('and of a silence', async () => {
  const silence = await lawful((change) =>
    createSilence(
      change,
      SilenceInput.parse({
        matchers: [{ label: 'severity', values: ['high'] }],
        comment: 'The shop moves.',
        endsAt: new Date(change.now.getTime() + 3_600_000).toISOString(),
      }),
    ),
  )
  await lawful((change) => expireSilence(change, { silenceId: silence.id }))
  expect((await snapshot()).silences[silence.id]?.expiredAt).not.toBeNull()
})
