import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { AlertCondition } from '@tocsin/contract/api/alert-rules'
import type { Component } from '@tocsin/contract/api/components'
import { componentStatusChanged } from '@tocsin/contract/events/components'
import { newId } from '@tocsin/contract/ids'
import { type Notice, noticeMessageType } from '@tocsin/contract/notice'
import { listAlertRules } from '@tocsin/domain/alert-rules/alert-rules.read'
import { getAlert } from '@tocsin/domain/alerts/alerts.read'
import { unwatched } from '@tocsin/domain/alerts/metric-signal'
import { observe } from '@tocsin/domain/alerts/observe'
import { deleteSite } from '@tocsin/domain/sites/sites'
import { watchedSites } from '@tocsin/domain/sites/sites.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { startTrace, type Trace } from './dispatch/trace.contract.ts'
import { dispatchPass } from './dispatch-pass.ts'
import { metricPass } from './metric-pass.ts'
import { createPlanPass } from './plan-pass.ts'

jest.setTimeout(60_000)

let world: TestFoundation

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

const deleteIts = (trace: Trace) => trace.change((change) => deleteSite(change, { siteId: trace.siteId }))
const detailOf = async (trace: Trace, name: string) => {
  const alertId = await trace.alertOf(name)
  return world.journal.read(trace.orgId, (sql) => getAlert(sql, alertId))
}

test('whoever was told of a site hears that it is over when the site goes, and which site it was', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addDestination('pager', { minimumSeverity: 'critical' })
  await trace.addMember('ann')
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(60)
  await trace.bad('b', 'critical')
  await trace.at(70)
  await deleteIts(trace)
  await trace.at(7200)
  expect(trace.arrivals).toEqual([
    '30s ann: triggered a',
    '30s ops: triggered a',
    '60s ann: triggered b',
    '60s ops: triggered b',
    '60s pager: triggered b',
    expect.stringMatching(/^\d+s ann: resolved a, resolved b$/),
    expect.stringMatching(/^\d+s ops: resolved a, resolved b$/),
    expect.stringMatching(/^\d+s pager: resolved b$/),
  ])
  const { rows } = await world.db.transaction({ orgId: trace.orgId }, (sql) =>
    sql.query<{ data: Notice }>(
      `select message -> 'data' as data from delivery where message ->> 'type' = $1 order by created_at, id`,
      [noticeMessageType],
    ),
  )
  expect(new Set(rows.flatMap(({ data }) => data.alerts.map(({ site }) => site?.name)))).toEqual(new Set(['Shop']))
  expect(rows.at(-1)?.data.open).toBe(0)
  expect(await detailOf(trace, 'a')).toMatchObject({
    state: 'resolved',
    siteId: null,
    labels: { site: trace.siteId },
    facts: { site: { name: 'Shop' } },
    steps: [{ step: 'triggered' }, { step: 'resolved', note: 'The site was deleted.' }],
  })
})

test('what nobody had heard of when its site went, nobody hears of', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(10)
  await deleteIts(trace)
  await trace.at(7200)
  expect(trace.arrivals).toEqual([])
})

test('what came and went is over, too, when it no longer does', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0, cooldownSeconds: 0 })
  await trace.change((change) => change.tx.query('update org set daily_alert_limit = 1000 where id = $1', [trace.orgId]))
  for (let turn = 0; turn < 8; turn++) {
    await trace.bad('a')
    await trace.at(turn * 600 + 300)
    await trace.good('a')
    await trace.at(turn * 600 + 600)
  }
  await trace.bad('a')
  await trace.at(5000)
  expect(trace.arrivals.at(-1)).toContain('flapping_started a')
  await deleteIts(trace)
  await trace.at(14 * 86_400)
  expect(trace.arrivals.at(-1)).toContain('flapping_stopped a')
  expect(await detailOf(trace, 'a')).toMatchObject({ state: 'resolved', flapping: false })
})

