import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { EventPattern, matchesPattern } from '../event.ts'
import { AlertRuleId, DestinationId, SiteId, UserId } from '../ids.ts'
import { MetricName, metricSpec } from '../metric.ts'
import { Severity, ThreatType } from '../rule.ts'

export const AlertRuleKind = z
  .enum(['threshold', 'anomaly', 'performance', 'milestone'])
  .meta({ id: 'AlertRuleKind', description: 'A threshold without a condition tells of events; all others are of a metric.' })
export type AlertRuleKind = z.infer<typeof AlertRuleKind>

/** What brings an alert about. An alert that is open hears of everything about its subject, whatever its rule's sources. */
export const alertSources: readonly string[] = [
  'threat.detected',
  'threat.updated',
  'component.status_changed',
  'incident.created',
  'incident.updated',
  'monitor.down',
  'monitor.degraded',
]
const SourcePattern = EventPattern.refine((pattern) => alertSources.some((type) => matchesPattern(pattern, type)), {
  error: `Must match one of ${alertSources.join(', ')}.`,
})

const few = 50
const tag = z.string().trim().min(1).max(50)

/** An empty list leaves nothing out. */
export const AlertRuleFilter = z
  .strictObject({
    sources: z.array(SourcePattern).max(few).default([]).meta({ description: 'Of a rule over events: which. Empty: all.' }),
    types: z.array(ThreatType).max(few).default([]).meta({ description: 'Only threats of these types.' }),
    severities: z.array(Severity).max(4).default([]),
    siteIds: z.array(SiteId).max(500).default([]),
    tags: z.array(tag).max(few).default([]).meta({ description: 'Sites that have at least one of these.' }),
    ruleIds: z.array(z.string().trim().min(1).max(64)).max(100).default([]).meta({
      description: 'Only threats of these detection rules, such as http.5xx.',
    }),
  })
  .meta({ id: 'AlertRuleFilter' })
export type AlertRuleFilter = z.infer<typeof AlertRuleFilter>

const dayMinutes = 1440

export const AlertCondition = z
  .strictObject({
    metric: MetricName,
    op: z.enum(['above', 'below', 'equals', 'changes_by']),
    value: z
      .number()
      .min(-1e9)
      .max(1e9)
      .nullable()
      .meta({ description: "Of changes_by: percent, or how many robust standard deviations. Null: the org's uptime threshold." }),
    windowMinutes: z
      .number()
      .int()
      .min(5)
      .max(28 * dayMinutes)
      .default(60)
      .meta({ description: 'What is measured over; it is also judged once per window.' }),
    percentile: z
      .union([z.literal(50), z.literal(75), z.literal(90), z.literal(95), z.literal(99)])
      .nullable()
      .default(null)
      .meta({ description: 'Of metrics of many measurements; null: the 75th.' }),
    against: z.enum(['window_before', 'four_weeks']).default('window_before').meta({
      description: 'Of changes_by: the same window before, or by a robust z the windows of the last 28 days.',
    }),
    direction: z.enum(['up', 'down', 'both']).default('both').meta({ description: 'Of changes_by.' }),
    daily: z
      .boolean()
      .default(false)
      .meta({ description: "Judged once a day, at the org's hour, over the window before it; one alert a day at most." }),
    again: z.boolean().default(false).meta({
      description: 'Of a milestone: told again when it is reached anew; else once for ever.',
    }),
  })
  .meta({ id: 'AlertCondition' })
export type AlertCondition = z.infer<typeof AlertCondition>

export const AlertNotify = z
  .strictObject({
    destinations: z.union([z.literal('all'), z.array(DestinationId).max(100)]).default('all'),
    members: z.union([z.enum(['all', 'none']), z.array(UserId).max(200)]).default('all'),
  })
  .meta({ id: 'AlertNotify', description: 'Who is told; each then by their own preferences.' })
export type AlertNotify = z.infer<typeof AlertNotify>

export const Escalation = z
  .strictObject({
    steps: z
      .array(z.strictObject({ afterMinutes: z.number().int().min(1).max(dayMinutes), notify: AlertNotify }))
      .min(1)
      .max(10)
      .meta({ description: 'Each so long after the one before it, while nobody has acknowledged.' }),
    rounds: z.number().int().min(1).max(5).default(1),
    acknowledgeWithinMinutes: z
      .number()
      .int()
      .min(5)
      .max(7 * dayMinutes)
      .nullable()
      .default(null)
      .meta({ description: 'An acknowledgement is good for so long; then there is a reminder, and it escalates again.' }),
  })
  .meta({ id: 'Escalation' })
