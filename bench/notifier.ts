import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { threatDetected } from '@tocsin/contract/events/threats'
import { newId, type OrgId, type WebhookId } from '@tocsin/contract/ids'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { createWebhook, deleteWebhook } from '@tocsin/domain/webhooks/webhooks'
import { type OpenFoundation, openFoundation } from '@tocsin/journal/foundation'
import { NotifierEnv } from '@tocsin/notifier/env'
import { createNotifierPasses } from '@tocsin/notifier/passes'
import { createNotifierService } from '@tocsin/notifier/service'
import { silentLog } from '@tocsin/process/log'
import { createSecretBox } from '@tocsin/process/secret-box'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { Agent } from 'undici'
import { median, rounded } from './median.ts'
import { dataOf } from './notifier-event.ts'
import { measureBlackHole, measureMemory } from './notifier-faults.ts'

const rounds = 5
const connections = 64
/** Endpoints of the org: as many as it takes to keep the notifier busy. */
const endpoints = 48
const eventsPerRound = 130
const bareRequests = 3 * eventsPerRound * endpoints
const latencyEvents = 200
const actor = { kind: 'system', id: 'bench' } as const
const secretKey = 'a key for a benchmark on loopback only'
const env = { ...NotifierEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' }), SECRET_KEY: secretKey }
const box = createSecretBox(secretKey, 'webhook')

/** Durable deliveries through the real pump on a Postgres with fsync, against a bare loop of POSTs to the same receiver, in turns. */
export async function run(): Promise<object> {
  const folder = temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: folder, durable: true, log: silentLog() })
  const receiver = spawn(process.execPath, [join(import.meta.dirname, 'notifier-receiver.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  try {
    if (!receiver.stdout) throw new Error('The receiver has no output.')
    const [line] = (await once(receiver.stdout, 'data')) as [Buffer]
    const url = line.toString().trim()
    await migrate(postgres.url)
    const foundation = openFoundation({ databaseUrl: postgres.url, redisUrl: null, log: silentLog() })
    const orgId = newId('org')
    await foundation.journal.change(orgId, actor, (change) => createOrg(change, { name: 'Bench', ownerId: null }))
    const throughput = await measureThroughput(foundation, orgId, url)
    const latency = await measureLatency(foundation, orgId, url, receiver)
    const faults = { foundation, orgId, env, box, url }
    const blackHole = await measureBlackHole(faults, receiver)
    const memory = await measureMemory(faults)
    await foundation.close()
    return {
      connections,
      endpoints,
      bodyBytes: bodyOf().length,
      ...throughput,
      ...latency,
      blackHole,
      memory,
      goals: {
        ratio: '≥ 0.25',
        latencyMs: 'p50 ≤ 100, p99 ≤ 500',
        blackHole: 'one of 50 endpoints: p99 of the others ≤ 2 × baseline',
        memory: 'endedAfterMs ≤ deadlineMs + 1000, megabytesMore ≤ 32',
      },
    }
  } finally {
    receiver.disconnect()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureThroughput(foundation: OpenFoundation, orgId: OrgId, url: string) {
  const { journal } = foundation
  const input = WebhookInput.parse({ url: `${url}/`, events: ['threat.detected'] })
  const webhookIds = await journal.change(orgId, actor, async (change) => {
    const ids: WebhookId[] = []
    for (let n = 0; n < endpoints; n += 1) ids.push((await createWebhook(change, { input, box })).id)
    return ids
  })
  const passes = createNotifierPasses({ ...foundation, env })
  const ours: number[] = []
  const bare: number[] = []
  // The first round warms up both and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    await journal.change(orgId, actor, async (change) => {
      for (let n = 0; n < eventsPerRound; n += 1) change.emit(threatDetected, dataOf())
    })
    while ((await passes.plan()) === 'worked');
    const perSecond = await rate(eventsPerRound * endpoints, () => passes.webhooks.drain())
    const barePerSecond = await rate(bareRequests, () => postBare(url))
    if (round === 0) continue
    ours.push(perSecond)
    bare.push(barePerSecond)
  }
  await passes.close()
  const { rows } = await foundation.db.transaction({ orgId }, (sql) =>
    sql.query<{ state: string; count: number }>('select state, count(*) as count from delivery group by state'),
  )
  await journal.change(orgId, actor, async (change) => {
    for (const webhookId of webhookIds) await deleteWebhook(change, { webhookId })
  })
  return {
    deliveries: Object.fromEntries(rows.map(({ state, count }) => [state, count])),
    durablePerSecond: rounded(median(ours), 0),
    barePerSecond: rounded(median(bare), 0),
    ratio: rounded(median(ours.map((perSecond, round) => perSecond / (bare[round] ?? Number.NaN)))),
  }
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (count * 1000) / (performance.now() - startedAt)
}

async function postBare(url: string): Promise<void> {
  const agent = new Agent({ connections })
  const body = bodyOf()
  let left = bareRequests
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left > 0) {
        left -= 1
        const headers = { 'content-type': 'application/json' }
        const answer = await agent.request({ origin: url, path: '/', method: 'POST', headers, body })
        await answer.body.dump()
      }
    }),
  )
  await agent.close()
}

/** One event at a time on an idle notifier: from the start of the change that writes it to the first byte at the receiver. */
async function measureLatency(foundation: OpenFoundation, orgId: OrgId, url: string, receiver: ReturnType<typeof spawn>) {
  const { journal } = foundation
  const input = WebhookInput.parse({ url: `${url}/latency`, events: ['threat.detected'] })
  const { id: webhookId } = await journal.change(orgId, actor, (change) => createWebhook(change, { input, box }))
  const service = createNotifierService({ ...foundation, env })
  await service.start()
  const tookMs: number[] = []
  for (let n = 0; n < latencyEvents; n += 1) {
    const arrived = once(receiver, 'message')
    const startedAt = performance.timeOrigin + performance.now()
    await journal.change(orgId, actor, async (change) => change.emit(threatDetected, dataOf()))
    const [{ at }] = (await arrived) as [{ at: number }]
    // The first few pay for connections and for code that has not run before.
    if (n >= 10) tookMs.push(at - startedAt)
  }
  await service.stop()
  await journal.change(orgId, actor, (change) => deleteWebhook(change, { webhookId }))
  const sorted = tookMs.sort((a, b) => a - b)
  const at = (share: number) => rounded(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN, 1)
  return { latencyMs: { p50: at(0.5), p99: at(0.99) } }
}

/** What a delivery of ours sends, without the signature. */
const bodyOf = (): string =>
  JSON.stringify({
    type: 'threat.detected',
    timestamp: '2026-03-01T10:00:00.000Z',
    orgId: newId('org'),
    seq: 123_456,
    data: dataOf(),
  })
