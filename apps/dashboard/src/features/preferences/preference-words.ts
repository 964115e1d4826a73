import type { Cadence, ExplainedPreference, PreferenceSettings } from '@tocsin/contract/api/preferences'
import type { SecurityEventType } from '@tocsin/contract/security-notice'

/** What is wanted, whichever level says it. */
export type Wanted = { [Name in keyof ExplainedPreference]: ExplainedPreference[Name]['value'] }

export const cadenceWords = {
  immediate: 'At once, one by one',
  hourly: 'Once an hour, all together',
  daily: 'Once a day, all together',
} satisfies Record<Cadence, string>

export const fromSeverityWords = {
  critical: 'Critical only',
  high: 'High and critical',
  medium: 'Medium and worse',
  low: 'Everything',
} as const

/** The kinds of things that alerts come from. */
export const eventKinds = [
  { value: 'threat.*', label: 'Threats on sites' },
  { value: 'monitor.*', label: 'Monitors' },
  { value: 'component.*', label: 'Components' },
  { value: 'incident.*', label: 'Incidents' },
  { value: 'metric.*', label: 'Metrics' },
] as const

export const eventsText = (events: readonly string[]): string =>
  events.includes('*')
    ? 'Everything'
    : events.map((event) => eventKinds.find(({ value }) => value === event)?.label ?? event).join(', ')

export const wantedOf = ({ inApp, email, minimumSeverity, events, cadence }: ExplainedPreference): Wanted => ({
  inApp: inApp.value,
  email: email.value,
  minimumSeverity: minimumSeverity.value,
  events: events.value,
  cadence: cadence.value,
})

/** What holds because nobody says otherwise. Behind what somebody does say, it is not known here. */
export const byDefault = (effective: ExplainedPreference): Partial<Wanted> =>
  Object.fromEntries(Object.entries(effective).flatMap(([name, { value, from }]) => (from === 'default' ? [[name, value]] : [])))

/** What one level says, in a few words. */
export function settingsText({ inApp, email, minimumSeverity, events, cadence }: PreferenceSettings): string {
  const words = [
    inApp !== undefined && (inApp ? 'listed' : 'not listed'),
    email !== undefined && (email ? 'mailed' : 'not mailed'),
    minimumSeverity && `${fromSeverityWords[minimumSeverity].toLowerCase()}`,
    cadence && cadenceWords[cadence].toLowerCase(),
    events && `only of ${eventsText(events)}`,
  ].filter((word) => word !== false && word !== undefined)
  return words.length === 0 ? 'as with every rule' : words.join(' · ')
}

const securityWords: Record<SecurityEventType, string> = {
  'session.created': 'somebody signs in as you',
  'account.password_changed': 'your password is changed',
  'member.role_changed': 'a member gets another role',
  'api_key.created': 'an API key is made',
  'api_key.revoked': 'an API key is revoked',
  'webhook.secret_rotated': 'the secret of a webhook is rotated',
  'endpoint.disabled': 'a webhook is disabled',
}
const isKnown = (event: string): event is SecurityEventType => event in securityWords
export const securityText = (event: string): string => (isKnown(event) ? securityWords[event] : event)