export type Escalation = z.infer<typeof Escalation>

const GroupBy = z.enum(['rule', 'site', 'type', 'severity', 'subject'])

const settings = {
  name: z.string().trim().min(1).max(120),
  description: z.string().trim().max(2000),
  kind: AlertRuleKind,
  filter: AlertRuleFilter,
  condition: AlertCondition.nullable().meta({ description: 'Null: the rule tells of events.' }),
  severity: Severity.nullable().meta({ description: 'In the place of what the event says; of a metric null is high.' }),
  groupBy: z
    .array(GroupBy)
    .max(5)
    .meta({ description: 'Alerts alike in these are told in one message. Empty: all of the rule.' }),
  groupWaitSeconds: z
    .number()
    .int()
    .min(0)
    .max(3600)
    .meta({ description: 'How long the first message of a group waits for others.' }),
  groupIntervalSeconds: z.number().int().min(0).max(86_400).meta({ description: 'Between messages of a group.' }),
  repeatMinutes: z
    .number()
    .int()
    .min(0)
    .max(30 * dayMinutes)
    .meta({
      description: 'A reminder of what is still open and nobody is on. 0: none, as always of a rule that is judged once a day.',
    }),
  cooldownSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .meta({ description: 'What comes back sooner is not told again, unless it is worse.' }),
  notify: AlertNotify,
  escalation: Escalation.nullable(),
  enabled: z.boolean(),
}

export const AlertRule = z
  .object({
    id: AlertRuleId,
    ...settings,
    preset: z.string().nullable().meta({ description: 'One of those every org begins with.' }),
    nextEvaluationAt: Timestamp.nullable().meta({ description: 'Of a rule over a metric.' }),
    createdAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'AlertRule' })
export type AlertRule = z.infer<typeof AlertRule>

const emptyFilter = { sources: [], types: [], severities: [], siteIds: [], tags: [], ruleIds: [] }
const input = {
  name: settings.name,
  description: settings.description.default(''),
  kind: settings.kind.default('threshold'),
  filter: settings.filter.default(emptyFilter),
  condition: settings.condition.default(null),
  severity: settings.severity.default(null),
  groupBy: settings.groupBy.default(['rule', 'site']),
  groupWaitSeconds: settings.groupWaitSeconds.default(30),
  groupIntervalSeconds: settings.groupIntervalSeconds.default(300),
  repeatMinutes: settings.repeatMinutes.default(240),
  cooldownSeconds: settings.cooldownSeconds.default(300),
  notify: settings.notify.default({ destinations: 'all', members: 'all' }),
  escalation: settings.escalation.default(null),
  enabled: settings.enabled.default(true),
}
const example = { name: 'Outages of the shop', filter: { sources: ['threat.*'], severities: ['critical', 'high'] } }

export const AlertRuleInput = z.strictObject(input).superRefine(checkRule).meta({ id: 'AlertRuleInput', example })
export type AlertRuleInput = z.infer<typeof AlertRuleInput>

export const AlertRuleChanges = z
  .strictObject({
    name: settings.name.optional(),
    description: settings.description.optional(),
    kind: settings.kind.optional(),
    filter: settings.filter.optional(),
    condition: settings.condition.optional(),
    severity: settings.severity.optional(),
    groupBy: settings.groupBy.optional(),
    groupWaitSeconds: settings.groupWaitSeconds.optional(),
    groupIntervalSeconds: settings.groupIntervalSeconds.optional(),
    repeatMinutes: settings.repeatMinutes.optional(),
    cooldownSeconds: settings.cooldownSeconds.optional(),
    notify: settings.notify.optional(),
    escalation: settings.escalation.optional(),
    enabled: settings.enabled.optional(),
  })
  .meta({ id: 'AlertRuleChanges', example: { name: 'Outages of the shop', enabled: true } })
export type AlertRuleChanges = z.infer<typeof AlertRuleChanges>

interface KindAndCondition {
  kind: AlertRuleKind
  condition: AlertCondition | null
}

interface Issue {
  path: string[]
  message: string
}

function checkRule(rule: KindAndCondition, context: z.core.$RefinementCtx): void {
  for (const { path, message } of ruleIssues(rule)) context.addIssue({ code: 'custom', path, message })
}

