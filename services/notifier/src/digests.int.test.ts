import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import { type AlertId, type DestinationId, newId, type OrgId, type UserId } from '@tocsin/contract/ids'
import type { Notice, NoticeKind } from '@tocsin/contract/notice'
import { noticeMessageType } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import { type PlannedDelivery, planDeliveries, type Receiver } from '@tocsin/domain/deliveries/deliveries'
import type { Message } from '@tocsin/domain/deliveries/message'
import { addMember } from '@tocsin/domain/members/members'
import { setSchedule } from '@tocsin/domain/people/people'
import { nextTimeOfDay } from '@tocsin/domain/people/quiet-hours'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createMailSink, type MailSink } from '@tocsin/testkit/sinks/mail-sink'
import { chatMessageOf } from './channels/chat-message.ts'
import { discord } from './channels/discord.ts'
import { slack } from './channels/slack.ts'
import { telegram } from './channels/telegram.ts'
import { NotifierEnv } from './env.ts'
import { createNotifierPasses, type NotifierPasses } from './passes.ts'

jest.setTimeout(60_000)

const hours = 3_600_000
const berlin = { zone: 'Europe/Berlin', windows: [], criticalOverrides: true, dailyDigestAt: '08:00' }
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const night = { ...berlin, windows: [{ days: [...everyDay], from: '22:00', to: '07:00' }] }

let world: TestFoundation
let orgId: OrgId
let userId: UserId
let mail: MailSink
let replicas: [NotifierPasses, NotifierPasses]

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  userId = await addPerson('ada')
  mail = await createMailSink()
  const env = { ...NotifierEnv.parse({ SMTP_URL: mail.url }), SECRET_KEY: 'a secret that only tests may know, 32+' }
  const replica = () => createNotifierPasses({ ...world, env, deadlineMs: 5_000 })
  replicas = [replica(), replica()]
})
afterEach(async () => {
  for (const { close } of replicas) await close()
  await mail.close()
  // Nothing of this org is left for the next test.
  await world.db.transaction({ orgId }, (sql) => sql.query('delete from delivery'))
})

async function addPerson(name: string): Promise<UserId> {
  const id = newId('user')
  await world.change(orgId, async (change) => {
    await change.tx.query('insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)', [
      id,
      `${name}-${id.slice(-6)}@shop.example`,
      name,
      '',
      change.now,
    ])
    await addMember(change, { userId: id, role: 'editor' })
  })
  return id
}

/** An alert as its slice keeps it: what a digest reads of it is its state. */
async function addAlert(title: string): Promise<AlertId> {
  const id = newId('alert')
  await world.db.transaction({ orgId }, (sql) =>
    sql.query(
      `insert into alert (id, org_id, rule_name, fingerprint, subject, labels, source, title, facts, severity, state, group_key,
         triggered_at, updated_at)
       values ($1, $2, 'r', $1, 's', '{}', 'monitor.down', $3, '{}', 'high', 'triggered', 'g', $4, $4)`,
      [id, orgId, title, world.clock.now()],
    ),
  )
  return id
}
const setState = (alertId: AlertId, state: string) =>
  world.db.transaction({ orgId }, (sql) => sql.query('update alert set state = $2 where id = $1', [alertId, state]))

const about = (id: AlertId, title: string, kind: NoticeKind = 'triggered', severity: Severity = 'high') => ({
  id,
  title,
  kind,
  severity,
})

function notice(alerts: readonly ReturnType<typeof about>[]): Notice {
  const at = world.clock.now().toISOString()
  return {
    rule: 'Outages',
    dedupKey: 'g',
    more: 0,
    open: alerts.length,
    alerts: alerts.map((alert) => ({
      ...alert,
      state: 'triggered',
      source: 'monitor.down',
      topic: 'monitor',
      site: null,
      description: '',
      impact: '',
      action: '',
      facts: [],
      path: `/alerts/${alert.id}`,
      triggeredAt: at,
      resolvedAt: null,
    })),
  }
}

function hold(
  alerts: readonly ReturnType<typeof about>[],
  reason: PlannedDelivery['reason'],
  holdUntil: Date | null,
  receiver: Receiver = { userId },
) {
  const message = { seq: null, type: noticeMessageType, at: world.clock.now().toISOString(), data: notice(alerts) }
  return world.change(orgId, (change) => planDeliveries(change, [{ receiver, message, state: 'held', reason, holdUntil }]))
}

const later = (ms: number) => new Date(world.clock.now().getTime() + ms)
const setNow = (iso: string) => world.clock.advance(Date.parse(iso) - world.clock.now().getTime())

/** Both replicas at once, until there is nothing left to do. */
async function run(): Promise<void> {
  await Promise.all(
    replicas.map(async ({ digest }) => {
      while ((await digest()) === 'worked');
    }),
  )
  for (const { emails } of replicas) await emails.drain()
}
const states = async () =>
  (
    await world.db.transaction({ orgId }, (sql) =>
      sql.query<{ state: string }>(`select state from delivery where reason <> 'digest'`),
    )
  ).rows.map(({ state }) => state)

