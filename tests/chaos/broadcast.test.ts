import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { diceOf } from '@tocsin/bus/bus.contract'
import { system } from '@tocsin/contract/actor'
import { IncidentInput } from '@tocsin/contract/api/incidents'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import { freePort } from '@tocsin/db/embedded/free-port'
import { migrate } from '@tocsin/db/migrate'
import { createIncident } from '@tocsin/domain/incidents/incidents'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { importSubscribers } from '@tocsin/domain/subscribers/import'
import { subscriberLinkPurpose } from '@tocsin/domain/subscribers/links'
import { requirePage } from '@tocsin/domain/subscribers/subscribers'
import type { Change } from '@tocsin/journal/change'
import { type OpenFoundation, openFoundation } from '@tocsin/journal/foundation'
import { silentLog } from '@tocsin/process/log'
import { createSecretBox } from '@tocsin/process/secret-box'
import { type OwnRedis, startRedis } from '@tocsin/testkit/redis'
import { createMailSink, type MailSink } from '@tocsin/testkit/sinks/mail-sink'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'

jest.setTimeout(300_000)

const crowd = 300
const kills = 4
const secretKey = 'a secret that only tests may know, 32+'
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 2 ** 31)
const dice = diceOf(seed)

let folder: string
let postgres: EmbeddedPostgres
let redis: OwnRedis
let foundation: OpenFoundation
let orgId: OrgId
let sink: MailSink
let notifier: ChildProcess | null = null

async function startNotifier(): Promise<ChildProcess> {
  const log = createWriteStream(join(folder, 'notifier.log'), { flags: 'a' })
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../services/notifier/src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      SECRET_KEY: secretKey,
      SMTP_URL: sink.url,
      PUBLIC_URL: 'https://status.example',
      NOTIFIER_PORT: String(await freePort()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout?.pipe(log, { end: false })
  child.stderr?.pipe(log, { end: false })
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

const inOrg = <Result>(work: (change: Change) => Promise<Result>) => foundation.journal.change(orgId, system('test'), work)

async function idsWhere(condition: string): Promise<string[]> {
  const { rows } = await foundation.db.transaction({ orgId }, (sql) =>
    sql.query<{ id: string }>(`select id from delivery where ${condition}`),
  )
  return rows.map(({ id }) => id)
}

beforeEach(async () => {
  folder = temporaryFolder()
  postgres = await startEmbeddedPostgres({ dataDir: folder, durable: true, log: silentLog() })
  redis = await startRedis({ appendonly: true })
  await migrate(postgres.url)
  foundation = openFoundation({ databaseUrl: postgres.url, redisUrl: redis.url, log: silentLog() })
  sink = await createMailSink()
  orgId = newId('org')
  await inOrg((change) => createOrg(change, { name: 'Chaos', ownerId: null }))
  const rows = Array.from({ length: crowd }, (_, n) => ({
    address: `reader${n}@example.com`,
    minimumImpact: 'none' as const,
    confirmedAt: '2026-01-01T00:00:00Z',
  }))
  const box = createSecretBox(secretKey, subscriberLinkPurpose)
  await inOrg(async (change) => importSubscribers(change, { statusPageId: await requirePage(change, undefined), rows, box }))
})
afterEach(async () => {
  if (notifier) await kill(notifier)
  await foundation.close()
  await sink.close()
  await redis.stop()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

test(`killed ${kills} times while a crowd is told: everybody hears it, and twice only who was being written to (CHAOS_SEED=${seed})`, async () => {
  const inFlight = new Set<string>()
  await inOrg((change) => createIncident(change, IncidentInput.parse({ title: 'Down', body: 'We look.' })))
  for (let round = 0; round < kills; round += 1) {
    notifier = await startNotifier()
    await sink.received(sink.messages.length + 1 + Math.floor(dice() * (crowd / kills) * 0.6))
    await kill(notifier)
    for (const id of await idsWhere(`state = 'pending' and lease_token is not null`)) inFlight.add(id)
  }
  notifier = await startNotifier()
  while ((await idsWhere(`state = 'succeeded'`)).length < crowd) await delay(250)
  const times = Map.groupBy(sink.messages, ({ headers }) => JSON.stringify(headers.get('x-tocsin-delivery')))
  expect(new Set((await idsWhere('true')).map((id) => JSON.stringify(id)))).toEqual(new Set(times.keys()))
  expect(new Set(sink.messages.flatMap(({ to }) => to)).size).toBe(crowd)
  expect(times.size).toBe(crowd)
  const twice = [...times].filter(([, mails]) => mails.length > 1).map(([id]) => id)
  expect(twice.filter((id) => !inFlight.has(JSON.parse(id)))).toEqual([])
  expect(inFlight.size).toBeGreaterThan(0)
})
