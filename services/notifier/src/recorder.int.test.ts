import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { memberRemoved } from '@tocsin/contract/events/members'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { claimDeliveries } from '@tocsin/domain/deliveries/claim'
import { createWebhook } from '@tocsin/domain/webhooks/webhooks'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import type { SendResult } from './channels/channel.ts'
import { createDeliveryMetrics } from './metrics.ts'
import { createPlanPass } from './plan-pass.ts'
import { createRecorder } from './recorder.ts'

jest.setTimeout(60_000)

const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')
let world: TestFoundation
let orgId: OrgId

beforeAll(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
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
  const recorder = createRecorder({ ...world, kind: 'webhook', stepsMs: [], metrics: createDeliveryMetrics(world.metrics) })
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
