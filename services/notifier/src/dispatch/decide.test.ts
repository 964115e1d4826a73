import { describe, expect, test } from '@jest/globals'
import type { AlertNotify } from '@tocsin/contract/api/alert-rules'
import { newId } from '@tocsin/contract/ids'
import { DecisionReason, Notice, NoticeKind } from '@tocsin/contract/notice'
import { type Severity, severities } from '@tocsin/contract/rule'
import type { AlertToTell, WaitingNotice } from '@tocsin/domain/notices/notices.read'
import fc from 'fast-check'
import { decide } from './decide.ts'
import { type DestinationReceiver, type GroupWorld, type MemberReceiver, type Told, toldKey } from './world.ts'

const now = new Date('2026-03-02T09:20:00.000Z')
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
const day = { day: '2026-03-02', sent: 0, criticalSent: 0, trippedAt: null }
const everybody: AlertNotify = { destinations: 'all', members: 'all' }
const rule = { id: newId('alertRule'), name: 'Threats', enabled: true, notify: everybody, repeatMinutes: 240, escalation: null }

const alertOf = (more: Partial<AlertToTell> = {}): AlertToTell => ({
  id: newId('alert'),
  ruleId: rule.id,
  ruleName: 'Threats',
  subject: 'threat:thr_1',
  parents: [],
  outage: false,
  site: { id: newId('site'), name: 'Shop', url: 'https://shop.example/' },
  labels: {},
  tags: [],
  source: 'threat.detected',
  title: 'Page answers 500',
  facts: { topic: 'technical_error', description: '', impact: '', action: '', facts: [], path: '/' },
  severity: 'high',
  state: 'triggered',
  snoozedUntil: null,
  flapping: false,
  triggeredAt: minutes(-10),
  acknowledgedAt: null,
  resolvedAt: null,
  rounds: 0,
  spoken: false,
  ...more,
})
const noticeOf = (alert: AlertToTell, kind: NoticeKind = 'triggered', more: Partial<WaitingNotice> = {}): WaitingNotice => ({
  id: newId('alertNotice'),
  alertId: alert.id,
  ruleId: rule.id,
  groupKey: 'g',
  kind,
  severity: alert.severity,
  step: null,
  round: null,
  waitsFor: null,
  ...more,
})
const destinationOf = (more: Partial<DestinationReceiver> = {}): DestinationReceiver => ({
  kind: 'destination',
  id: newId('destination'),
  name: 'ops',
  channel: 'email',
  address: 'ops@shop.example',
  events: ['*'],
  minimumSeverity: 'low',
  enabled: true,
  ...more,
})
const calm = { quietUntil: null, criticalOverrides: true, hourlyAt: minutes(40), dailyAt: minutes(1400) }
const memberOf = (more: Partial<MemberReceiver> = {}): MemberReceiver => ({
  kind: 'member',
  id: newId('user'),
  name: 'ada',
  address: 'ada@shop.example',
  levels: { rules: new Map(), user: null, org: null },
  times: calm,
  ...more,
})
const worldOf = (more: Partial<GroupWorld> = {}): GroupWorld => ({
  now,
  rule,
  ruleId: rule.id,
  dedupKey: 'key',
  open: 1,
  notices: [],
  alerts: new Map(),
  receivers: [destinationOf()],
  told: new Map(),
  mutes: { silences: [], maintenances: [], outages: [] },
  mail: true,
  limits: { daily: 3, criticalReserve: 3 },
  day,
  ...more,
})
const telling = (alert: AlertToTell, kind: NoticeKind, more: Partial<GroupWorld> = {}) =>
  decide(worldOf({ notices: [noticeOf(alert, kind)], alerts: new Map([[alert.id, alert]]), ...more }))