test('what was held over quiet hours is one mail at their end, with each alert once and what is over by now', async () => {
  const [down, slow, back] = [await addAlert('Shop is down'), await addAlert('Shop is slow'), await addAlert('Blog is down')]
  await hold([about(down, 'Shop is down'), about(slow, 'Shop is slow')], 'do_not_disturb', later(8 * hours))
  world.clock.advance(hours)
  await hold(
    [about(back, 'Blog is down'), about(slow, 'Shop is slow', 'worsened', 'critical')],
    'do_not_disturb',
    later(7 * hours),
  )
  await setState(back, 'resolved')
  await setState(slow, 'acknowledged')
  world.clock.advance(7 * hours - 1)
  await run()
  expect(mail.messages).toHaveLength(0)
  world.clock.advance(1)
  await run()
  const [message, ...others] = mail.messages
  expect(others).toHaveLength(0)
  expect(message?.subject).toBe('Digest: 3 messages from your quiet hours')
  expect(message?.text).toContain('1 critical, 2 high. 1 of them resolved since.')
  expect(message?.text).toMatch(
    /Not over yet:[\s\S]*Shop is down[\s\S]*CRITICAL: Shop is slow, got worse, acknowledged since[\s\S]*Resolved since:\n- HIGH: Blog is down/,
  )
  for (const id of [down, slow, back]) expect(message?.text.split(id)).toHaveLength(2)
  expect(await states()).toEqual(['digested', 'digested'])
  world.clock.advance(24 * hours)
  await run()
  expect(mail.messages).toHaveLength(1)
})

test('what has its time later is left for later', async () => {
  await hold([about(await addAlert('One'), 'One')], 'hourly_digest', later(hours))
  await hold([about(await addAlert('Two'), 'Two')], 'daily_digest', later(5 * hours))
  world.clock.advance(hours)
  await run()
  expect(mail.messages.map(({ subject }) => subject)).toEqual(['Digest: 1 message of the last hour'])
  world.clock.advance(4 * hours)
  await run()
  expect(mail.messages.map(({ subject }) => subject)).toEqual([
    'Digest: 1 message of the last hour',
    'Digest: 1 message of the last day',
  ])
})

test('every alert of a storm is named once, in as many mails as it takes', async () => {
  const ids = await Promise.all(Array.from({ length: 1_200 }, (_, number) => addAlert(`Alert ${number}`)))
  for (let from = 0; from < ids.length; from += 50)
    await hold(
      ids.slice(from, from + 50).map((id) => about(id, id)),
      'over_daily_limit',
      null,
    )
  world.clock.advance(hours)
  await run()
  expect(mail.messages).toHaveLength(3)
  const told = mail.messages.flatMap(({ text }) => [...text.matchAll(/^ .*(alr_\w+)$/gm)].map(([, id]) => id))
  expect(told).toHaveLength(1_200)
  expect(new Set(told)).toEqual(new Set(ids))
  expect(new Set(await states())).toEqual(new Set(['digested']))
})

test('a digest whose time falls into quiet hours comes after them, unless something critical may disturb', async () => {
  setNow('2027-01-10T22:00:00Z')
  await world.change(orgId, (change) => setSchedule(change, userId, night))
  await hold([about(await addAlert('Mild'), 'Mild')], 'over_daily_limit', null)
  world.clock.advance(hours)
  await run()
  expect(mail.messages).toHaveLength(0)
  setNow('2027-01-11T05:59:59Z')
  await run()
  expect(mail.messages).toHaveLength(0)
  setNow('2027-01-11T06:00:00Z')
  await run()
  expect(mail.messages).toHaveLength(1)
  setNow('2027-01-11T22:00:00Z')
  await hold([about(await addAlert('Bad'), 'Bad', 'triggered', 'critical')], 'over_daily_limit', null)
  world.clock.advance(hours)
  await run()
  expect(mail.messages).toHaveLength(2)
  await world.change(orgId, (change) => setSchedule(change, userId, { ...night, criticalOverrides: false }))
  await hold([about(await addAlert('Worse'), 'Worse', 'triggered', 'critical')], 'over_daily_limit', null)
  world.clock.advance(hours)
  await run()
  expect(mail.messages).toHaveLength(2)
})

test('the daily digest comes at the hour of the person’s clocks, on the day they are set too', async () => {
  setNow('2027-03-27T12:00:00Z')
  const hour = { zone: berlin.zone, time: berlin.dailyDigestAt }
  const at: string[] = []
  for (const day of ['Saturday', 'Sunday', 'Monday']) {
    await hold([about(await addAlert(day), day)], 'daily_digest', nextTimeOfDay(hour, world.clock.now()))
    const before = mail.messages.length
    for (let tick = 0; tick < 96 && mail.messages.length === before; tick += 1) {
      world.clock.advance(hours / 4)
      await run()
    }
    at.push(world.clock.now().toISOString())
  }
  // Berlin goes from UTC+1 to UTC+2 on the 28th.
  expect(at).toEqual(['2027-03-28T06:00:00.000Z', '2027-03-29T06:00:00.000Z', '2027-03-30T06:00:00.000Z'])
})

