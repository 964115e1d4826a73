import { z } from 'zod'
import { Actor } from '../actor.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { AlertDecisionId, AlertId, AlertNoticeId, AlertRuleId, DeliveryId, SiteId } from '../ids.ts'
import { DecisionReason, NoticeAlert, NoticeKind } from '../notice.ts'
import { Severity } from '../rule.ts'

export const AlertState = z.enum(['triggered', 'acknowledged', 'resolved']).meta({ id: 'AlertState' })
export type AlertState = z.infer<typeof AlertState>

export const Alert = z
  .object({
    id: AlertId,
    ruleId: AlertRuleId.nullable().meta({ description: 'Null: the rule is deleted.' }),
    ruleName: z.string(),
    subject: z
      .string()
      .meta({ description: 'What it is about: threat:thr_…, component:cpt_…, incident:inc_…, metric:<name>:<id>.' }),
    siteId: SiteId.nullable(),
    source: z.string().meta({ description: 'The event that brought it about, or metric.breached.' }),
    title: z.string(),
    severity: Severity,
    state: AlertState,
    snoozedUntil: Timestamp.nullable(),
    flapping: z.boolean().meta({ description: 'It comes and goes: nothing is told until it is steady.' }),
    occurrences: z.number().int().positive().meta({ description: 'How often it was seen to begin or go on.' }),
    labels: z
      .record(z.string(), z.string())
      .meta({ description: 'What silences and groups match: type, rule, site, severity, source, …' }),
    tags: z.array(z.string()).meta({ description: 'Of its site.' }),
    triggeredAt: Timestamp,
    acknowledgedAt: Timestamp.nullable(),
    acknowledgedBy: Actor.nullable().meta({ description: 'Who is on it.' }),
    resolvedAt: Timestamp.nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'Alert' })
export type Alert = z.infer<typeof Alert>

export const AlertStep = z
  .object({
    at: Timestamp,
    step: z.enum([
      'triggered',
      'retriggered',
      'worsened',
      'eased',
      'acknowledged',
      'snoozed',
      'resolved',
      'flapping_started',
      'flapping_stopped',
    ]),
    actor: Actor,
    note: z.string().nullable(),
  })
  .meta({ id: 'AlertStep', description: 'Who did what, when and why.' })
export type AlertStep = z.infer<typeof AlertStep>

export const AlertDetail = Alert.extend({
  facts: NoticeAlert.pick({ topic: true, description: true, impact: true, action: true, facts: true, path: true }),
  inhibitedBy: z
    .string()
    .nullable()
    .meta({ description: 'The subject of the outage that explains it: it is not told while that lasts.' }),
  steps: z.array(AlertStep).meta({ description: 'The latest hundred, oldest first.' }),
}).meta({ id: 'AlertDetail' })
export type AlertDetail = z.infer<typeof AlertDetail>

export const AlertDecision = z
  .object({
    id: AlertDecisionId,
    alertId: AlertId,
    noticeId: AlertNoticeId.nullable(),
    at: Timestamp,
    receiver: z.object({
      kind: z.enum(['destination', 'member', 'subscriber', 'none']).meta({ description: 'none: decided for everybody.' }),
      id: z.string().nullable(),
      name: z.string(),
    }),
    notice: NoticeKind,
    verdict: z.enum(['sent', 'held', 'suppressed']),
    reason: DecisionReason,
    detail: z.string().nullable(),
    until: Timestamp.nullable().meta({ description: 'Held or muted until then, where that is known.' }),
    deliveryId: DeliveryId.nullable(),
  })
  .meta({ id: 'AlertDecision', description: 'Why somebody heard of an alert, or did not.' })
export type AlertDecision = z.infer<typeof AlertDecision>

const params = z.strictObject({ alertId: AlertId })
const note = z.string().trim().min(1).max(2000)

export const listAlerts = defineEndpoint('listAlerts', {
  method: 'get',
  path: '/v1/alerts',
  doc: 'Alerts, latest triggered first.',
  needs: 'read',
  query: z.strictObject({
    ...pageQuery,
    state: z
      .enum([...AlertState.options, 'open'])
      .optional()
      .meta({ description: 'open: triggered or acknowledged.' }),
    severity: Severity.optional(),
    siteId: SiteId.optional(),
    alertRuleId: AlertRuleId.optional(),
  }),
  answer: pageOf(Alert),
})
export const getAlert = defineEndpoint('getAlert', {
  method: 'get',
  path: '/v1/alerts/{alertId}',
  doc: 'One alert, and who did what to it.',
  needs: 'read',
  params,
  answer: AlertDetail,
})
export const acknowledgeAlert = defineEndpoint('acknowledgeAlert', {
  method: 'post',
  path: '/v1/alerts/{alertId}/acknowledge',
  doc: 'Say that somebody is on it: reminders and escalation end. Doing so twice is no error.',
  needs: 'write',
  params,
  body: z.strictObject({ note: note.optional() }).default({}),
  status: 200,
  answer: Alert,
})
export const snoozeAlert = defineEndpoint('snoozeAlert', {
  method: 'post',
  path: '/v1/alerts/{alertId}/snooze',
  doc: 'Say nothing of it until then, unless it becomes worse. Thirty days at most.',
  needs: 'write',
  params,
  body: z
    .strictObject({
      until: Timestamp.optional(),
      minutes: z.number().int().min(1).max(43_200).optional(),
      note: note.optional(),
    })
    .refine(({ until, minutes }) => (until === undefined) !== (minutes === undefined), 'Takes either until or minutes.')
    .meta({ example: { minutes: 60, note: 'After the deploy.' } }),
  status: 200,
  answer: Alert,
})
export const resolveAlert = defineEndpoint('resolveAlert', {
  method: 'post',
  path: '/v1/alerts/{alertId}/resolve',
  doc: 'Close it by hand. It opens again when what it is about begins anew.',
  needs: 'write',
  params,
  body: z.strictObject({ note: note.optional() }).default({}),
  status: 200,
  answer: Alert,
})
export const listAlertDecisions = defineEndpoint('listAlertDecisions', {
  method: 'get',
  path: '/v1/alerts/{alertId}/decisions',
  doc: 'Why did I, or did I not, hear of this? Every decision, newest first.',
  needs: 'read',
  params,
  query: z.strictObject(pageQuery),
  answer: pageOf(AlertDecision),
})
