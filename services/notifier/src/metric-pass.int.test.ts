import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import { SiteInput } from '@tocsin/contract/api/sites'
import { type AlertRuleId, newId, type OrgId, type SiteId } from '@tocsin/contract/ids'
import { createAlertRule, deleteAlertRule, updateAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { markDailyRules } from '@tocsin/domain/alert-rules/due'
import { resolveAlert } from '@tocsin/domain/alerts/alerts'
import { listAlerts } from '@tocsin/domain/alerts/alerts.read'
import { updateOrg } from '@tocsin/domain/orgs/orgs'
import { recordResponseTimes } from '@tocsin/domain/scans/response-times'
import { createSite, deleteSite, updateSite } from '@tocsin/domain/sites/sites'
import { bucketOf } from '@tocsin/domain/vitals/buckets'
import { histogramOf } from '@tocsin/domain/vitals/histogram'
import type { Change } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { metricPass } from './metric-pass.ts'

const minute = 60_000
const hour = 60 * minute
let world: TestFoundation
let orgId: OrgId
let siteId: SiteId

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  // A new day each, from midnight on.
  const now = world.clock.now().getTime()
  world.clock.advance(24 * hour - (now % (24 * hour)))
  orgId = await world.newOrg()
  await inOrg((change) => change.tx.query('delete from alert_rule'))
  siteId = await addSite('https://shop.example/')
})

const inOrg = <Result>(work: (change: Change) => Promise<Result>) => world.change(orgId, work)
/** Watched for three days. */
async function addSite(url: string, tags: string[] = []): Promise<SiteId> {
  const { id } = await inOrg((change) => createSite(change, SiteInput.parse({ url, tags })))
  await inOrg((change) =>
    change.tx.query('update site set baseline_at = $2 where id = $1', [id, new Date(change.now.getTime() - 72 * hour)]),
  )
  return id
}
const addRule = async (condition: object, more: object = {}): Promise<AlertRuleId> =>
  (
    await inOrg((change) =>
      createAlertRule(change, AlertRuleInput.parse({ name: 'Shop', condition, groupBy: ['rule'], ...more })),
    )
  ).id
/** An outage from so many hours ago on. */
const goDown = (hoursAgo: number) =>
  inOrg((change) =>
    change.tx.query(
      `insert into threat (id, org_id, site_id, rule, type, severity, subject, dedupe_key, title, description, impact, action, state, evidence,
         look, first_seen_at, last_seen_at)
       values ($1, $2, $3, 'crawl.fail', 'technical_error', 'critical', 'shop.example', 'down', 't', 'd', 'i', 'a', 'active', '{}', '{}', $4, $4)`,
      [newId('threat'), orgId, siteId, new Date(change.now.getTime() - hoursAgo * hour)],
    ),
  )
const comeBack = () =>
  inOrg((change) =>
    change.tx.query(`update threat set state = 'resolved', resolved_at = $1 where org_id = $2`, [change.now, orgId]),
  )
const score = (value: number) =>
  inOrg((change) =>
    change.tx.query(
      `insert into site_score (org_id, site_id, hour, score, by_type) values ($1, $2, date_trunc('hour', $3::timestamptz), $4, '{}')
       on conflict (site_id, hour) do update set score = excluded.score`,
      [orgId, siteId, change.now, value],
    ),
  )
async function pass(): Promise<void> {
  await markDailyRules(world.db, world.clock.now(), 100)
  while ((await metricPass(world)) === 'worked');
}
const alerts = () => world.journal.read(orgId, async (sql) => (await listAlerts(sql, { limit: 200, sort: 'oldest' })).data)
const states = async () => (await alerts()).map(({ state }) => state)
async function told(): Promise<string[]> {
  const { rows } = await inOrg((change) =>
    change.tx.query<{ kind: string }>('select kind from alert_notice where org_id = $1 order by created_at, ctid', [orgId]),
  )
  return rows.map(({ kind }) => kind)
}
const daily = { metric: 'uptime.site', op: 'below', value: null, windowMinutes: 1440, daily: true }

test('a site below the threshold of its org is told of once a day, at the hour of the org, until it is well', async () => {
  await addRule(daily, { kind: 'performance', repeatMinutes: 240 })
  await goDown(30)
  world.clock.advance(6 * hour - minute)
  await pass()
  expect(await told()).toEqual([])
  world.clock.advance(minute)
  await pass()
  await pass()
  expect(await told()).toEqual(['triggered'])
  expect(await alerts()).toMatchObject([
    { state: 'triggered', severity: 'high', siteId, title: 'Uptime of a site: shop.example is at 0 %, below 95 %' },
  ])
  world.clock.advance(23 * hour)
  await pass()
  expect(await told()).toEqual(['triggered'])
  world.clock.advance(hour)
  await pass()
  await comeBack()
  expect(await told()).toEqual(['triggered', 'reminder'])
  const { rows } = await inOrg((change) => change.tx.query(`select config ->> 'repeatMinutes' as repeat from alert_rule`))
  expect(rows).toEqual([{ repeat: '0' }])
  world.clock.advance(48 * hour)
  await pass()
  expect([await told(), await states()]).toEqual([['triggered', 'reminder', 'resolved'], ['resolved']])
})

