import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { setSchedule } from '@tocsin/domain/people/people'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { startTrace, type Trace } from './dispatch/trace.contract.ts'

jest.setTimeout(60_000)

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
  // Limits are a matter of their own tests.
  await trace.change((change) => change.tx.query('update org set daily_alert_limit = 1000 where id = $1', [trace.orgId]))
})
afterEach(async () => {
  // Nothing of this org is left for the next test.
  await world.db.transaction({ orgId: trace.orgId }, (sql) => sql.query('delete from alert_rule'))
  await world.db.transaction({ orgId: trace.orgId }, (sql) => sql.query('delete from destination'))
})

describe('people', () => {
  const night = {
    zone: 'UTC',
    windows: [{ days: ['sun' as const], from: '09:00', to: '12:00' }],
    criticalOverrides: true,
    dailyDigestAt: '08:00',
  }

  test('quiet hours hold, critical breaks them, and the digest says what is over by then', async () => {
    const userId = await trace.addMember('ada')
    // The clock of these tests has gone on: a window around now.
    const now = world.clock.now()
    const hour = (ms: number) => new Date(ms).toISOString().slice(11, 16)
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
    const windows = [{ days: [...days], from: hour(now.getTime() - hours * 1000), to: hour(now.getTime() + 2 * hours * 1000) }]
    await trace.change((change) => setSchedule(change, userId, { ...night, windows }))
    await trace.addRule({ repeatMinutes: 0, notify: { destinations: [], members: 'all' } })
    await trace.bad('a')
    await trace.bad('b')
    await trace.at(60)
    await trace.bad('c', 'critical')
    await trace.at(hours)
    await trace.good('b')
    await trace.at(4 * hours)
    expect(trace.arrivals[0]).toBe('60s ada: triggered c')
    expect(trace.arrivals).toHaveLength(2)
    expect(trace.arrivals[1]).toContain('b (resolved)')
    expect(await trace.why('a')).toEqual(['triggered ada: held do_not_disturb'])
    expect(await trace.why('c')).toEqual(['triggered ada: sent critical_override'])
  })

  test('an address that is a destination too gets one message', async () => {
    const userId = await trace.addMember('ada')
    const { rows } = await world.db.transaction({ orgId: trace.orgId }, (sql) =>
      sql.query<{ email: string }>('select email from account where id = $1', [userId]),
    )
    await trace.addDestination('same', { address: rows[0]?.email.toUpperCase() })
    await trace.addRule({ repeatMinutes: 0 })
    await trace.bad('a')
    await trace.at(hours)
    expect(trace.arrivals).toEqual(['30s ops: triggered a', '30s same: triggered a'])
    expect(await trace.why('a')).toContain('triggered ada: suppressed duplicate_address')
  })
})

test('without a mail server members are told by the feed, and that is said', async () => {
  trace = await startTrace(world, { mail: false })
  await trace.addMember('ada')
  await trace.addRule({ repeatMinutes: 0 })
  await trace.bad('a')
  await trace.at(hours)
  expect(await trace.why('a')).toEqual(['triggered ada: suppressed mail_not_configured'])
  const { rows } = await world.db.transaction({ orgId: trace.orgId }, (sql) => sql.query('select title from notification'))
  expect(rows).toEqual([{ title: 'a' }])
})