describe('one receiver', () => {
  const mild = destinationOf({ minimumSeverity: 'critical' })
  const asleep = memberOf({ times: { ...calm, quietUntil: minutes(300) } })
  const full = { ...day, sent: 3 }
  test.each([
    { when: 'a fault', receiver: destinationOf(), expected: 'sent subscribed' },
    { when: 'a member', receiver: memberOf(), expected: 'sent subscribed' },
    { when: 'a mild one', receiver: mild, expected: 'suppressed below_severity' },
    { when: 'of another kind', receiver: destinationOf({ events: ['monitor.*'] }), expected: 'suppressed event_not_wanted' },
    { when: 'disabled', receiver: destinationOf({ enabled: false }), expected: 'suppressed receiver_disabled' },
    { when: 'asleep', receiver: asleep, expected: 'held do_not_disturb' },
    { when: 'asleep, critical', receiver: asleep, alert: { severity: 'critical' as const }, expected: 'sent critical_override' },
    { when: 'no mail server', receiver: memberOf(), more: { mail: false }, expected: 'suppressed mail_not_configured' },
    { when: 'over the limit', receiver: destinationOf(), more: { day: full }, expected: 'held over_daily_limit' },
    {
      when: 'over the limit, critical',
      receiver: destinationOf(),
      alert: { severity: 'critical' as const },
      more: { day: full },
      expected: 'sent critical_reserve',
    },
    {
      when: 'the rule is off',
      receiver: destinationOf(),
      more: { rule: { ...rule, enabled: false } },
      expected: 'suppressed rule_disabled',
    },
    {
      when: 'taken on',
      receiver: destinationOf(),
      alert: { state: 'acknowledged' as const, acknowledgedAt: now },
      expected: 'suppressed acknowledged',
    },
    { when: 'snoozed', receiver: destinationOf(), alert: { snoozedUntil: minutes(5) }, expected: 'suppressed snoozed' },
    { when: 'it flaps', receiver: destinationOf(), alert: { flapping: true }, expected: 'suppressed flapping' },
  ])('$when → $expected', ({ receiver, alert = {}, more = {}, expected }) => {
    const { decisions } = telling(alertOf(alert), 'triggered', { receivers: [receiver], ...more })
    expect(decisions.map(({ verdict, reason }) => `${verdict} ${reason}`)).toEqual([expected])
  })

  test('nobody is named: that is a reason too', () => {
    const nobody = { ...rule, notify: { destinations: [], members: 'none' as const } }
    expect(telling(alertOf(), 'triggered', { rule: nobody }).decisions).toMatchObject([
      { receiver: { kind: 'none' }, verdict: 'suppressed', reason: 'no_receiver' },
    ])
  })

  test('of two outages that explain each other the first is told', () => {
    const [a, b] = [
      alertOf({ subject: 'component:a', parents: ['component:b'], outage: true, triggeredAt: minutes(-2) }),
      alertOf({ subject: 'component:b', parents: ['component:a'], outage: true, triggeredAt: minutes(-1) }),
    ]
    const outages = [a, b].map(({ id, subject, parents, triggeredAt }) => ({ alertId: id, subject, parents, triggeredAt }))
    const mutes = { silences: [], maintenances: [], outages }
    expect(telling(a, 'triggered', { mutes }).decisions.map(({ reason }) => reason)).toEqual(['subscribed'])
    expect(telling(b, 'triggered', { mutes }).decisions).toMatchObject([
      { reason: 'inhibited', detail: `inhibited_by ${a.id} (component:a)` },
    ])
  })

  test('a message has the worst fifty, and counts the rest, which the next digest names', () => {
    const alerts = Array.from({ length: 120 }, (_, n) => alertOf({ severity: n < 60 ? 'medium' : 'high' }))
    const { deliveries, decisions } = decide(
      worldOf({ notices: alerts.map((alert) => noticeOf(alert)), alerts: new Map(alerts.map((alert) => [alert.id, alert])) }),
    )
    expect(deliveries.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'pending subscribed',
      'held hourly_digest',
      'held hourly_digest',
    ])
    const [first, ...held] = deliveries.map(({ message }) => Notice.parse(message.data))
    expect(first?.more).toBe(70)
    expect(new Set(first?.alerts.map(({ severity }) => severity))).toEqual(new Set(['high']))
    expect(held.flatMap(({ alerts: named }) => named)).toHaveLength(70)
    expect(first?.alerts.map(({ path }) => path)).toEqual(first?.alerts.map(({ id }) => `/alerts/${id}`))
    expect(decisions).toHaveLength(120)
  })
})

const anySeverity = fc.constantFrom<Severity>(...severities)
const anyTime = fc.integer({ min: -600, max: 600 }).map(minutes)
const anyAlert = fc
  .record({
    severity: anySeverity,
    state: fc.constantFrom('triggered' as const, 'acknowledged' as const, 'resolved' as const),
    source: fc.constantFrom('threat.detected', 'component.status_changed', 'metric.breached'),
    subject: fc.constantFrom('component:a', 'component:b', 'site:c'),
    parents: fc.uniqueArray(fc.constantFrom('component:a', 'component:b', 'site:c'), { maxLength: 2 }),
    outage: fc.boolean(),
    flapping: fc.boolean(),
    snoozedUntil: fc.option(anyTime),
    spoken: fc.boolean(),
    rounds: fc.integer({ min: 0, max: 5 }),
    at: anyTime,
  })
  .map(({ at, ...more }) =>
    alertOf({
      ...more,
      triggeredAt: at,
      acknowledgedAt: more.state === 'acknowledged' ? at : null,
      resolvedAt: more.state === 'resolved' ? at : null,
    }),
  )