test('a digest that never arrives gives back what it told, and the next one is tried ever more rarely', async () => {
  const alertId = await addAlert('Shop is down')
  await hold([about(alertId, 'Shop is down')], 'do_not_disturb', later(hours))
  mail.behave({ kind: 'refuse', at: 'data', code: 550 })
  world.clock.advance(hours)
  await run()
  expect(await states()).toEqual(['held'])
  world.clock.advance(hours - 1)
  await run()
  mail.behave({ kind: 'accept' })
  await run()
  expect(mail.messages).toHaveLength(0)
  world.clock.advance(1)
  await run()
  expect(mail.messages.map(({ text }) => text.includes(alertId))).toEqual([true])
  expect(await states()).toEqual(['digested'])
})

test('windows without an end between them delay a digest for a week, and not for ever', async () => {
  setNow('2028-01-10T12:00:00Z')
  const always = { ...berlin, windows: [{ days: [...everyDay], from: '00:00', to: '00:00' }] }
  await world.change(orgId, (change) => setSchedule(change, userId, always))
  await hold([about(await addAlert('Mild'), 'Mild')], 'do_not_disturb', later(7 * 24 * hours))
  world.clock.advance(7 * 24 * hours - 1)
  await run()
  expect(mail.messages).toHaveLength(0)
  world.clock.advance(1)
  await run()
  expect(mail.messages).toHaveLength(1)
  expect(await states()).toEqual(['digested'])
})

async function addChat(kind: 'slack' | 'twilio'): Promise<DestinationId> {
  const id = newId('destination')
  await world.db.transaction({ orgId }, (sql) =>
    sql.query(
      `insert into destination (id, org_id, kind, name, events, minimum_severity, created_at)
       values ($1, $2, $3, 'Ops', '{*}', 'low', $4)`,
      [id, orgId, kind, world.clock.now()],
    ),
  )
  return id
}
const digestsTo = async (receiverId: string) =>
  (
    await world.db.transaction({ orgId }, (sql) =>
      sql.query<{ message: Message }>(
        `select message from delivery where reason = 'digest' and receiver_id = $1 order by (message #>> '{data,part}')::int`,
        [receiverId],
      ),
    )
  ).rows.map(({ message }) => message)

test('a chat is told every alert of a storm too, in messages that show all they name; a phone hears of it once', async () => {
  const [chat, phone] = [await addChat('slack'), await addChat('twilio')]
  const ids = await Promise.all(Array.from({ length: 130 }, (_, number) => addAlert(`Alert ${number}`)))
  for (const destinationId of [chat, phone])
    for (let from = 0; from < ids.length; from += 50) {
      // As long as titles are, and full of what has to be escaped.
      const held = ids.slice(from, from + 50).map((id) => about(id, '*'.repeat(300), 'triggered', 'critical'))
      await hold(held, 'over_daily_limit', null, { destinationId })
    }
  for (const id of ids) await setState(id, 'resolved')
  world.clock.advance(hours)
  await Promise.all(replicas.map(({ digest }) => digest()))
  const messages = await digestsTo(chat)
  expect(messages).toHaveLength(6)
  for (const build of [slackText, discordText, telegramText]) {
    const shown = messages.flatMap((message) => build(message).match(/alr\\?_\w+/g) ?? [])
    expect(new Set(shown.map((id) => id.replace('\\', '')))).toEqual(new Set(ids))
    expect(shown).toHaveLength(130)
  }
  const toPhone = await digestsTo(phone)
  expect(toPhone.map(({ data }) => data)).toMatchObject([{ part: 1, parts: 1, total: 130 }])
})

const chatOf = (message: Message) => chatMessageOf(message, { publicUrl: 'https://tocsin.example' })
const slackText = (message: Message) => slack.build(chatOf(message), { url: 'https://chat.example' }).body
const discordText = (message: Message): string =>
  JSON.parse(discord.build(chatOf(message), { url: 'https://chat.example' }).body).embeds[0].description
const telegramText = (message: Message): string =>
  JSON.parse(telegram.build(chatOf(message), { token: '1:a', chatId: '1', baseUrl: 'https://chat.example' }).body).text

test('a chat gets digests as well, and what is held for a person in one org is not told in another', async () => {
  const destinationId = await addChat('slack')
  await hold([about(await addAlert('One'), 'One')], 'hourly_digest', later(hours), { destinationId })
  await hold([about(await addAlert('Two'), 'Two')], 'hourly_digest', later(hours))
  const otherOrg = await world.newOrg()
  await world.change(otherOrg, (change) => addMember(change, { userId, role: 'viewer' }))
  world.clock.advance(hours)
  await Promise.all(replicas.map(({ digest }) => digest()))
  const digestsOf = async (org: OrgId) =>
    (
      await world.db.transaction({ orgId: org }, (sql) =>
        sql.query(`select channel, receiver_id as "of" from delivery where reason = 'digest' order by channel`),
      )
    ).rows
  expect(await digestsOf(orgId)).toEqual([
    { channel: 'chat', of: destinationId },
    { channel: 'email', of: userId },
  ])
  expect(await digestsOf(otherOrg)).toEqual([])
})
