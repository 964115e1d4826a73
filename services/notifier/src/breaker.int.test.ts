import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import { DestinationInput } from '@tocsin/contract/api/destinations'
import { SiteInput } from '@tocsin/contract/api/sites'
import { type Threat, Threat as ThreatSchema } from '@tocsin/contract/api/threats'
import { threatDetected, threatResolved } from '@tocsin/contract/events/threats'
import { type AlertId, newId, type OrgId, type SiteId, type ThreatId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import { createAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { redeliver } from '@tocsin/domain/deliveries/deliveries'
import { listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import { createDestination, testDestination, updateDestination } from '@tocsin/domain/destinations/destinations'
import { createSite } from '@tocsin/domain/sites/sites'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createMailSink, type MailSink } from '@tocsin/testkit/sinks/mail-sink'
import { NotifierEnv } from './env.ts'
import { createNotifierPasses, type NotifierPasses } from './passes.ts'

jest.setTimeout(60_000)

const hours = 3_600_000

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
let mail: MailSink
let notifier: NotifierPasses
let open: NotifierPasses[] = []
const box = createSecretBox('a secret that only tests may know, 32+', 'destination')

const newNotifier = (smtpUrl: string | null = mail.url): NotifierPasses => {
  const env = { ...NotifierEnv.parse(smtpUrl ? { SMTP_URL: smtpUrl } : {}), SECRET_KEY: 'a secret that only tests may know, 32+' }
  const passes = createNotifierPasses({ ...world, env, deadlineMs: 5_000 })
  open.push(passes)
  return passes
}
const addDestination = (address: string, more: object = {}) =>
  world.change(orgId, (change) =>
    createDestination(change, { input: DestinationInput.parse({ kind: 'email', address, ...more }), box }),
  )
async function run(passes = notifier): Promise<void> {
  while ((await passes.plan()) === 'worked');
  while ((await passes.dispatch()) === 'worked');
  while ((await passes.digest()) === 'worked');
  await passes.emails.drain()
}

const threatOf = (id: ThreatId, severity: Severity): Threat =>
  ThreatSchema.parse({
    id,
    siteId,
    scanId: null,
    rule: 'http.5xx',
    type: 'technical_error',
    severity,
    subject: `https://shop.example/${id}`,
    dedupeKey: id,
    title: 'Page answers 500',
    description: 'Seen twice.',
    impact: 'Visitors see an error.',
    action: 'Look at the log.',
    state: 'active',
    flapping: false,
    causeId: null,
    importance: 5,
    occurrences: 1,
    firstSeenAt: '2026-03-01T10:00:00.000Z',
    lastSeenAt: '2026-03-01T10:00:00.000Z',
    acknowledgedAt: null,
    resolvedAt: null,
    changedBy: null,
    note: null,
  })
const site = () => ({ id: siteId, name: 'Shop', url: 'https://shop.example/' })
async function detect(count: number, severity: Severity = 'high'): Promise<ThreatId[]> {
  const ids = Array.from({ length: count }, () => newId('threat'))
  await world.change(orgId, async (change) => {
    for (const id of ids) change.emit(threatDetected, { threat: threatOf(id, severity), site: site() })
  })
  return ids
}
const resolve = (id: ThreatId) =>
  world.change(orgId, async (change) => change.emit(threatResolved, { threat: threatOf(id, 'high'), site: site() }))
async function deliveries(): Promise<Delivery[]> {
  const all: Delivery[] = []
  let cursor: string | null = null
  do {
    const page = await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 200, ...(cursor ? { cursor } : {}) }))
    all.push(...page.data)
    cursor = page.nextCursor
  } while (cursor)
  return all
}
const count = async (state: string, reason: string) =>
  (await deliveries()).filter((delivery) => delivery.state === state && delivery.reason === reason).length
