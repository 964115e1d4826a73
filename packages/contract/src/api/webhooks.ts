import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { EventPattern } from '../event.ts'
import { WebhookId } from '../ids.ts'
import { Delivery } from './deliveries.ts'

export const Webhook = z
  .object({
    id: WebhookId,
    url: z.url(),
    description: z.string(),
    events: z.array(EventPattern),
    enabled: z.boolean(),
    disabledReason: z.enum(['by_hand', 'gone', 'failing']).nullable(),
    failingSince: Timestamp.nullable().meta({ description: 'Since when nothing was accepted. Comes and goes without an event.' }),
    createdAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

const url = z.url({ protocol: /^https?$/ }).max(2048)
const events = z.array(EventPattern).min(1).max(50)

export const WebhookInput = z
  .strictObject({ url, description: z.string().trim().max(500).default(''), events: events.default(['*']) })
  .meta({ id: 'WebhookInput' })
export type WebhookInput = z.infer<typeof WebhookInput>
export const WebhookChanges = z
  .strictObject({
    url: url.optional(),
    description: z.string().trim().max(500).optional(),
    events: events.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'WebhookChanges' })
export type WebhookChanges = z.infer<typeof WebhookChanges>

const secret = z.string().meta({ description: 'whsec_… of Standard Webhooks. Shown only here.' })
const params = z.strictObject({ webhookId: WebhookId })

export const listWebhooks = defineEndpoint('listWebhooks', {
  method: 'get',
  path: '/v1/webhooks',
  doc: 'Webhook endpoints, newest first.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(Webhook),
})
export const createWebhook = defineEndpoint('createWebhook', {
  method: 'post',
  path: '/v1/webhooks',
  doc: 'Have events sent to a URL, signed as Standard Webhooks 1.0.0 says.',
  needs: 'admin',
  body: WebhookInput,
  answer: Webhook.extend({ secret }),
})
export const getWebhook = defineEndpoint('getWebhook', {
  method: 'get',
  path: '/v1/webhooks/{webhookId}',
  doc: 'One webhook endpoint.',
  needs: 'read',
  params,
  answer: Webhook,
})
export const updateWebhook = defineEndpoint('updateWebhook', {
  method: 'patch',
  path: '/v1/webhooks/{webhookId}',
  doc: 'Change, disable or enable an endpoint. If-Match is honoured.',
  needs: 'admin',
  params,
  body: WebhookChanges,
  answer: Webhook,
})
export const deleteWebhook = defineEndpoint('deleteWebhook', {
  method: 'delete',
  path: '/v1/webhooks/{webhookId}',
  doc: 'Delete an endpoint; what is still to be sent to it is dropped.',
  needs: 'admin',
  params,
  status: 204,
  answer: z.void(),
})
export const rotateWebhookSecret = defineEndpoint('rotateWebhookSecret', {
  method: 'post',
  path: '/v1/webhooks/{webhookId}/rotate',
  doc: 'A new secret. Messages carry both signatures, new first, while the old one is still good.',
  needs: 'admin',
  params,
  body: z.strictObject({ keepOldHours: z.number().int().min(0).max(168).default(24) }).prefault({}),
  status: 200,
  answer: Webhook.extend({ secret }),
})
export const testWebhook = defineEndpoint('testWebhook', {
  method: 'post',
  path: '/v1/webhooks/{webhookId}/test',
  doc: 'Send a test message now; its delivery shows how it went.',
  needs: 'write',
  params,
  status: 202,
  answer: Delivery,
})
export const listWebhookDeliveries = defineEndpoint('listWebhookDeliveries', {
  method: 'get',
  path: '/v1/webhooks/{webhookId}/deliveries',
  doc: 'What was sent to an endpoint, newest first.',
  needs: 'read',
  params,
  query: z.strictObject(pageQuery),
  answer: pageOf(Delivery),
})
