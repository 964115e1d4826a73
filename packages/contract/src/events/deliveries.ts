import { z } from 'zod'
import { Delivery } from '../api/deliveries.ts'
import { Destination } from '../api/destinations.ts'
import { Webhook, WebhookRecovery } from '../api/webhooks.ts'
import { defineEvent } from '../event.ts'
import { DestinationId, WebhookId } from '../ids.ts'

const data = z.object({ delivery: Delivery })

export const deliverySucceeded = defineEvent('delivery.succeeded', {
  doc: 'A receiver accepted a message after an earlier failure, or one that was sent by hand. A success at the first attempt is no event: every event would be followed by another.',
  data,
})
export const deliveryFailed = defineEvent('delivery.failed', {
  doc: 'The first attempt of a delivery failed; it is tried again. Endpoints get delivery.* only when they ask for it by name, and never about themselves.',
  data,
})
export const deliveryExhausted = defineEvent('delivery.exhausted', { doc: 'Every attempt of a delivery failed.', data })
export const webhookCreated = defineEvent('webhook.created', {
  doc: 'An endpoint was added.',
  data: z.object({ webhook: Webhook }),
})
export const webhookUpdated = defineEvent('webhook.updated', {
  doc: 'An endpoint was changed, enabled, disabled or got a new secret.',
  data: z.object({ webhook: Webhook }),
})
export const webhookSecretRotated = defineEvent('webhook.secret_rotated', {
  doc: 'An endpoint got a new secret; webhook.updated tells the same to those who show it.',
  data: z.object({ webhook: Webhook }),
})
export const webhookDeleted = defineEvent('webhook.deleted', {
  doc: 'An endpoint was deleted.',
  data: z.object({ webhookId: WebhookId }),
})
export const webhookRecoveryStarted = defineEvent('webhook.recovery_started', {
  doc: 'Somebody has an endpoint sent what it has missed.',
  data: z.object({ recovery: WebhookRecovery }),
})
export const webhookRecovered = defineEvent('webhook.recovered', {
  doc: 'Everything an endpoint has missed is planned, or the recovery was cancelled because it was disabled.',
  data: z.object({ recovery: WebhookRecovery }),
})
export const endpointFailing = defineEvent('endpoint.failing', {
  doc: 'An endpoint has accepted nothing for a day.',
  data: z.object({ webhook: Webhook }),
})
export const endpointWarned = defineEvent('endpoint.warned', {
  doc: 'An endpoint has accepted nothing for three days; after five it is disabled.',
  data: z.object({ webhook: Webhook }),
})
export const endpointDisabled = defineEvent('endpoint.disabled', {
  doc: 'An endpoint answered 410 or failed for too long and gets nothing more until it is enabled.',
  data: z.object({ webhook: Webhook }),
})
export const destinationCreated = defineEvent('destination.created', {
  doc: 'A mail destination was added.',
  data: z.object({ destination: Destination }),
})
export const destinationUpdated = defineEvent('destination.updated', {
  doc: 'A mail destination was changed.',
  data: z.object({ destination: Destination }),
})
export const destinationDeleted = defineEvent('destination.deleted', {
  doc: 'A mail destination was deleted.',
  data: z.object({ destinationId: DestinationId }),
})
export const circuitBreakerTripped = defineEvent('circuit_breaker.tripped', {
  doc: 'The org has had its alert messages for today; what follows comes in hourly digests.',
  data: z.object({ day: z.iso.date(), limit: z.number().int() }),
})
export const circuitBreakerReset = defineEvent('circuit_breaker.reset', {
  doc: 'A new day: alert messages are sent one by one again.',
  data: z.object({ day: z.iso.date() }),
})
