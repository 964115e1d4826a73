import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { deleteAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { listAlertRules } from '@tocsin/domain/alert-rules/alert-rules.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { startTrace } from './dispatch/trace.contract.ts'
import { dispatchPass } from './dispatch-pass.ts'

jest.setTimeout(60_000)

let world: TestFoundation

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

const storm = 200

test('three replicas share the groups: every notice is decided once, and the day counts right', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ groupBy: ['subject'], repeatMinutes: 0, groupWaitSeconds: 0 })
  await trace.storm(storm)
  const replica = async () => {
    while ((await dispatchPass({ ...world, mail: true })) === 'worked');
  }
  await Promise.all([replica(), replica(), replica()])
  await replica()
  const { rows } = await world.db.transaction({ orgId: trace.orgId }, (sql) =>
    sql.query<{ notices: number; decisions: number; sent: number; held: number; day: number; waiting: number }>(
      `select (select count(distinct notice_id) from alert_decision) as notices, (select count(*) from alert_decision) as decisions,
         (select count(*) from alert_decision where verdict = 'sent') as sent, (select count(*) from alert_decision where verdict = 'held') as held,
         (select sent from alert_day) as day, (select count(*) from alert_notice where decided_at is null) as waiting`,
    ),
  )
  expect(rows).toEqual([{ notices: storm, decisions: storm, sent: 3, held: storm - 3, day: 3, waiting: 0 }])
  await trace.change((change) => change.tx.query('delete from destination'))
})

test('what was told is told to be over, though its rule is gone', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(60)
  const { data } = await world.journal.read(trace.orgId, (sql) => listAlertRules(sql, { limit: 1 }))
  for (const { id } of data) await trace.change((change) => deleteAlertRule(change, { alertRuleId: id }))
  await trace.good('a')
  await trace.at(3600)
  expect(trace.arrivals).toEqual(['30s ops: triggered a', '330s ops: resolved a'])
})

test('what comes back worse is told at once, whether its end was told or not', async () => {
  const trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.addRule({ repeatMinutes: 0, groupBy: ['subject'] })
  await trace.change((change) => change.tx.query('update org set daily_alert_limit = 1000 where id = $1', [trace.orgId]))
  await trace.bad('a')
  await trace.at(60)
  await trace.good('a')
  await trace.at(70)
  await trace.bad('a', 'critical')
  await trace.at(80)
  expect(trace.arrivals).toEqual(['30s ops: triggered a', '70s ops: worsened a'])
})
