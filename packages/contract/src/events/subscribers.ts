import { z } from 'zod'
import { Subscriber } from '../api/subscribers.ts'
import { defineEvent } from '../event.ts'

const data = z.object({ subscriber: Subscriber })

export const subscriberConfirmed = defineEvent('subscriber.confirmed', {
  doc: 'Somebody has agreed to be told by the status page.',
  data,
})
export const subscriberUnsubscribed = defineEvent('subscriber.unsubscribed', {
  doc: 'Somebody wants to hear nothing more, or has called a mail spam.',
  data,
})
export const subscriberQuarantined = defineEvent('subscriber.quarantined', {
  doc: 'Mail to a subscriber comes back: nothing more is sent there.',
  data,
})
