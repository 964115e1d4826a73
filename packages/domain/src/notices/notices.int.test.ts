import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { type AlertId, type AlertRuleId, newId, type OrgId } from '@tocsin/contract/ids'
import type { NoticeKind } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { planNotices } from './notices.ts'

let world: TestFoundation
let orgId: OrgId
let ruleId: AlertRuleId
let start: number

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  ruleId = newId('alertRule')
  start = world.clock.now().getTime()
  await world.change(orgId, (change) =>
    change.tx.query(
      `insert into alert_rule (id, org_id, name, description, kind, config, created_at)
       values ($1, $2, 'Shop', '', 'threshold', '{"groupWaitSeconds": 20, "groupIntervalSeconds": 100}', $3)`,
      [ruleId, orgId, change.now],
    ),
  )
})

const addAlert = () =>
  world.change(orgId, async (change) => {
    const id = newId('alert')
    await change.tx.query(
      `insert into alert (id, org_id, rule_id, rule_name, fingerprint, subject, labels, source, title, facts, severity, state, group_key,
         triggered_at, updated_at)
       values ($1, $2, $3, 'Shop', $1, 'threat:x', '{}', 'threat.detected', 'Page answers 500', '{}', 'high', 'triggered', 'g', $4, $4)`,
      [id, orgId, ruleId, change.now],
    )
    return id
  })
/** Seconds from the start at which it is due. */
async function plan(alertId: AlertId, more: { kind?: NoticeKind; severity?: Severity; ruleId?: null; dueAt?: Date } = {}) {
  const [id] = await world.change(orgId, (change) =>
    planNotices(change, [{ alertId, ruleId, groupKey: 'g', kind: 'triggered', severity: 'high', ...more }]),
  )
  return dueOf(id)
}
async function dueOf(id: string | undefined): Promise<number | undefined> {
  const { rows } = await world.db.transaction({ orgId }, (sql) =>
    sql.query<{ dueAt: Date }>('select due_at as "dueAt" from alert_notice where id = $1', [id]),
  )
  return rows[0] && (rows[0].dueAt.getTime() - start) / 1000
}
const told = () =>
  world.change(orgId, (change) =>
    change.tx.query('update alert_group set next_at = null, last_told_at = $2 where org_id = $1', [orgId, change.now]),
  )

test("the first waits for company, what comes meanwhile goes with it, the next waits for the group's rest", async () => {
  const alertId = await addAlert()
  expect(await plan(alertId)).toBe(20)
  world.clock.advance(15_000)
  expect(await plan(alertId)).toBe(20)
  world.clock.advance(5_000)
  await told()
  world.clock.advance(10_000)
  expect(await plan(alertId)).toBe(120)
  world.clock.advance(90_000)
  await told()
  world.clock.advance(1_000_000)
  expect(await plan(alertId)).toBe(1140)
})

test('a critical one waits for nothing, and makes nobody else early', async () => {
  const alertId = await addAlert()
  expect(await plan(alertId, { severity: 'critical' })).toBe(0)
  expect(await plan(alertId)).toBe(20)
})

test('one with a time of its own leaves the clock of the group alone', async () => {
  const alertId = await addAlert()
  expect(await plan(alertId, { dueAt: new Date(start + 7_000) })).toBe(7)
  world.clock.advance(1_000)
  expect(await plan(alertId)).toBe(21)
})

test('without its rule an alert is told by the usual times', async () => {
  expect(await plan(await addAlert(), { ruleId: null })).toBe(30)
})
