import { z } from 'zod'

/** Mail about who may do what. It comes at any time and cannot be turned off: whoever gets into an account must not be able to hide it. */
export const SecurityNotice = z
  .object({
    /** The event it tells of: one of `securityEventTypes`. */
    event: z.string(),
    title: z.string(),
    /** Short name and value, in the order to be read. */
    facts: z.array(z.object({ name: z.string(), value: z.string() })).max(10),
    /** What to do if it was somebody else. */
    action: z.string(),
    /** Within the dashboard. */
    path: z.string(),
  })
  .meta({ id: 'SecurityNotice' })
export type SecurityNotice = z.infer<typeof SecurityNotice>

/** The type of such a message. Its seq is that of the event. */
export const securityMessageType = 'message.security'

export const securityEventTypes = [
  'session.created',
  'account.password_changed',
  'member.role_changed',
  'api_key.created',
  'api_key.revoked',
  'webhook.secret_rotated',
  'endpoint.disabled',
] as const
export type SecurityEventType = (typeof securityEventTypes)[number]