const address = fc.constantFrom('a@shop.example', 'A@shop.example', 'b@shop.example', 'c@shop.example')
const anyDestination = fc
  .record({
    channel: fc.constantFrom('email' as const, 'slack' as const, 'pagerduty' as const),
    address,
    events: fc.subarray(['threat.*', 'component.*', 'threat.acknowledged', '*'], { minLength: 1 }),
    minimumSeverity: anySeverity,
    enabled: fc.boolean(),
  })
  .map(destinationOf)
const anyMember = fc
  .record({
    address,
    email: fc.option(fc.boolean(), { nil: undefined }),
    minimumSeverity: fc.option(anySeverity, { nil: undefined }),
    cadence: fc.constantFrom('immediate' as const, 'hourly' as const, 'daily' as const),
    quietUntil: fc.option(fc.constant(minutes(300))),
    criticalOverrides: fc.boolean(),
  })
  .map(({ address, quietUntil, criticalOverrides, email, minimumSeverity, cadence }) =>
    memberOf({
      address,
      levels: {
        rules: new Map(),
        user: {
          cadence,
          ...(email === undefined ? {} : { email }),
          ...(minimumSeverity === undefined ? {} : { minimumSeverity }),
        },
        org: null,
      },
      times: { ...calm, quietUntil, criticalOverrides },
    }),
  )
