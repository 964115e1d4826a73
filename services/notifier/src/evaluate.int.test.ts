import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { ComponentStatus } from '@tocsin/contract/api/components'
import { SiteInput } from '@tocsin/contract/api/sites'
import { Threat } from '@tocsin/contract/api/threats'
import { componentStatusChanged } from '@tocsin/contract/events/components'
import { incidentCreated, incidentResolved } from '@tocsin/contract/events/incidents'
import * as threatEvents from '@tocsin/contract/events/threats'
import { type AlertRuleId, newId, type OrgId, type SiteId } from '@tocsin/contract/ids'
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
const addRule = async (filter: object, more: object = {}) =>
  (await inOrg((change) => createAlertRule(change, AlertRuleInput.parse({ name: 'Shop', filter, groupBy: ['rule'], ...more }))))
    .id
async function plan(): Promise<void> {
  const pass = createPlanPass(world)
  while ((await pass()) === 'worked');
}

const threat = (severity: Severity, key: string): Threat =>
  Threat.parse({
    id: `thr_${key.padEnd(24, '0')}`,
    siteId,
    scanId: null,
    rule: 'http.5xx',
    type: 'technical_error',
    severity,
    subject: 'https://shop.example/cart',
    dedupeKey: key,
    title: 'Page answers 500',
    description: 'Seen twice.',
    impact: 'Visitors see an error.',
    action: 'Look at the log.',
    state: 'active',
    flapping: false,
    causeId: null,
    importance: 5,
    occurrences: 1,
    firstSeenAt: '2026-03-01T10:00:00.000Z',
    lastSeenAt: '2026-03-01T10:00:00.000Z',
    acknowledgedAt: null,
    resolvedAt: null,
    changedBy: null,
    note: null,
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
    told: ['triggered 0.5', 'resolved 0.5', 'triggered 12'],
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
