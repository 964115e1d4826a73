import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { DeliveryId, DestinationId, SubscriberId, UserId, WebhookId } from '../ids.ts'

/** pending → succeeded | exhausted; suppressed: not sent, for the reason given; digested: told in a digest instead; dropped: its receiver was deleted or disabled. */
export const DeliveryState = z
  .enum(['pending', 'succeeded', 'exhausted', 'suppressed', 'held', 'digested', 'dropped'])
  .meta({ id: 'DeliveryState', description: 'held: waits for a digest, or for the end of quiet hours.' })
export type DeliveryState = z.infer<typeof DeliveryState>

/** Why a delivery was planned as it was. */
export const PlanReason = z
  .enum([
    'subscribed',
    'critical_reserve',
    'critical_override',
    'escalated',
    'reminder',
    'over_daily_limit',
    'do_not_disturb',
    'hourly_digest',
    'daily_digest',
    'below_severity',
    'trigger_not_told',
    'breaker_notice',
    'endpoint_notice',
    'security_notice',
    'digest',
    'recovered',
    'test',
  ])
  .meta({ id: 'PlanReason' })
export type PlanReason = z.infer<typeof PlanReason>

/** How an attempt went. */
export const AttemptOutcome = z
  .enum(['accepted', 'timeout', 'refused', 'rejected', 'gone', 'blocked_address', 'dns', 'tls', 'aborted'])
  .meta({ id: 'AttemptOutcome' })
export type AttemptOutcome = z.infer<typeof AttemptOutcome>

export const Attempt = z
  .object({
    number: z.number().int().positive(),
    at: Timestamp,
    outcome: AttemptOutcome,
    status: z.number().int().nullable().meta({ description: 'HTTP or SMTP status.' }),
    latencyMs: z.number().int(),
    response: z.string().meta({ description: 'The first kilobytes of the answer.' }),
  })
  .meta({ id: 'Attempt' })
export type Attempt = z.infer<typeof Attempt>

export const Delivery = z
  .object({
    id: DeliveryId.meta({ description: 'Also the webhook-id header: the same over all attempts.' }),
    channel: z
      .enum(['webhook', 'email', 'chat'])
      .meta({ description: 'chat: any other destination reached by HTTP, such as Slack, a pager or a text message.' }),
    webhookId: WebhookId.nullable(),
    destinationId: DestinationId.nullable(),
    userId: UserId.nullable().meta({ description: 'Of mail to a member.' }),
    subscriberId: SubscriberId.nullable().meta({ description: 'Of a subscriber of a status page.' }),
    eventSeq: z.number().int().nullable(),
    eventType: z.string(),
    state: DeliveryState,
    reason: PlanReason,
    attempts: z.number().int(),
    nextAttemptAt: Timestamp.nullable(),
    holdUntil: Timestamp.nullable().meta({ description: 'Held: when it is told of at the latest.' }),
    createdAt: Timestamp,
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof Delivery>

export const DeliveryDetail = Delivery.extend({ attemptLog: z.array(Attempt) }).meta({ id: 'DeliveryDetail' })
export type DeliveryDetail = z.infer<typeof DeliveryDetail>

const params = z.strictObject({ deliveryId: DeliveryId })
/** What a list of deliveries can be narrowed to. */
export const deliveryQuery = {
  state: DeliveryState.optional(),
  reason: PlanReason.optional(),
  eventType: z.string().max(64).optional(),
  since: Timestamp.optional().meta({ description: 'Planned at or after.' }),
  until: Timestamp.optional().meta({ description: 'Planned before.' }),
}

export const listDeliveries = defineEndpoint('listDeliveries', {
  method: 'get',
  path: '/v1/deliveries',
  doc: 'Everything that was or will be sent, and everything that was not, with the reason. Newest first.',
  needs: 'read',
  query: z.strictObject({
    ...pageQuery,
    ...deliveryQuery,
    webhookId: WebhookId.optional(),
    destinationId: DestinationId.optional(),
    userId: UserId.optional(),
  }),
  answer: pageOf(Delivery),
})
export const getDelivery = defineEndpoint('getDelivery', {
  method: 'get',
  path: '/v1/deliveries/{deliveryId}',
  doc: 'One delivery with its attempts.',
  needs: 'read',
  params,
  answer: DeliveryDetail,
})
export const redeliver = defineEndpoint('redeliver', {
  method: 'post',
  path: '/v1/deliveries/{deliveryId}/redeliver',
  doc: 'Send it again, now, under the same id.',
  needs: 'write',
  params,
  status: 202,
  answer: Delivery,
})
