import { mailEventTypes } from '@tocsin/contract/api/destinations'
import { matchesAny } from '@tocsin/contract/event'
import type { WebhookId } from '@tocsin/contract/ids'
import type { DurableEvent } from '@tocsin/journal/read'
import { z } from 'zod'

type Heard = Pick<DurableEvent, 'type' | 'data'>

/**
 * Programs get every event that matches. What tells of deliveries has to be asked for, or each message would cause another; and so has what
 * is about the feed of one person, which is about the same things once more for each of them.
 */
export function wantsWebhook(webhook: { id: WebhookId; events: readonly string[] }, event: Heard): boolean {
  if (isAboutReceiver(event, webhook.id)) return false
  return matchesAny(
    isEcho(event) || event.type.startsWith('notification.')
      ? webhook.events.filter((pattern) => pattern !== '*')
      : webhook.events,
    event.type,
  )
}

/** People are told what a person can act on, whatever pattern they ask by. */
export function wantsMail(destination: { id: string; events: readonly string[] }, event: Heard): boolean {
  return (
    mailEventTypes.includes(event.type) && !isAboutReceiver(event, destination.id) && matchesAny(destination.events, event.type)
  )
}

const isEcho = ({ type }: Heard): boolean => type.startsWith('delivery.')

const AboutDelivery = z.object({
  delivery: z.object({ eventType: z.string(), webhookId: z.string().nullable(), destinationId: z.string().nullable() }),
})
const AboutWebhook = z.object({ webhook: z.object({ id: z.string() }) })

/**
 * Nobody hears of messages to themselves, or of messages about messages: two receivers that fail would keep telling each other for ever.
 */
function isAboutReceiver(event: Heard, receiverId: string): boolean {
  if (isEcho(event)) {
    const about = AboutDelivery.safeParse(event.data).data?.delivery
    return (
      !about || about.eventType.startsWith('delivery.') || about.webhookId === receiverId || about.destinationId === receiverId
    )
  }
  if (event.type.startsWith('endpoint.')) return AboutWebhook.safeParse(event.data).data?.webhook.id === receiverId
  return false
}