const step = { afterMinutes: 10, notify: everybody }
const anyWorld = fc
  .record({
    alerts: fc.array(anyAlert, { minLength: 1, maxLength: 6 }),
    kinds: fc.array(
      fc.record({
        of: fc.nat({ max: 5 }),
        kind: fc.constantFrom(...NoticeKind.options),
        round: fc.option(fc.integer({ min: 1, max: 5 })),
        waits: fc.boolean(),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    receivers: fc.tuple(fc.array(anyDestination, { maxLength: 3 }), fc.array(anyMember, { maxLength: 3 })),
    told: fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.boolean()), { maxLength: 8 }),
    rule: fc.constantFrom(
      null,
      rule,
      { ...rule, enabled: false },
      { ...rule, repeatMinutes: 0, escalation: { steps: [step], rounds: 3, acknowledgeWithinMinutes: 30 } },
      { ...rule, notify: { destinations: [], members: 'all' as const } },
    ),
    silenced: fc.option(fc.constantFrom('component:a', 'component:b')),
    maintained: fc.option(fc.constantFrom('component:a', 'site:c')),
    mail: fc.boolean(),
    sent: fc.nat({ max: 4 }),
    criticalSent: fc.nat({ max: 4 }),
  })
  .map(({ alerts, kinds, receivers, told, silenced, maintained, sent, criticalSent, ...more }) => {
    const everybody = receivers.flat()
    const at = <Item>(items: readonly Item[], index: number) => items[index % Math.max(1, items.length)]
    const told_ = new Map<string, Told>()
    for (const [a, r, isTold] of told) {
      const [alert, receiver] = [at(alerts, a), at(everybody, r)]
      if (alert && receiver)
        told_.set(
          toldKey(alert.id, receiver.id),
          isTold ? { state: 'told' } : { state: 'held', reason: 'over_daily_limit', until: null },
        )
    }
    const silence = {
      id: newId('silence'),
      endsAt: minutes(60),
      mutes: ({ subject }: { subject: string }) => subject === silenced,
    }
    const maintenance = {
      id: newId('maintenance'),
      title: 'Move',
      endsAt: minutes(90),
      covers: ({ subject }: AlertToTell) => subject === maintained,
    }
    return worldOf({
      ...more,
      receivers: everybody,
      told: told_,
      alerts: new Map(alerts.map((alert) => [alert.id, alert])),
      notices: kinds.flatMap(({ of, kind, round, waits }) => {
        const alert = at(alerts, of)
        const escalated = kind === 'escalated' ? { step: 0, round: round ?? 1 } : kind === 'reminder' ? { round } : {}
        return alert ? [noticeOf(alert, kind, { ...escalated, waitsFor: waits ? silence.id : null })] : []
      }),
      mutes: {
        silences: [silence],
        maintenances: [maintenance],
        outages: alerts
          .filter(({ outage, state }) => outage && state !== 'resolved')
          .map(({ id, subject, parents, triggeredAt }) => ({ alertId: id, subject, parents, triggeredAt })),
      },
      day: { ...day, sent, criticalSent },
    })
  })

describe('whatever the world', () => {
  const always = (name: string, law: (world: GroupWorld, decided: ReturnType<typeof decide>) => void) =>
    test(name, () =>
      fc.assert(
        fc.property(anyWorld, (world) => law(world, decide(world))),
        { numRuns: 500 },
      ),
    )

  always('a notice is decided once for everybody, or once for each receiver, or waits on for what mutes it', (world, decided) => {
    const postponed = new Set(decided.postponed.map(({ notice }) => notice.id))
    for (const notice of world.notices) {
      const about = decided.decisions.filter(({ noticeId }) => noticeId === notice.id)
      const receivers = about.map(({ receiver }) => receiver.id)
      expect(new Set(receivers).size).toBe(about.length)
      expect(about.length > 0).toBe(!postponed.has(notice.id))
      if (about.some(({ receiver }) => receiver.kind === 'none')) expect(about).toHaveLength(1)
    }
    for (const { reason } of decided.decisions) expect(DecisionReason.options).toContain(reason)
  })

  always(
    'what is sent or held is named in its delivery, to its receiver; nothing else is planned but the one notice',
    (world, decided) => {
      const used = new Set<number>()
      for (const { verdict, delivery, alertId, receiver, until } of decided.decisions) {
        if (verdict === 'suppressed') expect(delivery).toBeNull()
        else {
          const planned = decided.deliveries[delivery ?? -1]
          expect(planned?.state).toBe(verdict === 'sent' ? 'pending' : 'held')
          expect(Object.values(planned?.receiver ?? {})).toEqual([receiver.id])
          expect(planned?.holdUntil ?? null).toEqual(until)
          expect(Notice.parse(planned?.message.data).alerts.map(({ id }) => id)).toContain(alertId)
          used.add(delivery ?? -1)
        }
      }
      const others = decided.deliveries.filter((_, index) => !used.has(index))
      for (const { message } of others) expect(message.type).toBe('circuit_breaker.tripped')
      expect(others.length > 0 && !decided.day.trippedAt).toBe(false)
      expect(world.notices.length).toBeGreaterThan(0)
    },
  )

  always('nobody gets two messages at once, nor two mails at one address of the same alert', (world, decided) => {
    const pending = decided.deliveries.filter(({ state, reason }) => state === 'pending' && reason !== 'breaker_notice')
    expect(new Set(pending.map(({ receiver }) => JSON.stringify(receiver))).size).toBe(pending.length)
    const mailed = decided.decisions.flatMap(({ noticeId, receiver, verdict }) => {
      const to = world.receivers.find(({ id }) => id === receiver.id)
      const isMail = to && (to.kind === 'member' || to.channel === 'email')
      return isMail && verdict !== 'suppressed' ? [`${noticeId} ${to.address.toLowerCase()}`] : []
    })
    expect(new Set(mailed).size).toBe(mailed.length)
  })

  always('the day counts one message, and none beyond its limits', (world, { day: after, deliveries }) => {
    const spent = after.sent - world.day.sent + after.criticalSent - world.day.criticalSent
    expect(spent === 0 || spent === 1).toBe(true)
    if (spent === 1) expect(after.sent <= world.limits.daily || after.criticalSent <= world.limits.criticalReserve).toBe(true)
    if (deliveries.some(({ reason }) => reason === 'critical_reserve'))
      expect(after.criticalSent).toBe(world.day.criticalSent + 1)
  })

  always('a resolve is told to whoever was told, unless they can no longer be reached', (world, decided) => {
    for (const notice of world.notices) {
      const alert = world.alerts.get(notice.alertId)
      if (notice.kind !== 'resolved' || alert?.state !== 'resolved') continue
      for (const receiver of world.receivers) {
        const known = world.told.get(toldKey(alert.id, receiver.id))
        const about = decided.decisions.find(({ noticeId, receiver: to }) => noticeId === notice.id && to.id === receiver.id)
        if (!known) expect(about?.verdict ?? 'suppressed').toBe('suppressed')
        else if (about?.verdict === 'suppressed')
          expect(['receiver_disabled', 'duplicate_address', 'mail_not_configured', 'channel_off']).toContain(about.reason)
        else expect(about).toBeDefined()
      }
    }
  })
})
