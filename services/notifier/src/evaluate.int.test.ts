import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { ComponentStatus } from '@tocsin/contract/api/components'
import { SiteInput } from '@tocsin/contract/api/sites'
import { componentStatusChanged } from '@tocsin/contract/events/components'
import { incidentCreated, incidentResolved } from '@tocsin/contract/events/incidents'
import * as threatEvents from '@tocsin/contract/events/threats'
import { exampleOf } from '@tocsin/contract/example'
import { type AlertRuleId, newId, type OrgId, type SiteId, ThreatId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import { createAlertRule, deleteAlertRule, updateAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { acknowledgeAlert, calmAlerts, resolveAlert, snoozeAlert } from '@tocsin/domain/alerts/alerts'
import { getAlert, listAlertDecisions, listAlerts } from '@tocsin/domain/alerts/alerts.read'
import { createSite, deleteSite } from '@tocsin/domain/sites/sites'
import type { Change } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createPlanPass } from './plan-pass.ts'

const minute = 60_000
let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
let ruleId: AlertRuleId
let start: number

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  start = world.clock.now().getTime()
  await inOrg((change) => change.tx.query('delete from alert_rule'))
  siteId = (await inOrg((change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/', tags: ['shop'] })))).id
  ruleId = await addRule({ sources: ['threat.*'] })
})

const inOrg = <Result>(work: (change: Change) => Promise<Result>) => world.change(orgId, work)
const addRule = async (filter: object, more: object = {}): Promise<AlertRuleId> =>
  (await inOrg((change) => createAlertRule(change, AlertRuleInput.parse({ name: 'Shop', filter, groupBy: ['rule'], ...more }))))
    .id
async function plan(): Promise<void> {
  const pass = createPlanPass(world)
  while ((await pass()) === 'worked');
}

const threat = (severity: Severity, key: string) => ({
  ...threatEvents.threatDetected.data.parse(exampleOf(threatEvents.threatDetected.data)).threat,
  id: ThreatId.parse(`thr_${key.padEnd(24, '0')}`),
  siteId,
  severity,
  dedupeKey: key,
  causeId: null,
  type: 'technical_error' as const,
})
const verbs = {
  detected: threatEvents.threatDetected,
  updated: threatEvents.threatUpdated,
  acknowledged: threatEvents.threatAcknowledged,
  accepted: threatEvents.threatAccepted,
  flapped: threatEvents.threatFlapped,
  resolved: threatEvents.threatResolved,
}
type Verb = keyof typeof verbs
const site = () => ({ id: siteId, name: 'Shop', url: 'https://shop.example/' })
const emit = (verb: Verb, severity: Severity = 'high', key = 'a') =>
  inOrg(async (change) => change.emit(verbs[verb], { threat: threat(severity, key), site: site() }))

/** What happens, at which minute; `calm` is the pass that looks for what has become steady. */
type Trace = readonly (readonly [minute: number, what: Verb | 'calm', severity?: Severity])[]
async function play(trace: Trace): Promise<void> {
  for (const [at, what, severity] of trace) {
    world.clock.advance(start + at * minute - world.clock.now().getTime())
    if (what === 'calm') await inOrg(calmAlerts)
    else await emit(what, severity)
    await plan()
  }
}

interface NoticeRow {
  kind: string
  severity: Severity
  due: number
}
/** In the order in which they were planned, with the minute at which each may be told. */
async function notices(): Promise<string[]> {
  const { rows } = await inOrg((change) =>
    change.tx.query<NoticeRow>(
      `select kind, severity, extract(epoch from due_at - $1::timestamptz)::float8 / 60 as due from alert_notice order by created_at, ctid`,
      [new Date(start)],
    ),
  )
  return rows.map(({ kind, due }) => `${kind} ${Math.round(due * 10) / 10}`)
}
const alerts = () => world.journal.read(orgId, async (sql) => (await listAlerts(sql, { limit: 200, sort: 'oldest' })).data)
const states = async () => (await alerts()).map(({ state, severity, occurrences }) => `${state} ${severity} ×${occurrences}`)

describe.each<{ name: string; trace: Trace; ends: string[]; told: string[] }>([
  {
    name: 'begins and ends',
    trace: [
      [0, 'detected'],
      [10, 'resolved'],
    ],
    ends: ['resolved high ×1'],
    told: ['triggered 0.5', 'resolved 0.5'],
  },
  {
    name: 'a critical one waits for nothing',
    trace: [[0, 'detected', 'critical']],
    ends: ['triggered critical ×1'],
    told: ['triggered 0'],
  },
  {
    name: 'worse is told, milder is not',
    trace: [
      [0, 'detected', 'medium'],
      [1, 'updated', 'high'],
      [2, 'updated', 'low'],
      [3, 'updated', 'low'],
    ],
    ends: ['triggered low ×4'],
    told: ['triggered 0.5', 'worsened 0.5'],
  },
  {
    name: 'what comes back within five minutes is the same alert, told when it lasts',
    trace: [
      [0, 'detected'],
      [10, 'resolved'],
      [12, 'detected'],
    ],
    ends: ['triggered high ×2'],
    told: ['triggered 0.5', 'resolved 0.5', 'triggered 15'],
  },
  {
    name: 'unless it comes back worse',
    trace: [
      [0, 'detected'],
      [10, 'resolved'],
      [12, 'detected', 'critical'],
    ],
    ends: ['triggered critical ×2'],
    told: ['triggered 0.5', 'resolved 0.5', 'worsened 12'],
  },
  {
    name: 'what comes back later is another alert',
    trace: [
      [0, 'detected'],
      [10, 'resolved'],
      [16, 'detected'],
    ],
    ends: ['resolved high ×1', 'triggered high ×1'],
    told: ['triggered 0.5', 'resolved 0.5', 'triggered 0.5'],
  },
  {
    name: 'accepted is over; acknowledged is told',
    trace: [
      [0, 'detected'],
      [1, 'acknowledged'],
      [2, 'acknowledged'],
      [3, 'accepted'],
    ],
    ends: ['resolved high ×1'],
    told: ['triggered 0.5', 'acknowledged 0.5', 'resolved 0.5'],
  },
  {
    name: 'three times up and down: one says that it flaps, one that it has ceased to, and nothing between them',
    trace: [
      [0, 'detected'],
      [1, 'resolved'],
      [2, 'detected'],
      [3, 'resolved'],
      [4, 'detected'],
      [5, 'resolved'],
      [6, 'detected'],
      [7, 'resolved'],
      [8, 'detected'],
      [9, 'resolved'],
      [20, 'calm'],
      [200, 'calm'],
      [300, 'calm'],
    ],
    ends: ['resolved high ×5'],
    told: [
      'triggered 0.5',
      'resolved 0.5',
      'triggered 6',
      'resolved 0.5',
      'triggered 8',
      'flapping_started 0.5',
      'flapping_stopped 0.5',
    ],
  },
  {
    name: 'a threat of which the detector says that it flaps',
    trace: [
      [0, 'detected'],
      [60, 'flapped'],
      [61, 'updated'],
      [400, 'resolved'],
    ],
    ends: ['resolved high ×2'],
    told: ['triggered 0.5', 'flapping_started 0.5', 'flapping_stopped 0.5'],
  },
])('$name', ({ trace, ends, told }) => {
  test('as it should', async () => {
    await play(trace)
    expect({ ends: await states(), told: await notices() }).toEqual({ ends, told })
  })
})

describe('a rule', () => {
  test('says nothing of what was before it', async () => {
    await emit('detected')
    await addRule({ sources: ['*'] })
    await plan()
    expect(await states()).toEqual(['triggered high ×1'])
  })

  test('that is changed never speaks of old events, but ends what it has opened', async () => {
    await emit('detected', 'high', 'a')
    await plan()
    await emit('detected', 'medium', 'b')
    await emit('resolved', 'high', 'a')
    const severities = AlertRuleInput.parse({ name: 'x', filter: { severities: ['medium'] } }).filter
    await inOrg((change) => updateAlertRule(change, { alertRuleId: ruleId, changes: { filter: severities }, ifVersion: null }))
    await plan()
    expect(await states()).toEqual(['resolved high ×1'])
    // From now on it does; and what it asks for now counts.
    await emit('detected', 'medium', 'c')
    await emit('detected', 'high', 'd')
    await plan()
    expect((await states()).toSorted()).toEqual(['resolved high ×1', 'triggered medium ×1'])
  })

  test('that was only renamed misses nothing', async () => {
    await emit('detected')
    await inOrg((change) => updateAlertRule(change, { alertRuleId: ruleId, changes: { name: 'Cart' }, ifVersion: null }))
    await plan()
    expect((await alerts()).map(({ ruleName }) => ruleName)).toEqual(['Cart'])
  })

  test('that is off opens nothing, and does not catch up when it is on again', async () => {
    const toggle = (enabled: boolean) =>
      inOrg((change) => updateAlertRule(change, { alertRuleId: ruleId, changes: { enabled }, ifVersion: null }))
    await toggle(false)
    await emit('detected', 'high', 'a')
    await plan()
    await emit('detected', 'high', 'b')
    await toggle(true)
    await plan()
    expect(await states()).toEqual([])
  })

  test('that is deleted leaves its alerts, which still end', async () => {
    await emit('detected')
    await plan()
    await inOrg((change) => deleteAlertRule(change, { alertRuleId: ruleId }))
    await emit('resolved')
    await plan()
    expect(await alerts()).toMatchObject([{ ruleId: null, ruleName: 'Shop', state: 'resolved' }])
  })

  test('overrides the severity, and groups alerts as it says', async () => {
    await inOrg((change) => deleteAlertRule(change, { alertRuleId: ruleId }))
    await addRule({ tags: ['shop'] }, { severity: 'critical', groupBy: ['site', 'type'] })
    await emit('detected', 'low')
    await plan()
    const { rows } = await inOrg((change) => change.tx.query('select severity, group_key as key from alert_notice'))
    expect(rows).toEqual([{ severity: 'critical', key: `site=${siteId} type=technical_error` }])
  })

  test('names only what the org has', async () => {
    const theirs = await world.newOrg()
    const site = await world.change(theirs, (change) => createSite(change, SiteInput.parse({ url: 'https://other.example/' })))
    for (const id of [site.id, newId('site')])
      await expect(addRule({ siteIds: [id] })).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'filter.siteIds' }] })
    for (const notify of [{ destinations: [newId('destination')] }, { members: [newId('user')] }])
      await expect(addRule({}, { notify })).rejects.toMatchObject({ code: 'invalid' })
  })
})

