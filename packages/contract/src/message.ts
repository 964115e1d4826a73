import { z } from 'zod'
import { Timestamp } from './endpoint.ts'
import { OrgId } from './ids.ts'

/** The body of every webhook, as Standard Webhooks 1.0.0 shapes it, with where it stands in the org's journal. */
export const WebhookBody = z
  .object({
    type: z.string().meta({ description: 'The type of the event, or message.test.' }),
    timestamp: Timestamp.meta({ description: 'When it happened; the webhook-timestamp header says when it was sent.' }),
    orgId: OrgId,
    seq: z
      .number()
      .int()
      .positive()
      .nullable()
      .meta({ description: 'The number of the event: messages may arrive in another order. Null for a test.' }),
    data: z.unknown(),
  })
  .meta({ id: 'WebhookBody' })
export type WebhookBody = z.infer<typeof WebhookBody>

/** Sent by hand to try a receiver. Not an event: no journal has it. */
export const testMessageType = 'message.test'
