import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DestinationInput } from '@tocsin/contract/api/destinations'
import { IncidentInput } from '@tocsin/contract/api/incidents'
import type { OrgId } from '@tocsin/contract/ids'
import { createDestination, testDestination } from '@tocsin/domain/destinations/destinations'
import { getDestination } from '@tocsin/domain/destinations/destinations.read'
import { createIncident } from '@tocsin/domain/incidents/incidents'
import { importSubscribers } from '@tocsin/domain/subscribers/import'
import { subscriberLinkPurpose } from '@tocsin/domain/subscribers/links'
import type { Reach } from '@tocsin/domain/subscribers/new-subscriber'
import { confirmSubscriber, requirePage, subscribe } from '@tocsin/domain/subscribers/subscribers'
import { listSubscribers, signingSecret } from '@tocsin/domain/subscribers/subscribers.read'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createMailSink, type MailSink } from '@tocsin/testkit/sinks/mail-sink'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { NotifierEnv } from './env.ts'
import { createNotifierPasses, type NotifierPasses } from './passes.ts'

const SECRET_KEY = 'a secret that only tests may know, 32+'
const box = createSecretBox(SECRET_KEY, subscriberLinkPurpose)
const webhookBox = createSecretBox(SECRET_KEY, 'webhook')
const destinationBox = createSecretBox(SECRET_KEY, 'destination')

let world: TestFoundation
let orgId: OrgId
let mail: MailSink
let hook: WebhookSink
let passes: NotifierPasses
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  mail = await createMailSink()
  hook = await createWebhookSink({ now: () => world.clock.now() })
  const env = NotifierEnv.parse({ SMTP_URL: mail.url, WEBHOOK_RETRY_SCHEDULE: '1,1', ALLOW_TARGET_CIDRS: '127.0.0.0/8' })
  passes = createNotifierPasses({ ...world, env: { ...env, SECRET_KEY, PUBLIC_URL: 'https://status.example' } })
})
afterEach(async () => {
  await passes.close()
  await mail.close()
  await hook.close()
})

/** Everything a notifier does, until there is nothing left to do. */
async function run(): Promise<void> {
  while ((await passes.plan()) === 'worked');
  while ((await passes.broadcast()) === 'worked');
  for (const pump of [passes.emails, passes.webhooks, passes.chats]) await pump.drain()
}
const open = (title: string) =>
  world.change(orgId, (change) => createIncident(change, IncidentInput.parse({ title, body: 'We look.' })))
const read = async () => (await world.journal.read(orgId, (sql) => listSubscribers(sql, { limit: 10 }))).data

describe('a mailbox', () => {
  async function told(code: number): Promise<string[]> {
    const rows = [{ address: 'reader@example.com', minimumImpact: 'none' as const, confirmedAt: '2026-01-01T00:00:00Z' }]
    await world.change(orgId, async (change) =>
      importSubscribers(change, { statusPageId: await requirePage(change, undefined), rows, box }),
    )
    mail.behave({ kind: 'refuse', at: 'recipient', code })
    const events = await world.eventsDuring(orgId, async () => {
      await open('Down')
      await run()
    })
    return events.map(({ type }) => type)
  }

  test('that is not there, as the mail server says at once, gets nothing more', async () => {
    const events = await told(550)
    expect(events).toContain('subscriber.quarantined')
    expect(await read()).toMatchObject([{ state: 'quarantined', stateReason: 'hard_bounce' }])
    mail.behave({ kind: 'accept' })
    await open('Down again')
    await run()
    expect(mail.messages).toHaveLength(0)
  })

  test('that is busy is tried again, and loses nothing', async () => {
    expect(await told(451)).not.toContain('subscriber.quarantined')
    mail.behave({ kind: 'accept' })
    world.clock.advance(10_000)
    await run()
    expect(mail.messages.map(({ subject }) => subject)).toEqual(['[Test] Investigating: Down'])
    expect(await read()).toMatchObject([{ state: 'confirmed' }])
  })
})

test('a destination whose mailbox is not there is disabled, and says why', async () => {
  const input = DestinationInput.parse({ kind: 'email', name: 'On call', address: 'oncall@example.com' })
  const { id } = await world.change(orgId, (change) => createDestination(change, { input, box: destinationBox }))
  await world.change(orgId, (change) => testDestination(change, { destinationId: id }))
  mail.behave({ kind: 'refuse', at: 'recipient', code: 550 })
  const events = await world.eventsDuring(orgId, run)
  expect(events.map(({ type }) => type)).toContain('destination.updated')
  const seen = await world.journal.read(orgId, (sql) => getDestination(sql, id))
  expect(seen).toMatchObject({ enabled: false, disabledReason: 'bounced' })
})

describe('a machine', () => {
  async function subscribed(reach: Reach): Promise<string> {
    await world.change(orgId, async (change) =>
      subscribe(change, {
        statusPageId: await requirePage(change, undefined),
        reach,
        componentIds: null,
        minimumImpact: 'none',
        source: 'page',
        box,
      }),
    )
    await run()
    const text = hook.messages[0]?.body ?? ''
    return /https:\/\/status\.example\/s\/-\/confirm\/([\w.-]+)/.exec(text)?.[1] ?? ''
  }

  test('subscribes by a webhook: what it gets is signed, from the question on', async () => {
    const token = await subscribed({ kind: 'webhook', url: hook.url, webhookBox })
    await open('Too early')
    await run()
    expect(hook.messages).toHaveLength(1)
    const confirmed = await world.change(orgId, (change) => confirmSubscriber(change, { token }))
    if (!confirmed) throw new Error('The link was not good.')
    const secret = await world.journal.read(orgId, (sql) => signingSecret(sql, confirmed.id, webhookBox))
    hook.verifyWith(secret ?? '')
    await open('Down')
    await run()
    expect(hook.messages.map(({ verified }) => verified)).toEqual([true, true])
    const body = JSON.parse(hook.messages[1]?.body ?? '{}')
    expect(body).toMatchObject({
      type: 'incident.created',
      data: { page: { name: 'Test' }, incident: { title: 'Down' }, update: { body: 'We look.' } },
    })
    expect(body.data.manageUrl).toMatch(/^https:\/\/status\.example\/s\/-\/manage\//)
  })

  test('subscribes by an incoming webhook of Slack', async () => {
    const token = await subscribed({ kind: 'slack', url: hook.url, destinationBox })
    await world.change(orgId, (change) => confirmSubscriber(change, { token }))
    await open('Down')
    await run()
    const text = hook.messages[1]?.body ?? ''
    expect(text).toContain('[Test] Investigating: Down')
    expect(text).toContain('https://status.example/s/-/unsubscribe/')
    expect(await read()).toMatchObject([{ kind: 'slack', address: new URL(hook.url).host, state: 'confirmed' }])
  })
})
