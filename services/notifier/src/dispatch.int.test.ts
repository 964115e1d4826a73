import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { MaintenanceInput } from '@tocsin/contract/api/maintenances'
import { SilenceInput } from '@tocsin/contract/api/silences'
import { acknowledgeAlert, snoozeAlert } from '@tocsin/domain/alerts/alerts'
import { scheduleMaintenance, stepMaintenance } from '@tocsin/domain/maintenances/maintenances'
import { createSilence, expireSilence } from '@tocsin/domain/silences/silences'
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
  // Limits are a matter of their own tests.
  await trace.change((change) => change.tx.query('update org set daily_alert_limit = 1000 where id = $1', [trace.orgId]))
})
afterEach(async () => {
  // Nothing of this org is left for the next test.
  await world.db.transaction({ orgId: trace.orgId }, (sql) => sql.query('delete from alert_rule'))
  await world.db.transaction({ orgId: trace.orgId }, (sql) => sql.query('delete from destination'))
})

describe('grouping', () => {
  test('what begins within half a minute is one message; the next comes five minutes after it at the earliest', async () => {
    await trace.addRule({ repeatMinutes: 0 })
    await trace.bad('a')
    await trace.at(20)
    await trace.bad('b')
    await trace.at(60)
    await trace.bad('c')
    await trace.at(120)
    await trace.good('a')
    await trace.at(20 * minutes)
    await trace.bad('d')
    await trace.at(30 * minutes)
    expect(trace.arrivals).toEqual([
      '30s ops: triggered a, triggered b',
      '330s ops: resolved a, triggered c',
      '1230s ops: triggered d',
    ])
    expect(await trace.why('a')).toEqual(['triggered ops: sent subscribed', 'resolved ops: sent subscribed'])
  })

  test('a critical one is told at once, and takes along who waits', async () => {
    await trace.addRule({ repeatMinutes: 0 })
    await trace.bad('a')
    await trace.at(10)
    await trace.bad('b', 'critical')
    await trace.at(10 * minutes)
    expect(trace.arrivals).toEqual(['10s ops: triggered a, triggered b'])
  })

  test('by subject: a message each', async () => {
    await trace.addRule({ groupBy: ['subject'], repeatMinutes: 0 })
    await trace.bad('a')
    await trace.bad('b')
    await trace.at(10 * minutes)
    expect(trace.arrivals).toEqual(['30s ops: triggered a', '30s ops: triggered b'])
  })
})

describe('what is over', () => {
  test('before anybody was told of it: nobody hears', async () => {
    await trace.addRule({})
    await trace.bad('a')
    await trace.at(10)
    await trace.good('a')
    await trace.at(hours)
    expect(trace.arrivals).toEqual([])
    expect(await trace.why('a')).toEqual([
      'resolved everybody: suppressed resolved_before_told',
      'triggered everybody: suppressed resolved_before_told',
    ])
  })

  test('is told to whoever was told of it', async () => {
    await trace.addDestination('calm', { minimumSeverity: 'critical' })
    await trace.addRule({ repeatMinutes: 0 })
    await trace.bad('a')
    await trace.at(60)
    await trace.good('a')
    await trace.at(hours)
    expect(trace.arrivals).toEqual(['30s ops: triggered a', '330s ops: resolved a'])
    expect(await trace.why('a')).toEqual([
      'triggered calm: suppressed below_severity',
      'triggered ops: sent subscribed',
      'resolved calm: suppressed trigger_not_told',
      'resolved ops: sent subscribed',
    ])
  })
})

describe('repeat', () => {
  test('every four hours while nobody is on it', async () => {
    await trace.addRule({})
    await trace.bad('a')
    await trace.at(9 * hours)
    await trace.change(async (change) => acknowledgeAlert(change, { alertId: await trace.alertOf('a'), note: null }))
    await trace.at(24 * hours)
    expect(trace.arrivals).toEqual(['30s ops: triggered a', '14430s ops: reminder a', '28830s ops: reminder a'])
    expect(await trace.why('a')).toEqual([
      'triggered ops: sent subscribed',
      'reminder ops: sent reminder',
      'reminder ops: sent reminder',
      'acknowledged ops: suppressed event_not_wanted',
      'reminder everybody: suppressed acknowledged',
    ])
  })

  test('of a group together', async () => {
    await trace.addRule({})
    await trace.bad('a')
    await trace.at(hours)
    await trace.bad('b')
    await trace.at(9 * hours)
    expect(trace.arrivals).toEqual([
      '30s ops: triggered a',
      '3630s ops: triggered b',
      '14430s ops: reminder a, reminder b',
      '28830s ops: reminder a, reminder b',
    ])
  })
})

