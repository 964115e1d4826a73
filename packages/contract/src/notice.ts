import { z } from 'zod'
import { Timestamp } from './endpoint.ts'
import { AlertId, SiteId } from './ids.ts'
import { Severity } from './rule.ts'

/** What a notice tells of its alerts. */
export const NoticeKind = z
  .enum(['triggered', 'worsened', 'resolved', 'acknowledged', 'flapping_started', 'flapping_stopped', 'reminder', 'escalated'])
  .meta({ id: 'NoticeKind' })
export type NoticeKind = z.infer<typeof NoticeKind>

/** What a message says of one alert. */
export const NoticeAlert = z
  .object({
    id: AlertId,
    kind: NoticeKind,
    state: z.enum(['triggered', 'acknowledged', 'resolved']),
    severity: Severity,
    title: z.string(),
    /** What brought it about: threat.detected, monitor.down, incident.created, metric.breached, … */
    source: z.string(),
    /** Of a threat its type, such as ranking_drop; else the slice: monitor, component, incident, metric. */
    topic: z.string(),
    site: z.object({ id: SiteId, name: z.string(), url: z.string() }).nullable(),
    description: z.string(),
    impact: z.string(),
    action: z.string(),
    /** Short name and value, in the order to be read. */
    facts: z.array(z.object({ name: z.string(), value: z.string() })).max(20),
    /** Within the dashboard. */
    path: z.string(),
    triggeredAt: Timestamp,
    resolvedAt: Timestamp.nullable(),
  })
  .meta({ id: 'NoticeAlert' })
export type NoticeAlert = z.infer<typeof NoticeAlert>

/** One message to people about one group of alerts. */
export const Notice = z
  .object({
    rule: z.string().meta({ description: 'The name of the rule.' }),
    /** The same for everything about this group: chat threads by it, PagerDuty's dedup_key. */
    dedupKey: z.string(),
    /** Worst first; those that do not fit are counted. */
    alerts: z.array(NoticeAlert).min(1).max(50),
    more: z.number().int(),
    open: z.number().int().meta({ description: 'Alerts of the group that are still open after this: at 0 the group is over.' }),
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof Notice>

/** The type of such a message. It is no event of the journal. */
export const noticeMessageType = 'message.alert'

/** Why somebody heard of an alert, or did not. */
export const DecisionReason = z
  .enum([
    'subscribed',
    'escalated',
    'reminder',
    'critical_reserve',
    'critical_override',
    'cooldown',
    'snoozed',
    'acknowledged',
    'silenced',
    'maintenance',
    'inhibited',
    'flapping',
    'resolved_before_told',
    'trigger_not_told',
    'over_daily_limit',
    'do_not_disturb',
    'hourly_digest',
    'daily_digest',
    'below_severity',
    'event_not_wanted',
    'channel_off',
    'duplicate_address',
    'receiver_disabled',
    'mail_not_configured',
    'no_receiver',
    'rule_disabled',
  ])
  .meta({ id: 'DecisionReason' })
export type DecisionReason = z.infer<typeof DecisionReason>
