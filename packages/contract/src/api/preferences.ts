import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { EventPattern } from '../event.ts'
import { AlertRuleId, OrgId } from '../ids.ts'
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

const explained = <Value extends z.ZodType>(value: Value) => z.object({ value, from: z.enum(['rule', 'user', 'org', 'default']) })

/** What holds, and which level says so. */
export const ExplainedPreference = z
  .object({
    inApp: explained(z.boolean()),
    email: explained(z.boolean()),
    minimumSeverity: explained(Severity),
    events: explained(z.array(EventPattern)),
    cadence: explained(Cadence),
  })
  .meta({ id: 'ExplainedPreference', description: 'rule: your own word about this rule.' })
export type ExplainedPreference = z.infer<typeof ExplainedPreference>

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

/** Preferences as they are kept and as they work out. */
const Preference = z.object({ settings: PreferenceSettings, effective: ExplainedPreference })

export const Preferences = Preference.extend({
  rules: z.array(z.object({ alertRuleId: AlertRuleId, name: z.string(), settings: PreferenceSettings })),
  schedule: Schedule,
  security: z.object({
    email: z.literal(true).meta({ description: 'Cannot be changed.' }),
    readOnly: z.literal(true),
    events: z.array(z.string()),
  }),
}).meta({ id: 'Preferences' })
export type Preferences = z.infer<typeof Preferences>

const ruleParams = z.strictObject({ alertRuleId: AlertRuleId })
const orgParams = z.strictObject({ orgId: OrgId })

export const getPreferences = defineEndpoint('getPreferences', {
  method: 'get',
  path: '/v1/preferences',
  doc: 'What you want to hear of the alerts of the org, how that works out and where each value comes from. An API key has none: it is no person.',
  needs: 'member',
  answer: Preferences,
})
export const setPreferences = defineEndpoint('setPreferences', {
  method: 'put',
  path: '/v1/preferences',
  doc: 'Say what you want to hear, whatever the rule. What is left out is as the org has it.',
  needs: 'member',
  body: PreferenceSettings,
  answer: Preferences,
})
export const getRulePreferences = defineEndpoint('getRulePreferences', {
  method: 'get',
  path: '/v1/preferences/rules/{alertRuleId}',
  doc: 'What you want to hear of the alerts of one rule.',
  needs: 'member',
  params: ruleParams,
  answer: Preference,
})
export const setRulePreferences = defineEndpoint('setRulePreferences', {
  method: 'put',
  path: '/v1/preferences/rules/{alertRuleId}',
  doc: 'Say what you want to hear of the alerts of one rule. What is left out is as with every rule.',
  needs: 'member',
  params: ruleParams,
  body: PreferenceSettings,
  answer: Preference,
})
export const getSchedule = defineEndpoint('getSchedule', {
  method: 'get',
  path: '/v1/preferences/schedule',
  doc: 'Your time zone, when you are not to be disturbed, and when your daily digest comes.',
  needs: 'member',
  answer: Schedule,
})
export const setSchedule = defineEndpoint('setSchedule', {
  method: 'put',
  path: '/v1/preferences/schedule',
  doc: 'Say when you are to be mailed. A time that the clocks skip is the moment of the skip; one that comes twice is the first.',
  needs: 'member',
  body: Schedule,
  answer: Schedule,
})
export const getOrgPreferences = defineEndpoint('getOrgPreferences', {
  method: 'get',
  path: '/v1/orgs/{orgId}/preferences',
  doc: 'What members hear who say nothing else.',
  needs: 'read',
  params: orgParams,
  answer: Preference,
})
export const setOrgPreferences = defineEndpoint('setOrgPreferences', {
  method: 'put',
  path: '/v1/orgs/{orgId}/preferences',
  doc: 'Say what members hear who say nothing else.',
  needs: 'admin',
  params: orgParams,
  body: PreferenceSettings,
  answer: Preference,
})