describe('silences', () => {
  const silence = (endsIn: number) =>
    trace.change((change) =>
      createSilence(
        change,
        SilenceInput.parse({
          matchers: [{ label: 'site', values: [trace.siteId] }],
          comment: 'The shop moves.',
          endsAt: new Date(world.clock.now().getTime() + endsIn * 1000).toISOString(),
        }),
      ),
    )

  test('mute, and what is still open at the end is told then, once', async () => {
    await trace.addRule({ repeatMinutes: 0 })
    await silence(2 * hours)
    const events = await world.eventsDuring(trace.orgId, async () => {
      await trace.bad('a')
      await trace.bad('b')
      await trace.at(hours)
      await trace.good('b')
      await trace.at(6 * hours)
    })
    const said = events.flatMap(({ type, data }) => (type === 'alert.suppressed' ? [`${data.notice} ${data.reason}`] : []))
    expect(said).toEqual([
      'triggered silenced',
      'triggered silenced',
      'resolved trigger_not_told',
      'triggered resolved_before_told',
    ])
    expect(trace.arrivals).toEqual([`${2 * hours}s ops: triggered a`])
    expect(await trace.why('a')).toEqual(['triggered everybody: suppressed silenced', 'triggered ops: sent subscribed'])
    expect(await trace.why('b')).toEqual([
      'triggered everybody: suppressed silenced',
      'resolved everybody: suppressed trigger_not_told',
      'triggered everybody: suppressed resolved_before_told',
    ])
  })

  test('that are ended by hand tell at once; that somebody knew of it before, its end is told all the same', async () => {
    await trace.addRule({ repeatMinutes: 0 })
    await trace.bad('known')
    await trace.at(60)
    const { id } = await silence(10 * hours)
    await trace.bad('a')
    await trace.at(hours)
    await trace.good('known')
    await trace.at(2 * hours)
    await trace.change((change) => expireSilence(change, { silenceId: id }))
    await trace.at(20 * hours)
    expect(trace.arrivals).toEqual(['30s ops: triggered known', '3630s ops: resolved known', '7200s ops: triggered a'])
  })
})

describe('maintenance', () => {
  const maintain = (endsIn: number) =>
    trace.change((change) =>
      scheduleMaintenance(
        change,
        MaintenanceInput.parse({
          title: 'Move',
          startsAt: world.clock.now().toISOString(),
          endsAt: new Date(world.clock.now().getTime() + endsIn * 1000).toISOString(),
          siteIds: [trace.siteId],
        }),
      ),
    )

  test('mutes its sites, and what is still open at its end is told', async () => {
    await trace.addRule({ repeatMinutes: 0 })
    await maintain(hours)
    await trace.at(60)
    await trace.bad('a')
    await trace.at(5 * hours)
    expect(trace.arrivals).toEqual(['3600s ops: triggered a'])
    expect(await trace.why('a')).toEqual(['triggered everybody: suppressed maintenance', 'triggered ops: sent subscribed'])
  })

  test('that is completed early tells at once', async () => {
    await trace.addRule({ repeatMinutes: 0 })
    const { id } = await maintain(10 * hours)
    await trace.bad('a')
    await trace.at(hours)
    await trace.change((change) => stepMaintenance(change, { maintenanceId: id, to: 'completed' }))
    await trace.at(2 * hours)
    expect(trace.arrivals).toEqual(['3600s ops: triggered a'])
  })
})

describe('flapping', () => {
  test('is told when it begins and when it has ended, and not between', async () => {
    await trace.addRule({ repeatMinutes: 0, cooldownSeconds: 0, groupIntervalSeconds: 0, groupWaitSeconds: 0 })
    for (let n = 0; n < 20; n += 1) {
      await trace.bad('a')
      await trace.at(n * 120 + 60)
      await trace.good('a')
      await trace.at(n * 120 + 120)
    }
    const before = trace.arrivals.findIndex((line) => line.includes('flapping_started'))
    expect(before).toBeGreaterThan(0)
    expect(trace.arrivals.slice(before + 1)).toEqual([])
    await trace.at(48 * hours)
    expect(trace.arrivals.slice(before + 1).map((line) => line.replace(/^\d+s /, ''))).toEqual(['ops: flapping_stopped a'])
  })
})

