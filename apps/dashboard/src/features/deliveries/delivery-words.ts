import type { AttemptOutcome, DeliveryState, PlanReason } from '@tocsin/contract/api/deliveries'

export const stateWords = {
  pending: 'Pending',
  succeeded: 'Delivered',
  exhausted: 'Given up',
  suppressed: 'Not sent',
  held: 'Waits',
  digested: 'Told in a digest',
  dropped: 'Dropped',
} satisfies Record<DeliveryState, string>

export const stateTones = {
  pending: 'info',
  succeeded: 'good',
  exhausted: 'bad',
  suppressed: 'off',
  held: 'warn',
  digested: 'off',
  dropped: 'off',
} satisfies Record<DeliveryState, string>

export const reasonWords = {
  subscribed: 'Subscribed to it',
  critical_reserve: 'Critical: beyond the daily limit, from its reserve',
  critical_override: 'Critical: told in spite of quiet hours',
  escalated: 'Nobody had acknowledged it in time',
  reminder: 'Still going on: a reminder',
  over_daily_limit: "Over the day's limit of alert messages",
  do_not_disturb: 'Came within quiet hours',
  hourly_digest: 'They want to hear once an hour',
  daily_digest: 'They want to hear once a day',
  below_severity: 'Below the severity they want to hear of',
  trigger_not_told: 'Its beginning was not told either',
  breaker_notice: "Says that the day's limit is reached",
  endpoint_notice: 'Says that a webhook cannot be reached',
  security_notice: 'About the safety of an account',
  digest: 'A digest',
  recovered: 'Missed before, sent when that was asked for',
  test: 'A test',
} satisfies Record<PlanReason, string>

/** What is no event but a message of ours, as a person would call it. */
const messageWords: Partial<Record<string, string>> = {
  'message.test': 'Test message',
  'message.alert': 'Alert',
  'message.digest': 'Digest',
  'message.security': 'Security mail',
  'message.subscriber_confirm': 'Do you want to subscribe?',
  'message.subscriber_manage': 'Link to a subscription',
}

/** Events keep the name that programs know them by. */
export const messageText = (eventType: string): string => messageWords[eventType] ?? eventType

export const outcomeWords = {
  accepted: 'Accepted',
  timeout: 'No answer in time',
  refused: 'Connection refused',
  rejected: 'Rejected',
  gone: 'Gone for good',
  blocked_address: 'Private address, not reached into',
  dns: 'Name not found',
  tls: 'No trusted connection',
  aborted: 'Cut off',
} satisfies Record<AttemptOutcome, string>