test('components and incidents are told as well, and a component outlives its site', async () => {
  await addRule({ sources: ['component.*', 'incident.*'] })
  const componentId = newId('component')
  const component = (status: ComponentStatus) =>
    inOrg(async (change) => {
      const now = change.now.toISOString()
      const view = {
        id: componentId,
        name: 'Checkout',
        description: '',
        groupId: null,
        order: 0,
        status,
        statusSince: now,
        dependsOn: [],
        siteId,
        createdAt: now,
        updatedAt: now,
        version: 1,
      }
      change.emit(componentStatusChanged, {
        componentId,
        name: 'Checkout',
        oldStatus: 'operational',
        newStatus: status,
        component: view,
      })
    })
  await component('degraded_performance')
  await component('major_outage')
  await plan()
  expect((await alerts()).map(({ title, severity }) => [title, severity])).toEqual([['Checkout: major outage', 'critical']])
  await inOrg((change) => deleteSite(change, { siteId }))
  await component('partial_outage')
  await plan()
  expect((await alerts()).map(({ state, severity, siteId }) => [state, severity, siteId])).toEqual([['triggered', 'high', null]])
  await component('under_maintenance')
  await component('operational')
  const incident = {
    id: newId('incident'),
    title: 'Cards are refused',
    impact: 'critical' as const,
    status: 'investigating' as const,
    components: [],
    updates: [],
    startedAt: new Date(start).toISOString(),
    resolvedAt: null,
    createdAt: new Date(start).toISOString(),
    updatedAt: new Date(start).toISOString(),
    version: 1,
  }
  await inOrg(async (change) => change.emit(incidentCreated, { incident, update: null }))
  await plan()
  await inOrg(async (change) => change.emit(incidentResolved, { incident: { ...incident, status: 'resolved' }, update: null }))
  await plan()
  expect(await notices()).toEqual(['triggered 0.5', 'worsened 0', 'resolved 0.5', 'triggered 0', 'resolved 0'])
})