test("the hour and the threshold are the org's own", async () => {
  await inOrg((change) => updateOrg(change, { changes: { uptimeThresholdPercent: 40, dailyHour: 12 }, ifVersion: null }))
  await addRule(daily, { kind: 'performance' })
  await goDown(0)
  world.clock.advance(11 * hour)
  await pass()
  expect(await told()).toEqual([])
  // Down for twelve of the 24 hours before noon: half of them is above forty percent.
  world.clock.advance(hour)
  await pass()
  expect(await told()).toEqual([])
  world.clock.advance(24 * hour)
  await pass()
  expect(await told()).toEqual(['triggered'])
})

test('a rule that is made after the hour waits for the next day', async () => {
  await goDown(30)
  world.clock.advance(7 * hour)
  await addRule(daily, { kind: 'performance' })
  await pass()
  expect(await told()).toEqual([])
  world.clock.advance(23 * hour)
  await pass()
  expect(await told()).toEqual(['triggered'])
})

test('what somebody closed is not told again on the same day', async () => {
  const ruleId = await addRule(daily, { kind: 'performance' })
  await goDown(30)
  world.clock.advance(6 * hour)
  await pass()
  const [alert] = await alerts()
  if (!alert) throw new Error('No alert.')
  await inOrg((change) => resolveAlert(change, { alertId: alert.id, note: null }))
  // As if the scheduler had marked it twice.
  await inOrg((change) => change.tx.query('update alert_rule set next_evaluation_at = $2 where id = $1', [ruleId, change.now]))
  await pass()
  expect(await told()).toEqual(['triggered', 'resolved'])
})

test('a window is judged once, when it is over, by however many', async () => {
  await addRule({ metric: 'health.score', op: 'below', value: 50, windowMinutes: 60 })
  await score(10)
  await pass()
  expect(await told()).toEqual([])
  world.clock.advance(hour + minute)
  await Promise.all([metricPass(world), metricPass(world), metricPass(world)])
  expect(await told()).toEqual(['triggered'])
  const { version } = (await alerts())[0] ?? {}
  // Still as bad in the next windows: nothing happens, so nothing is said.
  for (let window = 0; window < 3; window += 1) {
    world.clock.advance(hour)
    await pass()
  }
  expect([(await alerts())[0]?.version, await told()]).toEqual([version, ['triggered']])
  await score(90)
  world.clock.advance(2 * hour)
  await pass()
  expect([await states(), await told()]).toEqual([['resolved'], ['triggered', 'resolved']])
})

/** A complete scan that has just ended, and how long its pages took. */
const scanned = (milliseconds: readonly number[]) =>
  inOrg(async (change) => {
    const scanId = newId('scan')
    await change.tx.query(
      `insert into scan (id, org_id, site_id, state, trigger, complete, queued_at, finished_at)
       values ($1, $2, $3, 'completed', 'schedule', true, $4, $4)`,
      [scanId, orgId, siteId, change.now],
    )
    const counts = Map.groupBy(milliseconds, (each) => bucketOf('TTFB', each))
    const times = histogramOf(new Map([...counts].map(([bucket, each]) => [bucket, each.length])))
    await recordResponseTimes(change, { scanId, times })
  })
const pages = (count: number, milliseconds: number) => Array.from({ length: count }, () => milliseconds)

test('the slowest twentieth of the pages of a window is told of by the 95th percentile, and not by the 75th', async () => {
  const condition = { metric: 'response.time', op: 'above', value: 2_000, windowMinutes: 60 }
  await addRule({ ...condition, percentile: 95 }, { kind: 'performance', name: 'p95' })
  await addRule(condition, { kind: 'performance', name: 'p75' })
  await scanned([...pages(36, 300), ...pages(4, 3_000)])
  world.clock.advance(hour + minute)
  await pass()
  expect((await alerts()).map(({ ruleName, state }) => [ruleName, state])).toEqual([['p95', 'triggered']])
  // Neither too few pages nor a window without a scan says that it is over.
  await scanned(pages(19, 300))
  world.clock.advance(hour)
  await pass()
  world.clock.advance(hour)
  await pass()
  expect(await states()).toEqual(['triggered'])
  // Scans of one window count together; one at its very end is of the next.
  await scanned(pages(10, 300))
  await scanned(pages(10, 300))
  world.clock.advance(59 * minute)
  await scanned(pages(500, 3_000))
  world.clock.advance(minute)
  await pass()
  expect(await states()).toEqual(['resolved'])
})

