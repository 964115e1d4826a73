import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { z } from 'zod'

/** Seconds before the second, third, … attempt; the first is made at once. Ten attempts over three days. */
const retrySchedule = '5,300,1800,7200,18000,36000,50400,72000,86400'
const retriesMax = 20
const retrySecondsMax = 7 * 24 * 3600

export const NotifierEnv = z.object({
  /** Absent: mails are tried by the schedule and say so in their attempts. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'Must be an smtp:// or smtps:// URL.' }).optional(),
  MAIL_FROM: z
    .string()
    .max(320)
    .regex(/^[^\r\n]*@[^\r\n]*$/, 'Must be a mail address, as in "Tocsin <tocsin@example.com>".')
    .default('Tocsin <tocsin@localhost>'),
  /** Mails are signed for this domain when all three are given; the key is PEM, or the path of a file with it. */
  DKIM_DOMAIN: z.hostname().optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,62})$/i, 'Must be the name under which the key stands in DNS.')
    .optional(),
  DKIM_PRIVATE_KEY: z.string().max(20_000).optional(),
  /** Where mails that cannot be delivered come back to, with the delivery after a plus: bounces@ becomes bounces+dlv_…@. Absent: MAIL_FROM. */
  MAIL_BOUNCE_ADDRESS: z.email().max(200).optional(),
  /** Messages to subscribers of one org's status page. Mail providers frown on more from somebody new. */
  BROADCAST_PER_MINUTE: z.coerce.number().int().min(1).max(100_000).default(600),
  WEBHOOK_RETRY_SCHEDULE: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'Must be whole seconds, separated by commas.')
    .refine((text) => {
      const steps = text.split(',').map(Number)
      return steps.length <= retriesMax && steps.every((seconds) => seconds <= retrySecondsMax)
    }, `Must be ${retriesMax} steps of ${retrySecondsMax} seconds at most.`)
    .default(retrySchedule),
  /** Private networks that may be notified. */
  ALLOW_TARGET_CIDRS: z.string().refine(areCidrs, 'Must be networks in CIDR notation, separated by commas.').default(''),
})
export type NotifierEnv = z.infer<typeof NotifierEnv>

export const retryStepsMs = (schedule: string): number[] => schedule.split(',').map((seconds) => Number(seconds) * 1000)

function areCidrs(text: string): boolean {
  try {
    parseCidrs(text)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
