import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import { threatDetected } from '@tocsin/contract/events/threats'
import type { OrgId, WebhookId } from '@tocsin/contract/ids'
import { createWebhook, deleteWebhook, updateWebhook } from '@tocsin/domain/webhooks/webhooks'
import type { OpenFoundation } from '@tocsin/journal/foundation'
import { createNotifierPasses, type NotifierDeps } from '@tocsin/notifier/passes'
import { createNotifierService } from '@tocsin/notifier/service'
import type { SecretBox } from '@tocsin/process/secret-box'
import { median, rounded } from './median.ts'
import { dataOf } from './notifier-event.ts'

const actor = { kind: 'system', id: 'bench' } as const
const goodEndpoints = 49
const rounds = 3
const eventsPerRound = 60
const everyMs = 100
const endlessDeliveries = 200
const deadlineMs = 3_000

interface Faults {
  readonly foundation: OpenFoundation
  readonly orgId: OrgId
  readonly env: NotifierDeps['env']
  readonly box: SecretBox
  readonly url: string
}

/** From commit to arrival at 49 endpoints: with a fiftieth as good as they are, and with one that takes messages and never answers; in turns. */
export async function measureBlackHole(faults: Faults, receiver: ChildProcess): Promise<object> {
  const { foundation, orgId, env, box, url } = faults
  const good = await addEndpoints(faults, `${url}/latency`, goodEndpoints)
  const [fiftieth] = await addEndpoints(faults, `${url}/`, 1)
  if (!fiftieth) throw new Error('The endpoint was not added.')
  const service = createNotifierService({ ...foundation, env })
  await service.start()
  const p99 = { baseline: [] as number[], blackHoled: [] as number[] }
  const lead = (to: string) =>
    foundation.journal.change(orgId, actor, (change) =>
      updateWebhook(change, { webhookId: fiftieth, changes: { url: to }, ifVersion: null, box }),
    )
  // The first round of each warms up and is not counted.
  for (let round = 0; round <= rounds; round += 1)
    for (const which of ['baseline', 'blackHoled'] as const) {
      await lead(which === 'baseline' ? `${url}/` : `${url}/black-hole`)
      const tookMs = await latencies(faults, receiver)
      if (round > 0) p99[which].push(tookMs[Math.floor(0.99 * (tookMs.length - 1))] ?? Number.NaN)
    }
  await service.stop()
  await removeEndpoints(faults, [...good, fiftieth])
  const ratios = p99.blackHoled.map((ms, round) => ms / (p99.baseline[round] ?? Number.NaN))
  return {
    baselineP99Ms: rounded(median(p99.baseline), 1),
    blackHoledP99Ms: rounded(median(p99.blackHoled), 1),
    ratio: rounded(median(ratios)),
  }
}

/** Of every delivery of a round, shortest first. */
async function latencies({ foundation, orgId }: Faults, receiver: ChildProcess): Promise<number[]> {
  const startedAt = new Map<string, number>()
  const arrived: { threatId: string; at: number }[] = []
  const all = Promise.withResolvers<void>()
  const hear = (message: unknown) => {
    // The receiver is a file of ours beside this one.
    arrived.push(message as { threatId: string; at: number })
    if (arrived.length === eventsPerRound * goodEndpoints) all.resolve()
  }
  receiver.on('message', hear)
  for (let n = 0; n < eventsPerRound; n += 1) {
    const data = dataOf()
    startedAt.set(data.threat.id, performance.timeOrigin + performance.now())
    await foundation.journal.change(orgId, actor, async (change) => change.emit(threatDetected, data))
    await delay(everyMs)
  }
  await all.promise
  receiver.off('message', hear)
  return arrived.map(({ threatId, at }) => at - (startedAt.get(threatId) ?? Number.NaN)).sort((a, b) => a - b)
}

/** Answers without end, as fast as we take them and a byte a second: until when they are ended, and what they cost. */
export async function measureMemory(faults: Faults): Promise<object> {
  return { deadlineMs, endless: await costOf(faults, '/endless'), byteASecond: await costOf(faults, '/drip') }
}

async function costOf(faults: Faults, path: string): Promise<object> {
  const { foundation, orgId, env, url } = faults
  const webhookIds = await addEndpoints(faults, `${url}${path}`, 10)
  const passes = createNotifierPasses({ ...foundation, env, deadlineMs })
  await foundation.journal.change(orgId, actor, async (change) => {
    for (let n = 0; n < endlessDeliveries / webhookIds.length; n += 1) change.emit(threatDetected, dataOf())
  })
  while ((await passes.plan()) === 'worked');
  global.gc?.()
  const before = process.memoryUsage().rss
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 10)
  // What is claimed at once: a receiver's share of each endpoint.
  const startedAt = performance.now()
  await passes.webhooks.pass()
  await passes.webhooks.stop()
  const endedAfterMs = Math.round(performance.now() - startedAt)
  clearInterval(watch)
  await passes.close()
  await removeEndpoints(faults, webhookIds)
  return { endedAfterMs, megabytesMore: rounded((peak - before) / 2 ** 20, 1) }
}

async function addEndpoints({ foundation, orgId, box }: Faults, url: string, count: number): Promise<WebhookId[]> {
  const input = WebhookInput.parse({ url, events: ['threat.detected'] })
  return await foundation.journal.change(orgId, actor, async (change) => {
    const ids: WebhookId[] = []
    for (let n = 0; n < count; n += 1) ids.push((await createWebhook(change, { input, box })).id)
    return ids
  })
}

const removeEndpoints = ({ foundation, orgId }: Faults, webhookIds: readonly WebhookId[]): Promise<void> =>
  foundation.journal.change(orgId, actor, async (change) => {
    for (const webhookId of webhookIds) await deleteWebhook(change, { webhookId })
  })
