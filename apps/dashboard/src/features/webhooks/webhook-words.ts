import type { Webhook, WebhookRecovery } from '@tocsin/contract/api/webhooks'

export const eventChoices = [
  { value: '*', label: 'Every event' },
  { value: 'threat.*', label: 'Threats' },
  { value: 'alert.*', label: 'Alerts' },
  { value: 'incident.*', label: 'Incidents' },
  { value: 'component.*', label: 'Components' },
  { value: 'maintenance.*', label: 'Maintenances' },
  { value: 'scan.*', label: 'Checks' },
  { value: 'site.*', label: 'Sites' },
] as const

export const eventsText = (events: readonly string[]) => (events.includes('*') ? 'every event' : events.join(', '))

export const disabledWords = {
  by_hand: 'Disabled',
  gone: 'Disabled: it answered that it is gone',
  failing: 'Disabled: it accepted nothing for five days',
} satisfies Record<NonNullable<Webhook['disabledReason']>, string>

const dayMs = 86_400_000

/** What an endpoint that fails has been told, and what comes next. */
export function failingText(failingSince: string, nowMs: number): string {
  const ms = nowMs - Date.parse(failingSince)
  if (ms < dayMs) return 'Whoever watches webhooks is told when it has accepted nothing for a day.'
  if (ms < 3 * dayMs) return 'You were told of it. It is disabled after five days.'
  return 'You were warned. It is disabled after five days.'
}

/** How much of what was missed has been gone through, 0 to 1. */
export function recoveredPart({ fromSeq, toSeq, seq, state }: WebhookRecovery): number {
  if (state === 'finished') return 1
  const all = toSeq - fromSeq + 1
  return all <= 0 ? 1 : Math.min(1, Math.max(0, (seq - fromSeq + 1) / all))
}

export function recoveryText({ state, planned, revived }: WebhookRecovery): string {
  const sent = planned + revived
  const count = sent === 1 ? '1 message' : `${sent} messages`
  if (state === 'running') return `${count} so far`
  if (state === 'cancelled') return `Cancelled, because it was disabled: ${count} until then`
  return sent === 0 ? 'It had missed nothing' : `It had missed ${count}, which ${sent === 1 ? 'was' : 'were'} queued again`
}
