import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { DestinationChanges, DestinationInput } from '@tocsin/contract/api/destinations'
import { WebhookChanges, WebhookInput } from '@tocsin/contract/api/webhooks'
import { memberRemoved } from '@tocsin/contract/events/members'
import { type DestinationId, newId, type OrgId, type WebhookId } from '@tocsin/contract/ids'
import { claimDeliveries } from '@tocsin/domain/deliveries/claim'
import { createDestination, testDestination, updateDestination } from '@tocsin/domain/destinations/destinations'
import { getDestination } from '@tocsin/domain/destinations/destinations.read'
import { createWebhook, rotateWebhookSecret, testWebhook, updateWebhook } from '@tocsin/domain/webhooks/webhooks'
import { getWebhook } from '@tocsin/domain/webhooks/webhooks.read'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import type { SendResult } from './channels/channel.ts'
import { createDeliveryMetrics, type DeliveryMetrics } from './metrics.ts'
import { createPlanPass } from './plan-pass.ts'
import { createRecorder } from './recorder.ts'

jest.setTimeout(60_000)

const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')
let world: TestFoundation
let orgId: OrgId
let metrics: DeliveryMetrics

beforeAll(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  metrics = createDeliveryMetrics(world.metrics)
})
afterAll(() => world.close())

const accepted: SendResult = {
  outcome: 'accepted',
  retry: false,
  status: 200,
  latencyMs: 1,
  response: '',
  retryAfterMs: null,
  slow: false,
}

test('what was sent is recorded though the database broke a deadlock at its expense: it is not sent again', async () => {
  const input = WebhookInput.parse({ url: 'https://hooks.example.com/', events: ['member.*'] })
  await world.change(orgId, (change) => createWebhook(change, { input, box }))
  await world.change(orgId, async (change) => {
    for (let n = 0; n < 2; n += 1) change.emit(memberRemoved, { userId: newId('user') })
  })
  const plan = createPlanPass(world)
  while ((await plan()) === 'worked');
  const now = world.clock.now()
  const leaseUntil = new Date(now.getTime() + 45_000)
  const claimed = await claimDeliveries(world.db, {
    ...{ channel: 'webhook', token: 'r:1', now, leaseUntil, limit: 10, perReceiver: 10 },
  })
  const [first, second] = claimed
  if (!first || !second) throw new Error('Two deliveries were planned.')
  const recorder = createRecorder({ ...world, kind: 'webhook', stepsMs: [], metrics })
  for (const each of claimed) recorder.add({ claimed: each, result: accepted, at: now })
  const lock = 'select 1 from delivery where id = $1 for update'
  let recording: Promise<number> | undefined
  await world.db.transaction({ orgId }, async (sql) => {
    await sql.query(lock, [second.id])
    recording = recorder.record()
    // It has the first one and waits for the second: whoever has waited longest looks for a deadlock first, and ends itself.
    for (;;) {
      const { rows } = await sql.query<{ waited: boolean }>(
        'select exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid) as waited',
      )
      if (rows[0]?.waited) break
    }
    await sql.query(lock, [first.id])
  })
  await recording
  while (recorder.waiting() > 0) await recorder.record()
  const { rows } = await world.db.transaction({ orgId }, (sql) => sql.query<{ state: string }>('select state from delivery'))
  expect(rows.map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
})

describe('an answer that comes late', () => {
  const gone: SendResult = { ...accepted, outcome: 'gone', status: 410 }
  const url = 'https://hooks.example.com/'
  const chat = { kind: 'mattermost', settings: { url: 'https://chat.example.com/hooks/old' } }
  const changeWebhook = (webhookId: WebhookId, changes: Record<string, unknown>) =>
    world.change(orgId, (change) =>
      updateWebhook(change, { webhookId, changes: WebhookChanges.parse(changes), ifVersion: null, box }),
    )
  const changeDestination = (destinationId: DestinationId, changes: Record<string, unknown>) =>
    world.change(orgId, (change) =>
      updateDestination(change, { destinationId, changes: DestinationChanges.parse(changes), ifVersion: null, box }),
    )
  /** Claimed before something happens, answered 410 after it. */
  async function answeredAfter(channel: 'webhook' | 'chat', happen: () => Promise<unknown>): Promise<void> {
    const now = world.clock.now()
    const leaseUntil = new Date(now.getTime() + 45_000)
    const claimed = await claimDeliveries(world.db, {
      channel,
      token: `${newId('delivery')}:1`,
      now,
      leaseUntil,
      limit: 10,
      perReceiver: 10,
    })
    expect(claimed).toHaveLength(1)
    await happen()
    const recorder = createRecorder({ ...world, kind: channel, stepsMs: [], metrics })
    for (const each of claimed) recorder.add({ claimed: each, result: gone, at: now })
    await recorder.record()
  }

  test.each([
    { after: 'nothing', changes: [], enabled: false },
    { after: 'other words for it', changes: [{ description: 'Ours' }], enabled: false },
    { after: 'another url', changes: [{ url: 'https://new.example.com/' }], enabled: true },
    { after: 'other headers', changes: [{ headers: { authorization: 'new' } }], enabled: true },
    { after: 'it was disabled and enabled again', changes: [{ enabled: false }, { enabled: true }], enabled: true },
  ])('to an endpoint, after $after: enabled $enabled', async ({ changes, enabled }) => {
    const input = WebhookInput.parse({ url, events: ['member.*'] })
    const { id } = await world.change(orgId, (change) => createWebhook(change, { input, box }))
    await world.change(orgId, (change) => testWebhook(change, { webhookId: id }))
    await answeredAfter('webhook', async () => {
      for (const each of changes) await changeWebhook(id, each)
    })
    const now = await world.journal.read(orgId, (sql) => getWebhook(sql, id))
    expect(now).toMatchObject({ enabled, disabledReason: enabled ? null : 'gone', ...(enabled ? { failingSince: null } : {}) })
  })

  test('to an endpoint that has another secret by now', async () => {
    const input = WebhookInput.parse({ url, events: ['member.*'] })
    const { id } = await world.change(orgId, (change) => createWebhook(change, { input, box }))
    await world.change(orgId, (change) => testWebhook(change, { webhookId: id }))
    await answeredAfter('webhook', () =>
      world.change(orgId, (change) => rotateWebhookSecret(change, { webhookId: id, keepOldHours: 0, box })),
    )
    expect(await world.journal.read(orgId, (sql) => getWebhook(sql, id))).toMatchObject({ enabled: true, failingSince: null })
  })

  test.each([
    { after: 'nothing', changes: [], enabled: false },
    { after: 'another name', changes: [{ name: 'Ours' }], enabled: false },
    {
      after: 'other settings',
      changes: [{ settings: { url: 'https://chat.example.com/hooks/new' } }],
      enabled: true,
    },
    { after: 'it was disabled and enabled again', changes: [{ enabled: false }, { enabled: true }], enabled: true },
  ])('to a destination, after $after: enabled $enabled', async ({ changes, enabled }) => {
    const input = DestinationInput.parse(chat)
    const { id } = await world.change(orgId, (change) => createDestination(change, { input, box }))
    await world.change(orgId, (change) => testDestination(change, { destinationId: id }))
    await answeredAfter('chat', async () => {
      for (const each of changes) await changeDestination(id, each)
    })
    const now = await world.journal.read(orgId, (sql) => getDestination(sql, id))
    expect(now).toMatchObject({ enabled, disabledReason: enabled ? null : 'gone', ...(enabled ? { failingSince: null } : {}) })
  })
})
