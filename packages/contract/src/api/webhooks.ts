import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { EventPattern } from '../event.ts'
import { WebhookId } from '../ids.ts'
import { Delivery, deliveryQuery } from './deliveries.ts'

export const Webhook = z
  .object({
    id: WebhookId,
    url: z.url(),
    description: z.string(),
    events: z.array(EventPattern),
    headerNames: z.array(z.string()).meta({ description: 'Headers of your own. Their values are kept sealed and never shown.' }),
    rateLimitPerMinute: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'So many attempts in any minute at most; null: as many as it answers.' }),
    ordered: z
      .boolean()
      .meta({ description: 'One event at a time, the next only after the one before was accepted or given up.' }),
    enabled: z.boolean(),
    disabledReason: z.enum(['by_hand', 'gone', 'failing']).nullable(),
    failingSince: Timestamp.nullable().meta({ description: 'Since when nothing was accepted. Comes and goes without an event.' }),
    slowedUntil: Timestamp.nullable().meta({
      description: 'It asked for less: nothing is sent before this, which may have passed. Comes and goes without an event.',
    }),
    missedSince: Timestamp.nullable().meta({
      description:
        'Since when it may have missed events, because it was disabled: what to recover from. Null once that was done.',
    }),
    createdAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

const url = z.url({ protocol: /^https?$/ }).max(2048)
const events = z.array(EventPattern).min(1).max(50)

/** What HTTP needs for itself, what we send, and what the signature rests on. */
const reservedHeaders = new Set([
  ...['host', 'content-length', 'content-type', 'content-encoding', 'user-agent', 'accept-encoding', 'expect'],
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['proxy-authenticate', 'proxy-authorization'],
])
const isReserved = (name: string) => reservedHeaders.has(name.toLowerCase()) || /^(webhook-|:)/i.test(name)
/** A token of RFC 9110. */
const HeaderName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'Must be the name of a header.')
  .refine((name) => !isReserved(name), 'Is set by us or by HTTP itself.')
/** Nothing that could end the line. */
const HeaderValue = z
  .string()
  .regex(/^[\x21-\x7e]([\x20-\x7e]{0,998}[\x21-\x7e])?$/, 'Must be 1 to 1000 visible ASCII characters.')
const headersMax = 20
export const WebhookHeaders = z
  .record(HeaderName, HeaderValue)
  .refine((headers) => Object.keys(headers).length <= headersMax, `Must be ${headersMax} headers at most.`)
  .refine((headers) => {
    const names = Object.keys(headers).map((name) => name.toLowerCase())
    return new Set(names).size === names.length
  }, 'Must not name a header twice.')
  .meta({ id: 'WebhookHeaders', description: 'Sent with every message, such as an authorization of the receiver.' })
export type WebhookHeaders = z.infer<typeof WebhookHeaders>

const rateLimitPerMinute = z.number().int().min(1).max(6000).nullable()

export const WebhookInput = z
  .strictObject({
    url,
    description: z.string().trim().max(500).default(''),
    events: events.default(['*']),
    headers: WebhookHeaders.default({}),
    rateLimitPerMinute: rateLimitPerMinute.default(null),
    ordered: z.boolean().default(false),
  })
  .meta({ id: 'WebhookInput' })
export type WebhookInput = z.infer<typeof WebhookInput>
export const WebhookChanges = z
  .strictObject({
    url: url.optional(),
    description: z.string().trim().max(500).optional(),
    events: events.optional(),
    headers: WebhookHeaders.optional().meta({ description: 'All of them: what is not named is sent no more.' }),
    rateLimitPerMinute: rateLimitPerMinute.optional(),
    ordered: z.boolean().optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'WebhookChanges' })
export type WebhookChanges = z.infer<typeof WebhookChanges>

export const WebhookRecovery = z
  .object({
    webhookId: WebhookId,
    since: Timestamp,
    state: z.enum(['running', 'finished', 'cancelled']).meta({ description: 'cancelled: the endpoint was disabled meanwhile.' }),
    fromSeq: z.number().int(),
    toSeq: z.number().int().meta({ description: 'The newest event when it was asked for; what came later is sent anyway.' }),
    seq: z.number().int().meta({ description: 'How far it has come.' }),
    planned: z.number().int().meta({ description: 'Messages that had never been planned.' }),
    revived: z.number().int().meta({ description: 'Messages that had been given up or dropped, sent again under the same id.' }),
    startedAt: Timestamp,
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'WebhookRecovery' })
export type WebhookRecovery = z.infer<typeof WebhookRecovery>

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
export const recoverWebhook = defineEndpoint('recoverWebhook', {
  method: 'post',
  path: '/v1/webhooks/{webhookId}/recover',
  doc: 'Send what an endpoint has missed since a time: what was given up, dropped or never planned. What it has accepted is not sent again.',
  needs: 'write',
  params,
  body: z.strictObject({ since: Timestamp }),
  status: 202,
  answer: WebhookRecovery,
})
export const getWebhookRecovery = defineEndpoint('getWebhookRecovery', {
  method: 'get',
  path: '/v1/webhooks/{webhookId}/recover',
  doc: 'How far the latest recovery of an endpoint has come.',
  needs: 'read',
  params,
  answer: WebhookRecovery,
})
export const listWebhookDeliveries = defineEndpoint('listWebhookDeliveries', {
  method: 'get',
  path: '/v1/webhooks/{webhookId}/deliveries',
  doc: 'What was sent to an endpoint, newest first.',
  needs: 'read',
  params,
  query: z.strictObject({ ...pageQuery, ...deliveryQuery }),
  answer: pageOf(Delivery),
})
