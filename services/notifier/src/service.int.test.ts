import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { memberRemoved } from '@tocsin/contract/events/members'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import { createWebhook, testWebhook } from '@tocsin/domain/webhooks/webhooks'
import { createSecretBox } from '@tocsin/process/secret-box'
import type { Service } from '@tocsin/process/service'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { NotifierEnv } from './env.ts'
import { createNotifierService } from './service.ts'

const secretKey = 'a secret that only tests may know, 32+'
let world: TestFoundation
let orgId: OrgId
let sink: WebhookSink
let service: Service

beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  sink = await createWebhookSink()
  const env = { ...NotifierEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' }), SECRET_KEY: secretKey }
  service = createNotifierService({ ...world, env })
  await service.start()
})
afterEach(async () => {
  await service.stop()
  await sink.close()
  await world.close()
})

const addWebhook = () => {
  const input = WebhookInput.parse({ url: sink.url, events: ['member.*'] })
  return world.change(orgId, (change) => createWebhook(change, { input, box: createSecretBox(secretKey, 'webhook') }))
}
const happen = () => world.change(orgId, async (change) => change.emit(memberRemoved, { userId: newId('user') }))

test('the bell alone brings an event to its receiver: time stands still', async () => {
  await addWebhook()
  await happen()
  expect(await sink.received(1)).toMatchObject([{ json: { type: 'member.removed' } }])
})

test('what rings no bell is found by the sweep', async () => {
  const webhook = await addWebhook()
  await world.change(orgId, (change) => testWebhook(change, { webhookId: webhook.id }))
  let arrived = false
  const received = sink.received(1).finally(() => {
    arrived = true
  })
  // In small steps, because the loops may be at work at this moment and count from when they are not.
  while (!arrived) {
    world.clock.advance(5)
    await new Promise(setImmediate)
  }
  expect(await received).toMatchObject([{ json: { type: 'message.test' } }])
})

test('a stop lets what is in flight arrive and be recorded, and may be called twice', async () => {
  await addWebhook()
  await happen()
  await sink.received(1)
  await service.stop()
  await service.stop()
  const { data } = await world.journal.read(orgId, (sql) => listDeliveries(sql, { limit: 10 }))
  expect(data).toMatchObject([{ state: 'succeeded', attempts: 1 }])
})

test('how it went is counted', async () => {
  await addWebhook()
  await happen()
  await sink.received(1)
  await service.stop()
  const text = await world.metrics.registry.metrics()
  expect(text).toContain('tocsin_delivery_attempts_total{channel="webhook",outcome="accepted"} 1')
  expect(text).toMatch(/tocsin_delivery_lag_seconds_count\{channel="webhook"\} 1/)
})
