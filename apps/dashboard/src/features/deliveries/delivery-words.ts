import type { AttemptOutcome, DeliveryState, PlanReason } from '@tocsin/contract/api/deliveries'

export const stateWords = {
  pending: 'Pending',
  succeeded: 'Delivered',
  exhausted: 'Given up',
  suppressed: 'Not sent',
  held: 'In the next digest',
  digested: 'Told in a digest',
  dropped: 'Dropped',
} satisfies Record<DeliveryState, string>

export const reasonWords = {
  subscribed: 'Subscribed to this event',
  critical_reserve: 'Critical: beyond the daily limit, from its reserve',
  over_daily_limit: "Over the day's limit of alert messages",
  below_severity: 'Below the severity this address wants',
  trigger_not_told: 'Its beginning was not told either',
  breaker_notice: "Says that the day's limit is reached",
  digest: 'The hourly digest',
  test: 'A test',
} satisfies Record<PlanReason, string>

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