const decided = async (reason: string): Promise<number> => {
  const { rows } = await world.db.transaction({ orgId }, (sql) =>
    sql.query<{ count: number }>('select count(*) as count from alert_decision where org_id = $1 and reason = $2', [
      orgId,
      reason,
    ]),
  )
  return rows[0]?.count ?? 0
}
async function alertsOf(threats: readonly ThreatId[]): Promise<AlertId[]> {
  const { rows } = await world.db.transaction({ orgId }, (sql) =>
    sql.query<{ id: AlertId }>('select id from alert where subject = any ($1)', [threats.map((id) => `threat:${id}`)]),
  )
  return rows.map(({ id }) => id)
}
const subjects = () => mail.messages.map(({ subject }) => subject)

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
  // Each threat is a message of its own, at once.
  await world.change(orgId, async (change) => {
    await change.tx.query('delete from alert_rule where org_id = $1', [orgId])
    const groups = { groupBy: ['subject'], groupWaitSeconds: 0, groupIntervalSeconds: 0, repeatMinutes: 0 }
    await createAlertRule(change, AlertRuleInput.parse({ name: 'Threats', filter: { sources: ['threat.*'] }, ...groups }))
  })
  mail = await createMailSink()
  notifier = newNotifier()
})
afterEach(async () => {
  for (const { close } of open) await close()
  open = []
  await mail.close()
  // Nothing of this org is left for the next test's notifier.
  await world.db.transaction({ orgId }, (sql) => sql.query('delete from destination'))
  await world.db.transaction({ orgId }, (sql) => sql.query('delete from alert_rule'))
})

test('a storm of 1,000 threats: three mails, one notice, and digests that name every one', async () => {
  await addDestination('oncall@shop.example')
  const threats = await detect(1_000)
  while ((await notifier.plan()) === 'worked');
  const events = await world.eventsDuring(orgId, run)
  expect(events.filter(({ type }) => type.startsWith('circuit_breaker')).map(({ type }) => type)).toEqual([
    'circuit_breaker.tripped',
  ])
  expect(mail.messages).toHaveLength(4)
  expect(subjects().filter((subject) => subject.startsWith('Alert limit reached'))).toHaveLength(1)
  expect(await count('held', 'over_daily_limit')).toBe(997)
  world.clock.advance(hours - 1)
  await run()
  expect(mail.messages).toHaveLength(4)
  world.clock.advance(1)
  await run()
  expect(mail.messages).toHaveLength(6)
  const told = (await alertsOf(threats)).filter((id) =>
    mail.messages.some(({ text, html }) => text.includes(id) && html.includes(id)),
  )
  expect(told).toHaveLength(1_000)
  expect(await count('digested', 'over_daily_limit')).toBe(997)
  expect(await count('held', 'over_daily_limit')).toBe(0)
})

test('the message counts once however many are told, and each gets a notice and a digest of their own', async () => {
  await addDestination('a@shop.example')
  await addDestination('b@shop.example')
  await addDestination('calm@shop.example', { minimumSeverity: 'critical' })
  await detect(5)
  await run()
  const receivedBy = (address: string) => mail.messages.filter(({ to }) => to.includes(address)).length
  expect([receivedBy('a@shop.example'), receivedBy('b@shop.example'), receivedBy('calm@shop.example')]).toEqual([4, 4, 1])
  expect(await decided('below_severity')).toBe(5)
  world.clock.advance(hours)
  await run()
  expect([receivedBy('a@shop.example'), receivedBy('b@shop.example'), receivedBy('calm@shop.example')]).toEqual([5, 5, 1])
})

test('critical ones have a reserve beyond the limit', async () => {
  await addDestination('oncall@shop.example')
  await detect(4)
  await run()
  await detect(5, 'critical')
  await run()
  expect(await count('succeeded', 'subscribed')).toBe(3)
  expect(await count('succeeded', 'critical_reserve')).toBe(3)
  expect(await count('held', 'over_daily_limit')).toBe(3)
})

test('a new day: said once, and mails come one by one again', async () => {
  await addDestination('oncall@shop.example')
  await detect(4)
  await run()
  world.clock.advance(24 * hours)
  const events = await world.eventsDuring(orgId, async () => {
    await run()
    await run()
  })
  expect(events.filter(({ type }) => type.startsWith('circuit_breaker')).map(({ type }) => type)).toEqual([
    'circuit_breaker.reset',
  ])
  const before = mail.messages.length
  await detect(1)
  await run()
  expect(mail.messages).toHaveLength(before + 1)
})

test('whoever was told hears when it is over; whoever waits for the digest reads it there; others hear nothing', async () => {
  await addDestination('oncall@shop.example')
  const [told] = await detect(1)
  await run()
  await detect(2)
  await run()
  const [held] = await detect(1)
  const [mild] = await detect(1, 'low')
  await run()
  for (const id of [told, held, mild]) if (id) await resolve(id)
  await run()
  expect(subjects().filter((subject) => subject.startsWith('Resolved'))).toHaveLength(1)
  expect(await decided('trigger_not_told')).toBe(1)
  expect(await count('held', 'over_daily_limit')).toBe(2)
  world.clock.advance(hours)
  await run()
  const digest = mail.messages.find(({ subject }) => subject.startsWith('Digest'))
  expect(digest?.text).toContain('In this mail: 1 high. 1 of them resolved since.')
})

