import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { AlertCondition } from '@tocsin/contract/api/alert-rules'
import { noticeMessageType } from '@tocsin/contract/notice'
import { deleteAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { listAlertRules } from '@tocsin/domain/alert-rules/alert-rules.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { startTrace, type Trace } from './dispatch/trace.contract.ts'
import { metricPass } from './metric-pass.ts'

jest.setTimeout(60_000)

let world: TestFoundation

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

async function deleteRule(trace: Trace): Promise<void> {
  const { data } = await world.journal.read(trace.orgId, (sql) => listAlertRules(sql, { limit: 1 }))
  for (const { id } of data) await trace.change((change) => deleteAlertRule(change, { alertRuleId: id }))
}

test('an end that waits for its group is told, though the rule goes meanwhile', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(60)
  await trace.good('a')
  await trace.at(70)
  await deleteRule(trace)
  await trace.at(3600)
  expect(trace.arrivals).toEqual(['30s ops: triggered a', '330s ops: resolved a'])
})

test('what nobody had heard of when its rule went is decided, too', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(10)
  await deleteRule(trace)
  await trace.at(3600)
  expect(trace.arrivals).toEqual([])
  expect(await trace.why('a')).toEqual(['triggered everybody: suppressed rule_disabled'])
})

test('what a rule had said of a metric is told to be over when the rule goes', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops', { events: ['metric.*'] })
  await trace.change((change) => change.tx.query('update site set baseline_at = $2 where id = $1', [trace.siteId, change.now]))
  const condition = AlertCondition.parse({ metric: 'threats.open', op: 'equals', value: 0, windowMinutes: 60 })
  await trace.addRule({ condition, repeatMinutes: 0 })
  await trace.at(3700)
  expect(await metricPass(world)).toBe('worked')
  await trace.at(3800)
  expect(trace.arrivals).toHaveLength(1)
  await deleteRule(trace)
  await trace.at(7200)
  expect(trace.arrivals).toEqual([expect.stringContaining('triggered'), expect.stringContaining('resolved')])
})

test('to a pager it is the same matter to its end: one key, and how many are still open', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.bad('b')
  await trace.at(60)
  await deleteRule(trace)
  await trace.good('a')
  await trace.at(600)
  await trace.good('b')
  await trace.at(3600)
  const { rows } = await world.db.transaction({ orgId: trace.orgId }, (sql) =>
    sql.query<{ key: string; open: number }>(
      `select message #>> '{data,dedupKey}' as key, (message #>> '{data,open}')::int as open from delivery
       where message ->> 'type' = $1 order by created_at`,
      [noticeMessageType],
    ),
  )
  expect(new Set(rows.map(({ key }) => key)).size).toBe(1)
  expect(rows.map(({ open }) => open)).toEqual([2, 1, 0])
})
