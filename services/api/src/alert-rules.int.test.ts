import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { threatDetected, threatResolved } from '@tocsin/contract/events/threats'
import { exampleOf } from '@tocsin/contract/example'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'

const hour = 3_600_000
let api: TestApi
let orgId: OrgId
let key: string
let siteId: SiteId

beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  orgId = await api.world.newOrg()
  key = await api.apiKey(orgId, 'admin')
  const made = await api.call('POST', '/v1/sites', { key, json: { url: 'https://shop.example/', tags: ['shop'] } })
  siteId = made.body['id'] as SiteId
})

const call = (method: string, path: string, json?: unknown) =>
  api.call(method, path, { key, ...(json === undefined ? {} : { json }) })
const emit = (definition: typeof threatDetected | typeof threatResolved, dedupeKey: string, severity = 'high') =>
  api.world.change(orgId, async (change) => {
    const data = definition.data.parse(exampleOf(definition.data))
    const threat = { ...data.threat, siteId, dedupeKey, severity, title: `Fault ${dedupeKey}`, causeId: null }
    change.emit(definition, definition.data.parse({ threat, site: { ...data.site, id: siteId } }))
  })

test('an org begins with rules for threats, outages, incidents and the uptime of a day', async () => {
  const { body } = await call('GET', '/v1/alert-rules')
  const rules = body['data'] as { preset: string; enabled: boolean; notify: unknown }[]
  expect(rules.map(({ preset }) => preset).toSorted()).toEqual([
    'component_uptime',
    'incidents',
    'outages',
    'site_uptime',
    'threats',
  ])
  for (const rule of rules) expect(rule).toMatchObject({ enabled: true, notify: { destinations: 'all', members: 'all' } })
})

test('a rule is made, read, changed and deleted', async () => {
  const made = await call('POST', '/v1/alert-rules', { name: 'Shop', filter: { tags: ['shop'] } })
  expect(made).toMatchObject({
    status: 201,
    body: { kind: 'threshold', condition: null, cooldownSeconds: 300, groupWaitSeconds: 30 },
  })
  const path = `/v1/alert-rules/${String(made.body['id'])}`
  expect((await call('PATCH', path, { severity: 'low' })).body).toMatchObject({
    severity: 'low',
    version: 2,
    filter: { tags: ['shop'] },
  })
  expect((await call('PATCH', path, { severity: 'low' })).body).toMatchObject({ version: 2 })
  const stale = await api.call('PATCH', path, { key, json: { name: 'x' }, headers: { 'if-match': '"1"' } })
  expect(stale.status).toBe(412)
  expect((await call('DELETE', path)).status).toBe(204)
  expect((await call('GET', path)).status).toBe(404)
})

test.each([
  ['an anomaly without a condition', { kind: 'anomaly' }],
  ['an anomaly that compares', { kind: 'anomaly', condition: { metric: 'health.score', op: 'above', value: 1 } }],
  ['a milestone that changes', { kind: 'milestone', condition: { metric: 'health.score', op: 'changes_by', value: 1 } }],
  ['the performance of a health score', { kind: 'performance', condition: { metric: 'health.score', op: 'below', value: 1 } }],
  ["an org's threshold of anything but uptime", { condition: { metric: 'health.score', op: 'below', value: null } }],
  ['a percentile of one number', { condition: { metric: 'health.score', op: 'below', value: 1, percentile: 95 } }],
  ['a day of half an hour', { condition: { metric: 'uptime.site', op: 'below', value: 1, daily: true, windowMinutes: 30 } }],
  ['a change by nothing', { condition: { metric: 'health.score', op: 'changes_by', value: 0 } }],
  ['an unknown metric', { condition: { metric: 'constructor', op: 'below', value: 1 } }],
  ['sources that never happen', { filter: { sources: ['site.*'] } }],
  ['six rounds', { escalation: { rounds: 6, steps: [{ afterMinutes: 5, notify: {} }] } }],
])('%s is no rule', async (_, json) => {
  expect((await call('POST', '/v1/alert-rules', { name: 'Odd', ...json })).status).toBe(422)
})

test('a change that would contradict what stays is refused', async () => {
  const made = await call('POST', '/v1/alert-rules', { name: 'Shop' })
  const changed = await call('PATCH', `/v1/alert-rules/${String(made.body['id'])}`, { kind: 'milestone' })
  expect(changed).toMatchObject({ status: 422, body: { errors: [{ path: 'condition' }] } })
})

