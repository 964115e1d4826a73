import { describe, expect, test } from '@jest/globals'
import { system } from '@tocsin/contract/actor'
import { newId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import { type Told, toldKey } from '@tocsin/domain/deliveries/told'
import { type PlanWorld, plan } from './plan.ts'

const now = new Date('2026-03-02T09:00:00Z')
const threatId = newId('threat')
const destinationId = newId('destination')
const webhookId = newId('webhook')
const quiet = { day: '2026-03-02', sent: 0, criticalSent: 0, trippedAt: null }

const event = (type: string, severity: Severity = 'high', id = threatId) => ({
  seq: 7,
  type,
  orgId: newId('org'),
  at: now.toISOString(),
  actor: system('test'),
  data: { threat: { id, severity } },
})
const world = (more: Partial<PlanWorld> = {}): PlanWorld => ({
  now,
  webhooks: [],
  destinations: [{ id: destinationId, events: ['threat.detected', 'threat.resolved'], minimumSeverity: 'high' }],
  limits: { daily: 3, criticalReserve: 3 },
  day: quiet,
  told: new Map(),
  ...more,
})
const told = (state: Told): Pick<PlanWorld, 'told'> => ({ told: new Map([[toldKey(destinationId, threatId), state]]) })
const verdictOf = (type: string, severity: Severity, more: Partial<PlanWorld>) =>
  plan(event(type, severity), world(more))
    .deliveries.filter(({ reason }) => reason !== 'breaker_notice')
    .map(({ state, reason }) => `${state}: ${reason}`)[0] ?? 'nothing'

describe('a mail destination', () => {
  const full = { ...quiet, sent: 3 }
  const fuller = { ...quiet, sent: 3, criticalSent: 3, trippedAt: now }
  const all = { destinations: [{ id: destinationId, events: ['*'], minimumSeverity: 'high' as const }] }
  test.each([
    { when: 'severe enough', type: 'threat.detected', severity: 'high', more: {}, expected: 'pending: subscribed' },
    { when: 'more severe', type: 'threat.detected', severity: 'critical', more: {}, expected: 'pending: subscribed' },
    { when: 'not severe enough', type: 'threat.detected', severity: 'medium', more: {}, expected: 'suppressed: below_severity' },
    {
      when: 'over the limit',
      type: 'threat.detected',
      severity: 'high',
      more: { day: full },
      expected: 'held: over_daily_limit',
    },
    {
      when: 'over the limit, critical',
      type: 'threat.detected',
      severity: 'critical',
      more: { day: full },
      expected: 'pending: critical_reserve',
    },
    {
      when: 'over the reserve',
      type: 'threat.detected',
      severity: 'critical',
      more: { day: fuller },
      expected: 'held: over_daily_limit',
    },
    {
      when: 'not severe, over the limit',
      type: 'threat.detected',
      severity: 'low',
      more: { day: full },
      expected: 'suppressed: below_severity',
    },
    {
      when: 'no messages wanted at all',
      type: 'threat.detected',
      severity: 'high',
      more: { limits: { daily: 0, criticalReserve: 0 } },
      expected: 'held: over_daily_limit',
    },
    {
      when: 'resolved, was told',
      type: 'threat.resolved',
      severity: 'high',
      more: told('told'),
      expected: 'pending: subscribed',
    },
    {
      when: 'resolved, was told, over the limit',
      type: 'threat.resolved',
      severity: 'high',
      more: { ...told('told'), day: fuller },
      expected: 'pending: subscribed',
    },
    {
      when: 'resolved, trigger held',
      type: 'threat.resolved',
      severity: 'high',
      more: told('held'),
      expected: 'held: over_daily_limit',
    },
    {
      when: 'resolved, never told',
      type: 'threat.resolved',
      severity: 'high',
      more: {},
      expected: 'suppressed: trigger_not_told',
    },
    {
      when: 'milder now, was told',
      type: 'threat.resolved',
      severity: 'low',
      more: told('told'),
      expected: 'pending: subscribed',
    },
    { when: 'update not asked for', type: 'threat.updated', severity: 'high', more: told('told'), expected: 'nothing' },
    {
      when: 'worse than before, first heard',
      type: 'threat.updated',
      severity: 'critical',
      more: {},
      expected: 'pending: subscribed',
    },
    {
      when: 'worse, first heard, over the limit',
      type: 'threat.updated',
      severity: 'high',
      more: { day: full },
      expected: 'held: over_daily_limit',
    },
    { when: 'updated, still mild', type: 'threat.updated', severity: 'low', more: all, expected: 'suppressed: below_severity' },
    {
      when: 'updated, was told',
      type: 'threat.updated',
      severity: 'high',
      more: { ...all, ...told('told'), day: fuller },
      expected: 'pending: subscribed',
    },
    {
      when: 'acknowledged, trigger held',
      type: 'threat.acknowledged',
      severity: 'high',
      more: { ...all, ...told('held') },
      expected: 'held: over_daily_limit',
    },
    {
      when: 'not about a threat',
      type: 'scan.failed',
      severity: 'high',
      more: { ...all, day: fuller },
      expected: 'pending: subscribed',
    },
    { when: 'not asked for', type: 'scan.failed', severity: 'high', more: {}, expected: 'nothing' },
  ] as const)('$when → $expected', ({ type, severity, more, expected }) => expect(verdictOf(type, severity, more)).toBe(expected))
})

describe('the circuit breaker', () => {
  const destinations = [destinationId, newId('destination')].map((id) => ({
    id,
    events: ['threat.detected'],
    minimumSeverity: 'low' as const,
  }))
  const storm = (count: number, severity: Severity = 'high') => {
    let state = world({ destinations })
    const planned = []
    for (let n = 0; n < count; n += 1) {
      const next = plan(event('threat.detected', severity, newId('threat')), state)
      planned.push(...next.deliveries)
      state = { ...state, day: next.day, told: next.told }
    }
    return { planned, day: state.day }
  }
  const count = (planned: ReturnType<typeof storm>['planned'], reason: string) =>
    planned.filter((each) => each.reason === reason).length

  test('counts an event once, however many are told', () => {
    const { planned, day } = storm(1)
    expect(planned).toHaveLength(2)
    expect(day).toEqual({ ...quiet, sent: 1 })
  })

  test('three each, then one notice each and everything else held', () => {
    const { planned, day } = storm(100)
    expect(count(planned, 'subscribed')).toBe(6)
    expect(count(planned, 'breaker_notice')).toBe(2)
    expect(count(planned, 'over_daily_limit')).toBe(194)
    expect(day).toEqual({ ...quiet, sent: 3, trippedAt: now })
  })

  test('critical ones have a reserve and do not trip it while that lasts', () => {
    expect(storm(6, 'critical').day).toEqual({ ...quiet, sent: 3, criticalSent: 3 })
    const { planned, day } = storm(7, 'critical')
    expect(count(planned, 'critical_reserve')).toBe(6)
    expect(day.trippedAt).toEqual(now)
  })

  test('what nobody is told of costs nothing', () => {
    const next = plan(event('threat.detected', 'low'), world())
    expect(next.day).toBe(quiet)
  })
})

test('a webhook gets what it subscribes to, whatever the day and the severity', () => {
  const webhooks = [{ id: webhookId, events: ['threat.*'] }]
  const next = plan(
    event('threat.detected', 'low'),
    world({ webhooks, destinations: [], limits: { daily: 0, criticalReserve: 0 } }),
  )
  expect(next.deliveries).toMatchObject([
    { receiver: { webhookId }, state: 'pending', reason: 'subscribed', message: { seq: 7, type: 'threat.detected' } },
  ])
})

test('resolved in the page in which it was held is held as well', () => {
  const detected = plan(event('threat.detected'), world({ day: { ...quiet, sent: 3 } }))
  const resolved = plan(event('threat.resolved'), world({ day: detected.day, told: detected.told }))
  expect(resolved.deliveries).toMatchObject([{ state: 'held', reason: 'over_daily_limit' }])
})
