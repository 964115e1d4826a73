import { deliveryQueue } from '@tocsin/domain/deliveries/claim'
import type { Foundation } from '@tocsin/journal/foundation'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import { createLoop, type PassResult } from '@tocsin/process/loop'
import { createSecretBox } from '@tocsin/process/secret-box'
import { combine, type Service } from '@tocsin/process/service'
import { connectMsMax } from './channels/channel.ts'
import { createEmailChannel, mailConnectionsMax } from './channels/email.ts'
import { createWebhookChannel } from './channels/webhook.ts'
import { createDeliverPump, type DeliverPump } from './deliver-pump.ts'
import { digestPass } from './digest-pass.ts'
import { type NotifierEnv, retryStepsMs } from './env.ts'
import { createDeliveryMetrics, type DeliveryMetrics } from './metrics.ts'
import { planPass } from './plan-pass.ts'

export type NotifierDeps = Foundation & {
  env: NotifierEnv & { SECRET_KEY: string; PUBLIC_URL?: string | undefined }
}

/** Requests in flight: most of them wait for somebody else's server. */
const webhooksInFlightMax = 64
/** How late a lost ring may be noticed. */
const sweepMs = 1_000

/** Events become rows, held rows become digests, due rows are sent: three kinds of loops that meet only in the database. */
export function createNotifierService(deps: NotifierDeps): Service {
  const { env, bus, clock, log } = deps
  const metrics = createDeliveryMetrics(deps.metrics)
  const box = createSecretBox(env.SECRET_KEY, 'webhook')
  const outbound = createOutbound({
    allowCidrs: parseCidrs(env.ALLOW_TARGET_CIDRS),
    connectTimeoutMs: connectMsMax,
    connectionsPerOrigin: webhooksInFlightMax,
  })
  const webhook = createWebhookChannel({ outbound, box, clock })
  const email = createEmailChannel({
    smtpUrl: env.SMTP_URL ?? null,
    from: env.MAIL_FROM,
    publicUrl: env.PUBLIC_URL ?? null,
    clock,
  })
  const stepsMs = retryStepsMs(env.WEBHOOK_RETRY_SCHEDULE)
  const senders = [
    sender(
      deps,
      createDeliverPump({ ...deps, metrics, stepsMs, kind: 'webhook', channel: webhook, inFlightMax: webhooksInFlightMax }),
    ),
    sender(
      deps,
      createDeliverPump({ ...deps, metrics, stepsMs, kind: 'email', channel: email, inFlightMax: mailConnectionsMax }),
    ),
  ]
  const wakeSenders = () => {
    for (const sender of senders) sender.ring()
  }
  const planLoop = createLoop({ name: 'plan', everyMs: sweepMs, pass: () => thenWake(planPass(deps), wakeSenders), log, clock })
  const digestLoop = createLoop({
    name: 'digest',
    everyMs: 15 * sweepMs,
    pass: () => thenWake(digestPass(deps), wakeSenders),
    log,
    clock,
  })
  const queueLoop = createLoop({ name: 'queue', everyMs: 15 * sweepMs, pass: () => watchQueue(deps, metrics), log, clock })
  let unlisten = () => {}
  return combine('notifier', [
    { name: 'channels', start: async () => {}, stop: async () => void (await Promise.all([webhook.close(), email.close()])) },
    together('senders', senders),
    digestLoop,
    queueLoop,
    planLoop,
    {
      name: 'bell',
      async start() {
        // Ephemeral events are never delivered.
        unlisten = bus.listen('*', (event) => event?.seq !== null && planLoop.ring())
      },
      async stop() {
        unlisten()
      },
    },
  ])
}

/** A pump in a loop. What it has in flight ends after the loop does. */
function sender({ log, clock }: NotifierDeps, pump: DeliverPump): Service & { ring(): void } {
  const loop = createLoop({ name: 'deliver', everyMs: sweepMs, pass: () => pump.pass(), log, clock })
  pump.onFinished(() => loop.ring())
  return {
    name: 'deliver',
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      await pump.stop()
    },
    ring: () => loop.ring(),
  }
}

/** Stops all at once: each may need seconds for what it has in flight. */
function together(name: string, parts: readonly Service[]): Service {
  return {
    name,
    async start() {
      for (const part of parts) await part.start()
    },
    async stop() {
      await Promise.all(parts.map((part) => part.stop()))
    },
  }
}

async function thenWake(pass: Promise<PassResult>, wake: () => void): Promise<PassResult> {
  const result = await pass
  if (result === 'worked') wake()
  return result
}

async function watchQueue({ db, clock }: NotifierDeps, metrics: DeliveryMetrics): Promise<PassResult> {
  metrics.queue(await deliveryQueue(db, clock.now()))
  return 'idle'
}
