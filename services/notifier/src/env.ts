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