test('a preview replays the last month, says what the day would have let through, and changes nothing', async () => {
  for (let day = 0; day < 3; day += 1) {
    for (let index = 0; index < 4; index += 1) {
      await emit(threatDetected, `${day}-${index}`)
      api.world.clock.advance(hour)
      if (index < 3) await emit(threatResolved, `${day}-${index}`)
    }
    api.world.clock.advance(20 * hour)
  }
  await emit(threatDetected, 'mild', 'low')
  const rules = await call('GET', '/v1/alert-rules')
  const { status, body } = await call('POST', '/v1/alert-rules/preview', {
    name: 'Shop',
    filter: { sources: ['threat.*'], severities: ['high'], tags: ['shop'] },
  })
  expect({ status, ...body }).toMatchObject({
    status: 200,
    events: 22,
    cut: false,
    triggered: 12,
    resolved: 9,
    stillOpen: 3,
    messages: 12,
  })
  const days = body['days'] as { withinLimit: number; held: number; messages: number }[]
  expect(days.reduce((sum, { messages }) => sum + messages, 0)).toBe(12)
  for (const { withinLimit, held, messages } of days) expect([withinLimit <= 3, withinLimit + held]).toEqual([true, messages])
  expect((body['alerts'] as unknown[])[0]).toMatchObject({ siteId, title: 'Fault 0-0', severity: 'high' })
  const after = await call('GET', '/v1/alert-rules')
  expect([(await call('GET', '/v1/alerts')).body['data'], after.body]).toEqual([[], rules.body])
})

test('a preview begins thirty days ago', async () => {
  await emit(threatDetected, 'old')
  api.world.clock.advance(31 * 24 * hour)
  const { body } = await call('POST', '/v1/alert-rules/preview', { name: 'Shop' })
  expect(body).toMatchObject({ events: 0, triggered: 0, alerts: [] })
})

test('a preview of a metric measures the windows of the month', async () => {
  await api.world.change(orgId, async (change) => {
    const at = (days: number) => new Date(change.now.getTime() - days * 24 * hour)
    await change.tx.query('update site set baseline_at = $2, created_at = $2 where id = $1', [siteId, at(60)])
    for (const [days, score] of [
      [50, 90],
      [20, 30],
      [10, 90],
    ] as const)
      await change.tx.query(
        `insert into site_score (org_id, site_id, hour, score, by_type) values ($1, $2, date_trunc('hour', $3::timestamptz), $4, '{}')`,
        [orgId, siteId, at(days), score],
      )
  })
  const condition = { metric: 'health.score', op: 'below', value: 50, windowMinutes: 60 }
  const { body } = await call('POST', '/v1/alert-rules/preview', { name: 'Health', condition })
  expect(body).toMatchObject({ events: 0, windows: 720, cut: false, triggered: 1, resolved: 1, stillOpen: 0, messages: 1 })
  const daily = { metric: 'uptime.site', op: 'below', value: null, windowMinutes: 1440, daily: true }
  expect(
    (await call('POST', '/v1/alert-rules/preview', { name: 'Uptime', kind: 'performance', condition: daily })).body,
  ).toMatchObject({
    windows: 29,
    triggered: 0,
  })
})

test('an alert is acknowledged, snoozed and resolved through the door', async () => {
  const alertId = await api.world.change(orgId, async (change) => {
    const { rows } = await change.tx.query<{ id: string }>(
      `insert into alert (id, org_id, rule_name, fingerprint, subject, labels, source, title, facts, severity, state, group_key,
         triggered_at, updated_at)
       values ('alr_000000000000000000000000', $1, 'Shop', 'f', 'threat:x', '{}', 'threat.detected', 'Fault',
         '{"topic": "t", "description": "", "impact": "", "action": "", "facts": [], "path": "/"}', 'high', 'triggered', '', $2, $2)
       returning id`,
      [orgId, change.now],
    )
    return rows[0]?.id ?? ''
  })
  const path = `/v1/alerts/${alertId}`
  expect((await call('POST', `${path}/acknowledge`, { note: 'On it.' })).body).toMatchObject({
    state: 'acknowledged',
    version: 2,
  })
  expect((await call('POST', `${path}/acknowledge`)).body).toMatchObject({ version: 2 })
  expect((await call('POST', `${path}/snooze`, {})).status).toBe(422)
  expect((await call('POST', `${path}/snooze`, { minutes: 5, until: '2030-01-01T00:00:00Z' })).status).toBe(422)
  expect((await call('POST', `${path}/snooze`, { until: '2020-01-01T00:00:00Z' })).status).toBe(422)
  expect((await call('POST', `${path}/snooze`, { until: '2035-01-01T00:00:00Z' })).status).toBe(422)
  expect((await call('POST', `${path}/snooze`, { minutes: 5 })).body).toMatchObject({ snoozedUntil: expect.any(String) })
  expect((await call('POST', `${path}/resolve`)).body).toMatchObject({ state: 'resolved', snoozedUntil: null })
  const detail = await call('GET', path)
  expect(detail.body).toMatchObject({
    inhibitedBy: null,
    steps: [{ step: 'acknowledged', note: 'On it.' }, { step: 'snoozed' }, { step: 'resolved' }],
  })
  expect((await call('GET', '/v1/alerts?state=open')).body['data']).toEqual([])
  expect((await call('GET', '/v1/alerts?state=resolved&severity=high')).body['data']).toHaveLength(1)
  expect((await call('GET', `${path}/decisions`)).body).toMatchObject({ data: [], nextCursor: null })
})
