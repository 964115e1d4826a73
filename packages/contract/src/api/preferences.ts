import { z } from 'zod'
import { EventPattern } from '../event.ts'
import { Severity } from '../rule.ts'

/** How soon mail comes: one by one, with the full hour, or once a day. */
export const Cadence = z.enum(['immediate', 'hourly', 'daily']).meta({ id: 'Cadence' })
export type Cadence = z.infer<typeof Cadence>

const settings = {
  inApp: z.boolean().optional().meta({ description: 'Whether alerts are listed in the feed of the dashboard.' }),
  email: z.boolean().optional().meta({ description: 'Whether alerts are mailed.' }),
  minimumSeverity: Severity.optional().meta({ description: 'What is milder is not mailed; the feed lists it all the same.' }),
  events: z
    .array(EventPattern)
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'What tells of the alert: threat.*, monitor.down, … Anything else is neither mailed nor listed.' }),
  cadence: Cadence.optional(),
}

/** One level of preferences. What it does not say is said by the level behind it. */
export const PreferenceSettings = z.strictObject(settings).meta({ id: 'PreferenceSettings' })
export type PreferenceSettings = z.infer<typeof PreferenceSettings>

export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']).meta({ id: 'Weekday' })
export type Weekday = z.infer<typeof Weekday>

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Must be a time of day from 00:00 to 23:59.')
  .meta({ example: '22:30' })

const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'Must be an IANA time zone, as in "Europe/Berlin".')
  .meta({ description: 'An IANA time zone.', example: 'Europe/Berlin' })

/** Offsets such as +02:00 are no zones: they know no summer time. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export const QuietWindow = z
  .strictObject({
    days: z
      .array(Weekday)
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'Names a day twice.')
      .meta({ description: 'The days it begins on.' }),
    from: TimeOfDay,
    to: TimeOfDay.meta({ description: 'Not after `from`: it ends on the next day.' }),
  })
  .meta({ id: 'QuietWindow' })
export type QuietWindow = z.infer<typeof QuietWindow>

/** When a person is to be mailed. */
export const Schedule = z
  .strictObject({
    zone: TimeZone,
    windows: z
      .array(QuietWindow)
      .max(21)
      .default([])
      .meta({ description: 'Do not disturb: mail waits for the end of the window.' }),
    criticalOverrides: z.boolean().default(true).meta({ description: 'Critical alerts are mailed at any time.' }),
    dailyDigestAt: TimeOfDay.default('08:00').meta({ description: 'When the daily digest comes, in the zone.' }),
  })
  .meta({ id: 'Schedule' })
export type Schedule = z.infer<typeof Schedule>
