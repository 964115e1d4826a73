import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { diceOf } from '@tocsin/bus/bus.contract'
import { system } from '@tocsin/contract/actor'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { memberRemoved } from '@tocsin/contract/events/members'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import { freePort } from '@tocsin/db/embedded/free-port'
import { migrate } from '@tocsin/db/migrate'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { createWebhook } from '@tocsin/domain/webhooks/webhooks'
import { type OpenFoundation, openFoundation } from '@tocsin/journal/foundation'
import { silentLog } from '@tocsin/process/log'
import { createSecretBox } from '@tocsin/process/secret-box'
import { type OwnRedis, startRedis } from '@tocsin/testkit/redis'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'

jest.setTimeout(300_000)

const endpoints = 50
const deliveries = 10_000
const kills = 20
const secretKey = 'a secret that only tests may know, 32+'
const box = createSecretBox(secretKey, 'webhook')
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 2 ** 31)
const dice = diceOf(seed)

let folder: string
let postgres: EmbeddedPostgres
let redis: OwnRedis
let foundation: OpenFoundation
let orgId: OrgId
let sink: WebhookSink
let notifiers: ChildProcess[] = []

async function startNotifier(): Promise<ChildProcess> {
  const log = createWriteStream(join(folder, 'notifier.log'), { flags: 'a' })
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../services/notifier/src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      SECRET_KEY: secretKey,
      NOTIFIER_PORT: String(await freePort()),
      ALLOW_TARGET_CIDRS: '127.0.0.0/8',
      WEBHOOK_RETRY_SCHEDULE: '1,1,2,2,5,5,10,10',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout?.pipe(log, { end: false })
  child.stderr?.pipe(log, { end: false })
  notifiers.push(child)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** While Postgres is away, as any client has to. */
async function insist<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      await delay(100)
    }
  }
}

const happen = (count: number) =>
  insist(() =>
    foundation.journal.change(orgId, system('test'), async (change) => {
      for (let n = 0; n < count; n += 1) change.emit(memberRemoved, { userId: newId('user') })
    }),
  )

async function idsWhere(condition: string): Promise<string[]> {
  const { rows } = await insist(() =>
    foundation.db.transaction({ orgId }, (sql) => sql.query<{ id: string }>(`select id from delivery where ${condition}`)),
  )
  return rows.map(({ id }) => id)
}

const timesReceived = (): Map<string, number> => {
  const times = new Map<string, number>()
  for (const { headers } of sink.messages) {
    const id = headers['webhook-id'] ?? ''
    times.set(id, (times.get(id) ?? 0) + 1)
  }
  return times
}

beforeEach(async () => {
  folder = temporaryFolder()
  postgres = await startEmbeddedPostgres({ dataDir: folder, durable: true, log: silentLog() })
  redis = await startRedis({ appendonly: true })
  await migrate(postgres.url)
  foundation = openFoundation({ databaseUrl: postgres.url, redisUrl: redis.url, log: silentLog() })
  sink = await createWebhookSink()
  orgId = newId('org')
  await foundation.journal.change(orgId, system('test'), (change) => createOrg(change, { name: 'Chaos', ownerId: null }))
  const input = WebhookInput.parse({ url: sink.url, events: ['member.removed'] })
  await foundation.journal.change(orgId, system('test'), async (change) => {
    for (let n = 0; n < endpoints; n += 1) await createWebhook(change, { input, box })
  })
})
afterEach(async () => {
  await Promise.all(notifiers.map(kill))
  notifiers = []
  await foundation.close()
  await sink.close()
  await redis.stop()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

test(`killed ${kills} times, with Redis flushed and Postgres restarted: nothing is lost, and only what was in flight comes twice (CHAOS_SEED=${seed})`, async () => {
  const perRound = deliveries / endpoints / kills
  const inFlight = new Set<string>()
  let notifier = await startNotifier()
  for (let round = 1; round <= kills; round += 1) {
    await happen(perRound)
    // Somewhere in the middle of what has just happened.
    await sink.received(sink.messages.length + 1 + Math.floor(dice() * perRound * endpoints * 0.6))
    if (round % 7 === 3) await redis.flushAll()
    if (round === 10) {
      const port = Number(new URL(postgres.url).port)
      await postgres.stop()
      postgres = await startEmbeddedPostgres({ dataDir: folder, durable: true, log: silentLog(), port })
    }
    await kill(notifier)
    for (const id of await idsWhere(`state = 'pending' and lease_token is not null`)) inFlight.add(id)
    notifier = await startNotifier()
  }
  await sink.received(deliveries)
  // What was in flight at a kill is sent again when its lease has ended; only then is everything recorded.
  while ((await idsWhere(`state <> 'succeeded'`)).length > 0) await delay(250)
  const planned = await idsWhere('true')
  const times = timesReceived()
  expect(planned).toHaveLength(deliveries)
  expect(planned.filter((id) => !times.has(id))).toEqual([])
  expect(times.size).toBe(deliveries)
  const twice = [...times].filter(([, count]) => count > 1).map(([id]) => id)
  expect(twice.filter((id) => !inFlight.has(id))).toEqual([])
  expect(inFlight.size).toBeGreaterThan(0)
})

test('three replicas without faults: none of ten thousand comes twice', async () => {
  await Promise.all([startNotifier(), startNotifier(), startNotifier()])
  for (let written = 0; written < deliveries / endpoints; written += 10) await happen(10)
  await sink.received(deliveries)
  while ((await idsWhere(`state <> 'succeeded'`)).length > 0) await delay(100)
  expect(new Set(timesReceived().values())).toEqual(new Set([1]))
  expect(timesReceived().size).toBe(deliveries)
})
