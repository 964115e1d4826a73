import type { DestinationId, WebhookId } from '@tocsin/contract/ids'
import type { PlannedDelivery } from '@tocsin/domain/deliveries/deliveries'
import type { DurableEvent } from '@tocsin/journal/read'
import { wantsMail, wantsWebhook } from './subscriptions.ts'

export interface PlanWorld {
  readonly webhooks: readonly { id: WebhookId; events: readonly string[] }[]
  readonly destinations: readonly { id: DestinationId; events: readonly string[] }[]
}

/**
 * Who gets an event as it is: programs whatever they subscribe to, destinations what is about running this itself. What is found on sites
 * becomes alerts, of which the dispatch pass tells.
 */
export function plan(event: DurableEvent, { webhooks, destinations }: PlanWorld): PlannedDelivery[] {
  const message = { seq: event.seq, type: event.type, at: event.at, data: event.data }
  const receivers = [
    ...webhooks.filter((webhook) => wantsWebhook(webhook, event)).map(({ id }) => ({ webhookId: id })),
    ...destinations.filter((destination) => wantsMail(destination, event)).map(({ id }) => ({ destinationId: id })),
  ]
  return receivers.map((receiver) => ({ receiver, message, state: 'pending', reason: 'subscribed' }))
}
