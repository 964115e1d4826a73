import { deliveryQueue } from '@tocsin/domain/deliveries/claim'
import { subscriberLinkPurpose } from '@tocsin/domain/subscribers/links'
import { listOverrides } from '@tocsin/domain/templates/templates.read'
import type { Foundation } from '@tocsin/journal/foundation'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import type { PassResult } from '@tocsin/process/loop'
import { createSecretBox } from '@tocsin/process/secret-box'
import { broadcastPass } from './broadcast-pass.ts'
import { attemptMsMax, connectMsMax } from './channels/channel.ts'
import { createEmailChannel, mailConnectionsMax } from './channels/email.ts'
import { createHttpChannel } from './channels/http-channel.ts'
import { createSubscriberParts } from './channels/subscriber-part.ts'
import { createWebhookChannel } from './channels/webhook.ts'
import { createDeliverPump, type DeliverPump } from './deliver-pump.ts'
import { digestPass } from './digest-pass.ts'
import { dispatchPass } from './dispatch-pass.ts'
import { dkimOf } from './dkim.ts'
import { type NotifierEnv, retryStepsMs } from './env.ts'
import { metricPass } from './metric-pass.ts'
import { createDeliveryMetrics } from './metrics.ts'
import { createPlanPass } from './plan-pass.ts'
import { recoverPass } from './recover-pass.ts'
import { steadyPass } from './steady-pass.ts'

export type NotifierDeps = Omit<Foundation, 'bus'> & {
  readonly env: NotifierEnv & { SECRET_KEY: string; PUBLIC_URL?: string | undefined }
  /** For one attempt; tests have less patience. */
  readonly deadlineMs?: number
}

/** What a notifier does, each to be run by hand or by a loop. */
export interface NotifierPasses {
  plan(this: void, signal?: AbortSignal): Promise<PassResult>
  /** Rules over metrics whose window is over. */
  judgeMetrics(this: void): Promise<PassResult>
  /** What has ceased to flap. */
  calm(this: void, signal?: AbortSignal): Promise<PassResult>
  /** Who hears of alerts, and why. */
  dispatch(this: void, signal?: AbortSignal): Promise<PassResult>
  digest(this: void): Promise<PassResult>
  watchQueue(this: void): Promise<PassResult>
  /** What endpoints have missed, from the journal. */
  recover(this: void): Promise<PassResult>
  /** What status pages tell their subscribers. */
  broadcast(this: void): Promise<PassResult>
  readonly webhooks: DeliverPump
  readonly emails: DeliverPump
  readonly chats: DeliverPump
  close(this: void): Promise<void>
}

/** Requests in flight: most of them wait for somebody else's server, and a black hole holds its few for as long as the deadline. */
const webhooksInFlightMax = 1024
/** Chat services ask for about one message a second: waiting for one of them must not hold up the rest. */
const chatsInFlightMax = 64
const connectionsPerOrigin = 64

export function createNotifierPasses(deps: NotifierDeps): NotifierPasses {
  const { env, clock, deadlineMs = attemptMsMax } = deps
  const metrics = createDeliveryMetrics(deps.metrics)
  const allowCidrs = parseCidrs(env.ALLOW_TARGET_CIDRS)
  const newOutbound = () => createOutbound({ allowCidrs, connectTimeoutMs: connectMsMax, connectionsPerOrigin })
  const subscriberPartOf = createSubscriberParts(createSecretBox(env.SECRET_KEY, subscriberLinkPurpose), env.PUBLIC_URL ?? null)
  const webhook = createWebhookChannel({
    outbound: newOutbound(),
    box: createSecretBox(env.SECRET_KEY, 'webhook'),
    clock,
    subscriberPartOf,
    deadlineMs,
  })
  const chat = createHttpChannel({
    outbound: newOutbound(),
    box: createSecretBox(env.SECRET_KEY, 'destination'),
    clock,
    subscriberPartOf,
    publicUrl: env.PUBLIC_URL ?? null,
    deadlineMs,
  })
  const email = createEmailChannel({
    smtpUrl: env.SMTP_URL ?? null,
    from: env.MAIL_FROM,
    bounceAddress: env.MAIL_BOUNCE_ADDRESS ?? null,
    dkim: dkimOf(env),
    subscriberPartOf,
    publicUrl: env.PUBLIC_URL ?? null,
    clock,
    // One row at most for each of our templates, and a few mails a second: nothing to keep.
    overridesOf: async (orgId) => new Map((await deps.journal.read(orgId, listOverrides)).map((own) => [own.templateId, own])),
    deadlineMs,
  })
  const common = { ...deps, metrics, stepsMs: retryStepsMs(env.WEBHOOK_RETRY_SCHEDULE) }
  return {
    plan: createPlanPass(deps, { mail: env.SMTP_URL !== undefined }),
    judgeMetrics: () => metricPass(deps),
    calm: (signal) => steadyPass(deps, signal),
    dispatch: (signal) => dispatchPass({ ...deps, mail: env.SMTP_URL !== undefined }, signal),
    digest: () => digestPass(deps),
    recover: () => recoverPass(deps),
    broadcast: () => broadcastPass(deps, env.BROADCAST_PER_MINUTE),
    async watchQueue() {
      metrics.queue(await deliveryQueue(deps.db, clock.now()))
      return 'idle'
    },
    // A queue each: a slow mail server takes nothing from the webhooks, nor they from it.
    webhooks: createDeliverPump({ ...common, kind: 'webhook', channel: webhook, inFlightMax: webhooksInFlightMax }),
    emails: createDeliverPump({ ...common, kind: 'email', channel: email, inFlightMax: mailConnectionsMax }),
    chats: createDeliverPump({ ...common, kind: 'chat', channel: chat, inFlightMax: chatsInFlightMax }),
    async close() {
      await webhook.close()
      await email.close()
      await chat.close()
    },
  }
}