test('several notifiers send one digest an hour', async () => {
  await addDestination('oncall@shop.example')
  await detect(10)
  await run()
  const replicas = [notifier, newNotifier(), newNotifier()]
  for (let hour = 0; hour < 3; hour += 1) {
    world.clock.advance(hours)
    await Promise.all(replicas.map((passes) => passes.digest()))
    await Promise.all(replicas.map(run))
    await detect(2)
    await run()
  }
  expect(subjects().filter((subject) => subject.startsWith('Digest'))).toHaveLength(3)
  expect(await count('digested', 'over_daily_limit')).toBe(11)
})

test('a digest that never arrives gives back what it told: the next one tells it', async () => {
  await addDestination('oncall@shop.example')
  const threats = await detect(5)
  await run()
  mail.behave({ kind: 'refuse', at: 'data', code: 550 })
  world.clock.advance(hours)
  await run()
  expect(await count('exhausted', 'digest')).toBe(1)
  expect(await count('held', 'over_daily_limit')).toBe(2)
  mail.behave({ kind: 'accept' })
  await run()
  expect(await count('held', 'over_daily_limit')).toBe(2)
  world.clock.advance(hours)
  await run()
  expect(await count('digested', 'over_daily_limit')).toBe(2)
  expect((await alertsOf(threats)).every((id) => mail.messages.some(({ text }) => text.includes(id)))).toBe(true)
})

test('an address that refuses everything is tried ever more rarely, and what it never hears of is given up', async () => {
  await addDestination('gone@shop.example')
  await detect(5)
  await run()
  mail.behave({ kind: 'refuse', at: 'data', code: 550 })
  const lostAfter: number[] = []
  for (let hour = 1; hour <= 24 * 14; hour++) {
    world.clock.advance(hours)
    while ((await notifier.digest()) === 'worked');
    await notifier.emails.drain()
    if ((await count('exhausted', 'digest')) > lostAfter.length) lostAfter.push(hour)
  }
  expect(lostAfter).toEqual([1, 2, 4, 8, 16, 32, 64, 96, 128])
  expect(await count('held', 'over_daily_limit')).toBe(0)
  expect(await count('exhausted', 'over_daily_limit')).toBe(2)
})

test('somebody who is no longer to be told gets no digest', async () => {
  const destination = await addDestination('oncall@shop.example')
  await detect(5)
  await run()
  const changes = { enabled: false }
  await world.change(orgId, (change) =>
    updateDestination(change, { destinationId: destination.id, changes, ifVersion: null, box }),
  )
  world.clock.advance(hours)
  await run()
  expect(await count('dropped', 'over_daily_limit')).toBe(2)
  expect(mail.messages).toHaveLength(4)
  const [dropped] = (await deliveries()).filter(({ state }) => state === 'dropped')
  if (!dropped) throw new Error('Nothing was dropped.')
  await expect(world.change(orgId, (change) => redeliver(change, { deliveryId: dropped.id }))).rejects.toThrow('disabled')
})

test('one that is held can be sent by hand', async () => {
  await addDestination('oncall@shop.example')
  await detect(4)
  await run()
  const held = (await deliveries()).find(({ state }) => state === 'held')
  if (!held) throw new Error('Nothing is held.')
  await world.change(orgId, (change) => redeliver(change, { deliveryId: held.id }))
  await run()
  expect(await count('succeeded', 'over_daily_limit')).toBe(1)
  world.clock.advance(hours)
  await run()
  expect(subjects().filter((subject) => subject.startsWith('Digest'))).toEqual([])
})

test('without a mail server every attempt says why, and is made again', async () => {
  const destination = await addDestination('oncall@shop.example')
  await world.change(orgId, (change) => testDestination(change, { destinationId: destination.id }))
  await newNotifier(null).emails.drain()
  expect(await deliveries()).toMatchObject([{ state: 'pending', attempts: 1, reason: 'test' }])
  world.clock.advance(10_000)
  await run()
  expect(await deliveries()).toMatchObject([{ state: 'succeeded', attempts: 2 }])
  expect(subjects()).toEqual(['Test: Tocsin can reach you'])
})