test('two rules over one metric of one site do not speak for each other', async () => {
  await addRule({ metric: 'health.score', op: 'below', value: 80, windowMinutes: 60 }, { name: 'strict', severity: 'low' })
  await addRule({ metric: 'health.score', op: 'below', value: 20, windowMinutes: 60 }, { name: 'lax', severity: 'critical' })
  const play = async (value: number) => {
    await score(value)
    world.clock.advance(hour)
    await score(value)
    world.clock.advance(hour + minute)
    await pass()
    return (await alerts()).map(({ ruleName, state, severity }) => `${ruleName} ${state} ${severity}`).toSorted()
  }
  expect(await play(50)).toEqual(['strict triggered low'])
  expect(await play(10)).toEqual(['lax triggered critical', 'strict triggered low'])
  expect(await play(50)).toEqual(['lax resolved critical', 'strict triggered low'])
})

test('what is not known opens and closes nothing', async () => {
  await inOrg((change) => change.tx.query('update site set baseline_at = null where id = $1', [siteId]))
  await addRule({ metric: 'threats.open', op: 'equals', value: 0, windowMinutes: 60 })
  world.clock.advance(hour + minute)
  await pass()
  expect(await states()).toEqual([])
  await inOrg((change) => change.tx.query('update site set baseline_at = $2 where id = $1', [siteId, change.now]))
  world.clock.advance(hour)
  await pass()
  expect(await states()).toEqual(['triggered'])
  await inOrg((change) => change.tx.query('update site set baseline_at = null where id = $1', [siteId]))
  world.clock.advance(hour)
  await pass()
  expect(await states()).toEqual(['triggered'])
})

test('a milestone is told once', async () => {
  await addRule({ metric: 'health.score', op: 'above', value: 90, windowMinutes: 60 }, { kind: 'milestone', severity: 'low' })
  const play = async (value: number) => {
    await score(value)
    world.clock.advance(hour + minute)
    await pass()
    return await told()
  }
  expect(await play(80)).toEqual([])
  await score(95)
  world.clock.advance(hour)
  expect(await play(95)).toEqual(['triggered'])
  expect(await play(10)).toEqual(['triggered'])
  const [alert] = await alerts()
  if (alert) await inOrg((change) => resolveAlert(change, { alertId: alert.id, note: null }))
  await score(99)
  world.clock.advance(hour)
  expect(await play(99)).toEqual(['triggered', 'resolved'])
})

test('what a rule no longer watches, or no longer asks for, is over', async () => {
  const tagged = await addSite('https://blog.example/', ['blog'])
  const ruleId = await addRule(
    { metric: 'threats.open', op: 'equals', value: 0, windowMinutes: 60 },
    { filter: { tags: ['blog'] } },
  )
  world.clock.advance(hour + minute)
  await pass()
  expect((await alerts()).map((alert) => [alert.state, alert.siteId])).toEqual([['triggered', tagged]])
  await inOrg((change) => updateSite(change, { siteId: tagged, changes: { tags: [] }, ifVersion: null }))
  world.clock.advance(hour)
  await pass()
  expect(await states()).toEqual(['resolved'])
  await inOrg((change) =>
    updateAlertRule(change, {
      alertRuleId: ruleId,
      changes: { filter: AlertRuleInput.parse({ name: 'x' }).filter },
      ifVersion: null,
    }),
  )
  world.clock.advance(hour)
  await pass()
  expect(await states()).toEqual(['resolved', 'triggered', 'triggered'])
  await inOrg((change) => deleteSite(change, { siteId: tagged }))
  expect((await states()).toSorted()).toEqual(['resolved', 'resolved', 'triggered'])
  await inOrg((change) => updateAlertRule(change, { alertRuleId: ruleId, changes: { enabled: false }, ifVersion: null }))
  expect(await states()).toEqual(['resolved', 'resolved', 'resolved'])
  await inOrg((change) => deleteAlertRule(change, { alertRuleId: ruleId }))
  const gone = { ruleId: null, ruleName: 'Shop' }
  expect(await alerts()).toMatchObject([gone, gone, gone])
})

test.each([
  'health.score',
  'threats.open',
  'visibility.clicks',
  'keyword.position',
  'vitals.lcp',
  'response.time',
  'uptime.site',
  'uptime.component',
])('%s can be asked for, also against four weeks', async (metric) => {
  await inOrg((change) =>
    change.tx.query(
      `insert into keyword (id, org_id, site_id, phrase, country, device, created_at, updated_at) values ($1, $2, $3, 'shoes', 'US', 'mobile', $4, $4)`,
      [newId('keyword'), orgId, siteId, change.now],
    ),
  )
  await addRule({ metric, op: 'changes_by', value: 4, windowMinutes: 60, against: 'four_weeks' }, { kind: 'anomaly' })
  await addRule({ metric, op: 'above', value: 1e6, windowMinutes: 60 })
  world.clock.advance(hour + minute)
  await pass()
  expect(await states()).toEqual([])
  const { rows } = await inOrg((change) => change.tx.query('select from alert_rule where next_evaluation_at <= $1', [change.now]))
  expect(rows).toEqual([])
})