test('what a person does is kept, with who, when and why; doing it twice is no error', async () => {
  await emit('detected')
  await plan()
  const [alert] = await alerts()
  if (!alert) throw new Error('No alert.')
  const alertId = alert.id
  await inOrg((change) => acknowledgeAlert(change, { alertId, note: 'On it.' }))
  await inOrg((change) => acknowledgeAlert(change, { alertId, note: 'Me too.' }))
  await inOrg((change) => snoozeAlert(change, { alertId, note: null, minutes: 60 }))
  await expect(inOrg((change) => snoozeAlert(change, { alertId, note: null, until: new Date(start) }))).rejects.toMatchObject({
    code: 'invalid',
  })
  await inOrg((change) => resolveAlert(change, { alertId, note: 'Deployed.' }))
  await inOrg((change) => resolveAlert(change, { alertId, note: null }))
  await expect(inOrg((change) => acknowledgeAlert(change, { alertId, note: null }))).rejects.toMatchObject({ code: 'conflict' })
  const detail = await world.journal.read(orgId, (sql) => getAlert(sql, alertId))
  expect(detail.steps.map(({ step, note, actor }) => [step, note, actor.id])).toEqual([
    ['triggered', null, 'test'],
    ['acknowledged', 'On it.', 'test'],
    ['snoozed', null, 'test'],
    ['resolved', 'Deployed.', 'test'],
  ])
  expect(await notices()).toEqual(['triggered 0.5', 'acknowledged 0.5', 'reminder 60', 'resolved 0.5'])
  // It was closed by hand: what goes on as it was opens nothing, what gets worse does.
  await emit('updated')
  await plan()
  expect(await states()).toEqual(['resolved high ×1'])
  world.clock.advance(10 * minute)
  await emit('updated', 'critical')
  await plan()
  expect(await states()).toEqual(['resolved high ×1', 'triggered critical ×1'])
})

test('why something that came back was not told at once is a decision', async () => {
  await play([
    [0, 'detected'],
    [1, 'resolved'],
    [2, 'detected'],
  ])
  const [alert] = await alerts()
  const page = await world.journal.read(orgId, (sql) =>
    listAlertDecisions(sql, { alertId: alert?.id ?? newId('alert'), limit: 10 }),
  )
  expect(page.data).toMatchObject([
    {
      verdict: 'suppressed',
      reason: 'cooldown',
      notice: 'triggered',
      receiver: { kind: 'none' },
      until: new Date(start + 6 * minute).toISOString(),
    },
  ])
})