/** What a kind and a condition must have in common. A change of one of them is checked with what stays of the other. */
export function ruleIssues({ kind, condition }: KindAndCondition): Issue[] {
  if (condition === null) {
    const message = 'Only a threshold tells of events; this kind needs a condition.'
    return kind === 'threshold' ? [] : [{ path: ['condition'], message }]
  }
  const issues: Issue[] = []
  const wrong = (field: keyof AlertCondition, message: string) => issues.push({ path: ['condition', field], message })
  const spec = metricSpec(condition.metric)
  if (kind === 'anomaly' && condition.op !== 'changes_by') wrong('op', 'An anomaly is what changes_by so much.')
  if (kind === 'milestone' && condition.op === 'changes_by') wrong('op', 'A milestone is a value that is reached.')
  if (kind === 'performance' && !(spec.percentile || condition.metric.startsWith('uptime.')))
    wrong('metric', 'Performance is of vitals, response times and uptime.')
  if (condition.op === 'changes_by' && !(condition.value !== null && condition.value > 0))
    wrong('value', 'Must be more than nothing.')
  if (condition.value === null && !condition.metric.startsWith('uptime.'))
    wrong('value', 'Only uptime has a threshold of the organisation.')
  if (condition.percentile !== null && !spec.percentile) wrong('percentile', 'This metric is one number.')
  if (condition.daily && condition.windowMinutes % dayMinutes !== 0) wrong('windowMinutes', 'Must be whole days.')
  return issues
}

const params = z.strictObject({ alertRuleId: AlertRuleId })

export const listAlertRules = defineEndpoint('listAlertRules', {
  method: 'get',
  path: '/v1/alert-rules',
  doc: 'What the org wants to be told of, newest first.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(AlertRule),
})
export const createAlertRule = defineEndpoint('createAlertRule', {
  method: 'post',
  path: '/v1/alert-rules',
  doc: 'A new rule. It speaks of what happens from now on, never of what was before.',
  needs: 'write',
  body: AlertRuleInput,
  answer: AlertRule,
})
export const previewAlertRule = defineEndpoint('previewAlertRule', {
  method: 'post',
  path: '/v1/alert-rules/preview',
  doc: 'What such a rule would have done over the last 30 days. Changes nothing.',
  needs: 'read',
  body: AlertRuleInput,
  status: 200,
  answer: z
    .object({
      from: Timestamp.meta({
        description: 'Later than 30 days ago when the journal or the limit of what is replayed begins later.',
      }),
      to: Timestamp,
      events: z.number().int().meta({ description: 'Events that were replayed.' }),
      windows: z.number().int().meta({ description: 'Windows that were measured.' }),
      cut: z.boolean().meta({ description: 'There was more than is replayed: the newest are.' }),
      triggered: z.number().int(),
      resolved: z.number().int(),
      stillOpen: z.number().int(),
      messages: z.number().int().meta({
        description: 'Alert messages after grouping and cooldown, without reminders and those that only say what is over.',
      }),
      days: z
        .array(z.object({ day: z.iso.date(), messages: z.number().int(), withinLimit: z.number().int(), held: z.number().int() }))
        .meta({ description: 'Days with messages: how many the daily limits would let through if nothing else were told.' }),
      alerts: z
        .array(
          z.object({
            subject: z.string(),
            siteId: SiteId.nullable(),
            title: z.string(),
            severity: Severity,
            triggeredAt: Timestamp,
            resolvedAt: Timestamp.nullable(),
          }),
        )
        .max(50)
        .meta({ description: 'The first ones.' }),
    })
    .meta({ id: 'AlertRulePreview' }),
})
export const getAlertRule = defineEndpoint('getAlertRule', {
  method: 'get',
  path: '/v1/alert-rules/{alertRuleId}',
  doc: 'One rule.',
  needs: 'read',
  params,
  answer: AlertRule,
})
export const updateAlertRule = defineEndpoint('updateAlertRule', {
  method: 'patch',
  path: '/v1/alert-rules/{alertRuleId}',
  doc: 'Change, disable or enable a rule. Nothing of before is told again. If-Match is honoured.',
  needs: 'write',
  params,
  body: AlertRuleChanges,
  answer: AlertRule,
})
export const deleteAlertRule = defineEndpoint('deleteAlertRule', {
  method: 'delete',
  path: '/v1/alert-rules/{alertRuleId}',
  doc: 'Delete a rule. Its alerts stay; those of a metric end.',
  needs: 'write',
  params,
  status: 204,
  answer: z.void(),
})
