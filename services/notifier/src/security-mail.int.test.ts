import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import type { Actor } from '@tocsin/contract/actor'
import type { Role } from '@tocsin/contract/api/orgs'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { sessionCreated } from '@tocsin/contract/events/people'
import { newId, type OrgId, type UserId } from '@tocsin/contract/ids'
import { createApiKey, revokeApiKey } from '@tocsin/domain/api-keys/api-keys'
import { listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import { addMember, changeMemberRole } from '@tocsin/domain/members/members'
import { setPreferences, setSchedule } from '@tocsin/domain/people/people'
import { createWebhook, rotateWebhookSecret } from '@tocsin/domain/webhooks/webhooks'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createMailSink, type MailSink } from '@tocsin/testkit/sinks/mail-sink'
import { NotifierEnv } from './env.ts'
import { createNotifierPasses, type NotifierPasses } from './passes.ts'

jest.setTimeout(60_000)

const key = 'a secret that only tests may know, 32+'
const box = createSecretBox(key, 'webhook')

let world: TestFoundation
let orgId: OrgId
let owner: UserId
let viewer: UserId
let mail: MailSink
let notifier: NotifierPasses

const newNotifier = (env: Record<string, string>): NotifierPasses =>
  createNotifierPasses({ ...world, env: { ...NotifierEnv.parse(env), SECRET_KEY: key }, deadlineMs: 5_000 })

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  mail = await createMailSink()
  notifier = newNotifier({ SMTP_URL: mail.url })
  owner = await addPerson('ada', 'owner')
  viewer = await addPerson('bob', 'viewer')
})
afterEach(async () => {
  await notifier.close()
  await mail.close()
})

async function addPerson(name: string, role: Role): Promise<UserId> {
  const id = newId('user')
  await world.change(orgId, async (change) => {
    await change.tx.query('insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)', [
      id,
      `${name}@${id.slice(-6)}.example`,
      name,
      '',
      change.now,
    ])
    await addMember(change, { userId: id, role })
  })
  return id
}

async function run(): Promise<void> {
  while ((await notifier.plan()) === 'worked');
  await notifier.emails.drain()
}
const told = () =>
  mail.messages.map(({ to, subject }) => `${to[0]?.split('@')[0]}: ${subject}`).sort((a, b) => a.localeCompare(b))
const addKey = (name: string) => world.change(orgId, (change) => createApiKey(change, { name, scope: 'admin', expiresAt: null }))

test('each goes to whom it concerns, with who did it; nobody else hears of it', async () => {
  const actor: Actor = { kind: 'user', id: owner }
  const by = <Result>(work: Parameters<typeof world.change<Result>>[1]) => world.journal.change(orgId, actor, work)
  await by(async (change) => change.emit(sessionCreated, { userId: viewer }))
  const made = await by((change) => createApiKey(change, { name: 'Deploy', scope: 'write', expiresAt: null }))
  await by((change) => revokeApiKey(change, { apiKeyId: made.id }))
  const input = WebhookInput.parse({ url: 'https://hook.example/' })
  const webhook = await by((change) => createWebhook(change, { input, box }))
  await by((change) => rotateWebhookSecret(change, { webhookId: webhook.id, keepOldHours: 24, box }))
  await run()
  expect(told()).toEqual([
    'ada: Security: An API key was made',
    'ada: Security: An API key was revoked',
    'ada: Security: An endpoint has a new secret',
    'bob: Security: Somebody signed in to your account',
  ])
  const [text] = mail.messages.flatMap(({ subject, text }) => (subject.includes('was made') ? [text] : []))
  expect(text).toMatch(/Key: Deploy[\s\S]*By: ada \(ada@/)
  await by((change) => changeMemberRole(change, { userId: viewer, role: 'editor', callerScope: 'owner' }))
  await run()
  expect(told().filter((line) => line.includes('role'))).toEqual([
    'ada: Security: A member has another role',
    'bob: Security: A member has another role',
  ])
})

test('no preference, quiet hour or limit is in its way', async () => {
  const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  await world.change(orgId, async (change) => {
    await setPreferences(change, { userId: owner, ruleId: null }, { email: false, inApp: false, cadence: 'daily' })
    const windows = [{ days: [...everyDay], from: '00:00', to: '00:00' }]
    await setSchedule(change, owner, { zone: 'UTC', windows, criticalOverrides: false, dailyDigestAt: '08:00' })
    await change.tx.query('update org set daily_alert_limit = 0, daily_critical_reserve = 0')
  })
  await addKey('Deploy')
  await run()
  expect(told()).toEqual(['ada: Security: An API key was made'])
})

test('a program that makes keys in a loop does not fill a mailbox: what is beyond says so', async () => {
  for (let count = 0; count < 60; count += 1) await addKey(`Key ${count}`)
  await run()
  expect(mail.messages).toHaveLength(50)
  const { data } = await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 200, state: 'suppressed' }))
  expect(data.map(({ reason, userId }) => [reason, userId])).toEqual(Array(10).fill(['over_daily_limit', owner]))
})

test('without a mail server there is nothing to wait for', async () => {
  await notifier.close()
  notifier = newNotifier({})
  await addKey('Deploy')
  while ((await notifier.plan()) === 'worked');
  const { data } = await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 200 }))
  expect(data).toEqual([])
})