test('what a metric of the site said is over', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops', { events: ['metric.*'] })
  await trace.change((change) => change.tx.query('update site set baseline_at = $2 where id = $1', [trace.siteId, change.now]))
  const condition = AlertCondition.parse({ metric: 'threats.open', op: 'equals', value: 0, windowMinutes: 60 })
  await trace.addRule({ condition, repeatMinutes: 0 })
  await trace.at(3700)
  expect(await metricPass(world)).toBe('worked')
  await trace.at(3800)
  expect(trace.arrivals).toHaveLength(1)
  await deleteIts(trace)
  await trace.at(7100)
  expect(trace.arrivals).toEqual([expect.stringContaining('triggered'), expect.stringContaining('resolved')])
})

test('a component outlives its site, and so does what is said of it', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops', { events: ['*'] })
  await trace.addRule({
    filter: { sources: ['component.*'], types: [], severities: [], siteIds: [], tags: [], ruleIds: [] },
    repeatMinutes: 0,
  })
  const id = newId('component')
  const now = world.clock.now().toISOString()
  const becomes = (status: Component['status'], siteId: Component['siteId']) =>
    trace.change(async (change) => {
      const component: Component = { ...plain, id, status, siteId, statusSince: now, createdAt: now, updatedAt: now }
      change.emit(componentStatusChanged, {
        componentId: id,
        name: component.name,
        oldStatus: 'operational',
        newStatus: status,
        component,
      })
    })
  await becomes('major_outage', trace.siteId)
  await trace.at(60)
  await deleteIts(trace)
  await trace.at(120)
  expect(await detailOf(trace, 'Checkout: major outage')).toMatchObject({ state: 'triggered', siteId: null })
  expect(trace.arrivals).toHaveLength(1)
  await becomes('operational', null)
  await trace.at(7200)
  expect(trace.arrivals).toEqual([expect.stringContaining('triggered'), expect.stringContaining('resolved')])
})

const plain = {
  name: 'Checkout',
  description: '',
  groupId: null,
  order: 0,
  dependsOn: [],
  version: 1,
}

test('what is opened while its site is being deleted is over with the rest', async () => {
  const trace = await startTrace(world)
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  const { data: rules } = await world.journal.read(trace.orgId, (sql) => listAlertRules(sql, { limit: 1 }))
  const [rule] = rules
  if (!rule) throw new Error('There is no rule.')
  let deleting: Promise<void> | undefined
  await trace.change(async (change) => {
    const site = (await watchedSites(change.tx, [trace.siteId])).get(trace.siteId)
    if (!site) throw new Error('There is no site.')
    deleting = deleteIts(trace)
    // It has come as far as the site, which is held.
    for (;;) {
      const { rows } = await change.tx.query(
        'select from pg_locks where transactionid = pg_current_xact_id_if_assigned()::xid and not granted',
      )
      if (rows.length > 0) break
    }
    const signal = {
      ...unwatched('threat:late'),
      subject: 'threat:late',
      transition: 'bad' as const,
      title: 'late',
      siteId: site.id,
    }
    await observe(change, [{ signal, at: change.now, actor: change.actor, site, openedBy: [rule] }], new Map([[rule.id, rule]]))
  })
  await deleting
  for (const name of ['a', 'late']) expect(await detailOf(trace, name)).toMatchObject({ state: 'resolved', siteId: null })
})

test('a site with more alerts than one statement writes, deleted while others tell of it', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0, groupBy: ['subject'], groupWaitSeconds: 0 })
  await trace.storm(1_100)
  const plan = createPlanPass(world)
  await Promise.all([deleteIts(trace), dispatchPass({ ...world, mail: true }), trace.bad('late'), plan()])
  const { rows } = await world.db.transaction({ orgId: trace.orgId }, (sql) =>
    sql.query(
      `select count(*) as alerts, count(*) filter (where state = 'resolved') as over, count(site_id) as sites,
         (select count(*) from alert_step where step = 'resolved') as steps from alert`,
    ),
  )
  const [counted] = rows
  expect(counted).toMatchObject({ sites: 0 })
  expect(counted?.['over']).toBe(counted?.['alerts'])
  expect(counted?.['steps']).toBe(counted?.['alerts'])
  await trace.change((change) => change.tx.query('delete from destination'))
})
