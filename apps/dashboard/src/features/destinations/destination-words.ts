import type { Destination } from '@tocsin/contract/api/destinations'
import type { Severity } from '@tocsin/contract/rule'

export const severityChoices = [
  { value: 'critical', label: 'Critical only' },
  { value: 'high', label: 'High and critical' },
  { value: 'medium', label: 'Medium and worse' },
  { value: 'low', label: 'Every severity' },
] as const satisfies readonly { value: Severity; label: string }[]

const fromSeverity = {
  critical: 'critical only',
  high: 'high and critical',
  medium: 'medium and worse',
  low: 'every severity',
} satisfies Record<Severity, string>

/** What alerts may be about. */
export const eventChoices = [
  { value: 'threat.*', label: 'Threats' },
  { value: 'monitor.*', label: 'Monitors' },
  { value: 'component.*', label: 'Components' },
  { value: 'incident.*', label: 'Incidents' },
  { value: 'metric.*', label: 'Metrics' },
] as const

export const usualEvents: readonly string[] = eventChoices.map(({ value }) => value)

/** Threats, incidents: high and critical. */
export function wantsText({ events, minimumSeverity }: Pick<Destination, 'events' | 'minimumSeverity'>): string {
  return `${aboutText(events)}: ${fromSeverity[minimumSeverity]}`
}

function aboutText(events: readonly string[]): string {
  if (events.includes('*') || usualEvents.every((pattern) => events.includes(pattern))) return 'All alerts'
  const names = events.map((pattern) => eventChoices.find(({ value }) => value === pattern)?.label.toLowerCase() ?? pattern)
  const text = names.join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export const disabledWords = {
  by_hand: 'Disabled',
  gone: 'Disabled: it answered that it is gone',
  failing: 'Disabled: it accepted nothing for days',
  bounced: 'Disabled: its mail came back',
} satisfies Record<NonNullable<Destination['disabledReason']>, string>