describe('the circuit breaker', () => {
  beforeEach(() =>
    trace.change((change) =>
      change.tx.query('update org set daily_alert_limit = 3, daily_critical_reserve = 2 where id = $1', [trace.orgId]),
    ),
  )

  test('a storm of 1,000 in one group is one message, and a digest that names the rest', async () => {
    await trace.addRule({ repeatMinutes: 0 })
    await trace.storm(1_000)
    await trace.at(3 * hours)
    expect(trace.arrivals).toEqual(['30s ops: 50 alerts and 950 more', '3600s ops: digest of 450', '3600s ops: digest of 500'])
    expect(trace.named().size).toBe(1_000)
  })

  test('a storm of 100 in groups of their own is three messages, one notice, and a digest that names the rest', async () => {
    await trace.addRule({ repeatMinutes: 0, groupBy: ['subject'] })
    await trace.storm(100)
    await trace.at(3 * hours)
    expect(trace.arrivals.map((line) => line.replace(/storm \d+/, 'one'))).toEqual([
      '30s ops: circuit_breaker.tripped',
      '30s ops: triggered one',
      '30s ops: triggered one',
      '30s ops: triggered one',
      '3630s ops: digest of 97',
    ])
    expect(trace.named().size).toBe(100)
  })

  test('critical ones have a reserve; how told ones go on is never over the limit', async () => {
    await trace.addRule({ repeatMinutes: 0, groupBy: ['subject'] })
    for (const name of ['a', 'b', 'c', 'd']) await trace.bad(name)
    await trace.at(30)
    for (const name of ['x', 'y', 'z']) await trace.bad(name, 'critical')
    await trace.at(60)
    await trace.good('a')
    await trace.good('x')
    await trace.at(10 * minutes)
    await trace.good('d')
    await trace.at(2 * hours)
    expect(trace.arrivals.filter((line) => line.includes(': triggered'))).toHaveLength(5)
    expect(trace.named()).toEqual(new Set(['a', 'b', 'c', 'd', 'x', 'y', 'z']))
    expect(trace.arrivals.filter((line) => line.includes('breaker'))).toHaveLength(1)
  })
})

test('a snooze ends with what is still open, and worse breaks through it', async () => {
  await trace.addRule({})
  await trace.bad('a')
  await trace.bad('b')
  await trace.at(60)
  for (const name of ['a', 'b'])
    await trace.change(async (change) => snoozeAlert(change, { alertId: await trace.alertOf(name), note: null, minutes: 180 }))
  await trace.at(hours)
  await trace.worse('b', 'critical')
  await trace.at(5 * hours)
  expect(trace.arrivals).toEqual([
    '30s ops: triggered a, triggered b',
    '3600s ops: worsened b',
    '10860s ops: reminder a, reminder b',
  ])
})

test('an outage explains what depends on it; when it is over, what is still open is told', async () => {
  await trace.addRule({ repeatMinutes: 0, groupBy: ['subject'] })
  await trace.bad('site', 'critical', { rule: 'crawl.fail', subject: 'https://shop.example/' })
  await trace.bad('a')
  await trace.bad('b')
  await trace.at(10 * minutes)
  await trace.good('site')
  await trace.good('b')
  await trace.at(2 * hours)
  expect(trace.arrivals).toEqual(['0s ops: triggered site', '600s ops: resolved site', '630s ops: triggered a'])
  expect(await trace.why('a')).toEqual(['triggered everybody: suppressed inhibited', 'triggered ops: sent subscribed'])
  expect((await trace.why('b')).at(0)).toBe('triggered everybody: suppressed inhibited')
})

describe('escalation', () => {
  const step = (afterMinutes: number) => ({ afterMinutes, notify: { destinations: 'all' as const, members: 'none' as const } })
  const escalation = { steps: [step(10), step(20)], rounds: 2, acknowledgeWithinMinutes: null }

  test('step by step and round by round, while nobody is on it', async () => {
    await trace.addRule({ repeatMinutes: 0, escalation })
    await trace.bad('a')
    await trace.at(5 * hours)
    expect(trace.arrivals).toEqual([
      '30s ops: triggered a',
      '630s ops: escalated a',
      '1830s ops: escalated a',
      '2430s ops: escalated a',
      '3630s ops: escalated a',
    ])
  })

  test('ends when somebody is on it; an acknowledgement that runs out is followed by a reminder and another round', async () => {
    await trace.addRule({ repeatMinutes: 0, escalation: { ...escalation, rounds: 1, acknowledgeWithinMinutes: 60 } })
    await trace.bad('a')
    await trace.at(15 * minutes)
    await trace.change(async (change) => acknowledgeAlert(change, { alertId: await trace.alertOf('a'), note: null }))
    await trace.at(5 * hours)
    expect(trace.arrivals).toEqual([
      '30s ops: triggered a',
      '630s ops: escalated a',
      `${75 * minutes}s ops: reminder a`,
      `${85 * minutes}s ops: escalated a`,
      `${105 * minutes}s ops: escalated a`,
    ])
  })
})
