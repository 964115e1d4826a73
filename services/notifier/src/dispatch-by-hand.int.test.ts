import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import { acknowledgeAlert, snoozeAlert } from '@tocsin/domain/alerts/alerts'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { startTrace, type Trace } from './dispatch/trace.contract.ts'

jest.setTimeout(60_000)

const minutes = 60
const hours = 3600

let world: TestFoundation
let trace: Trace

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  trace = await startTrace(world)
  await trace.addDestination('ops')
  await trace.change((change) => change.tx.query('update org set daily_alert_limit = 1000 where id = $1', [trace.orgId]))
})

const escalation = {
  steps: [{ afterMinutes: 10, notify: { destinations: 'all', members: 'none' } }],
  rounds: 1,
  acknowledgeWithinMinutes: 30,
} as const
const acknowledge = (name: string) =>
  trace.change(async (change) => acknowledgeAlert(change, { alertId: await trace.alertOf(name), note: null }))
const snooze = (name: string, minutesLong: number) =>
  trace.change(async (change) => snoozeAlert(change, { alertId: await trace.alertOf(name), minutes: minutesLong, note: null }))

test('what was acknowledged before anybody was told of it is told when the acknowledgement runs out', async () => {
  await trace.addRule({ repeatMinutes: 0, escalation: { ...escalation, steps: [...escalation.steps] } })
  await trace.bad('a')
  await trace.at(10)
  await acknowledge('a')
  await trace.at(2 * hours)
  expect(trace.arrivals).toEqual(['1810s ops: reminder a', '2410s ops: escalated a'])
})

test('a snooze that is made shorter ends once', async () => {
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(60)
  await snooze('a', 6 * 60)
  await trace.at(2 * minutes)
  await snooze('a', 10)
  await trace.at(12 * hours)
  expect(trace.arrivals).toEqual(['30s ops: triggered a', '720s ops: reminder a'])
})

test('what began under a snooze that is made shorter is told at its new end', async () => {
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(10)
  await snooze('a', 6 * 60)
  await trace.at(2 * minutes)
  await snooze('a', 10)
  await trace.at(12 * hours)
  expect(trace.arrivals).toEqual(['720s ops: triggered a'])
})
