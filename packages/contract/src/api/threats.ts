import { z } from 'zod'
import { Actor } from '../actor.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { ScanId, SiteId, ThreatId } from '../ids.ts'
import { Severity, ThreatType } from '../rule.ts'

/**
 * active → acknowledged → resolved, or accepted ("this is meant to be so"). `hygiene` is what was already wrong when the site's
 * first complete scan was made: listed on request, never alerted.
 */
export const ThreatState = z.enum(['active', 'acknowledged', 'resolved', 'accepted', 'hygiene']).meta({ id: 'ThreatState' })
export type ThreatState = z.infer<typeof ThreatState>

export const Threat = z
  .object({
    id: ThreatId,
    siteId: SiteId,
    scanId: ScanId.nullable().meta({ description: 'The scan that saw it first.' }),
    rule: z.string(),
    type: ThreatType,
    severity: Severity,
    subject: z.string().meta({ description: 'The page, host, template or target it is about.' }),
    dedupeKey: z.string().meta({ description: 'rule:site:subject. At most one open threat has it.' }),
    title: z.string(),
    description: z.string(),
    impact: z.string(),
    action: z.string().meta({ description: 'What to do about it.' }),
    state: ThreatState,
    flapping: z.boolean().meta({ description: 'It comes and goes: nothing is told of it until it is steady.' }),
    causeId: ThreatId.nullable().meta({ description: 'The open threat that explains this one.' }),
    importance: z.number().meta({ description: '0–10: how much what it is about matters to the site.' }),
    occurrences: z.number().int().positive(),
    firstSeenAt: Timestamp,
    lastSeenAt: Timestamp,
    acknowledgedAt: Timestamp.nullable(),
    resolvedAt: Timestamp.nullable(),
    changedBy: Actor.nullable().meta({ description: 'Who acknowledged, resolved or accepted it.' }),
    note: z.string().nullable(),
  })
  .meta({ id: 'Threat' })
export type Threat = z.infer<typeof Threat>

/** One look at a suspected or open threat: enough to see how the verdict came about. */
export const Look = z
  .object({ at: Timestamp, verdict: z.enum(['bad', 'ok', 'unknown']), seen: z.record(z.string(), z.unknown()) })
  .meta({ id: 'Look', description: 'What was seen, when, and how it was judged.' })
export type Look = z.infer<typeof Look>

export const ThreatDetail = Threat.extend({
  evidence: z.record(z.string(), z.unknown()).meta({ description: 'What was seen, when, from where.' }),
  looks: z.array(Look).meta({ description: 'The latest looks, oldest first, twenty at most.' }),
}).meta({ id: 'ThreatDetail' })
export type ThreatDetail = z.infer<typeof ThreatDetail>

export const ThreatEvidence = z
  .object({
    threatId: ThreatId,
    siteId: SiteId,
    rule: z.string(),
    subject: z.string(),
    judgedAt: Timestamp.meta({ description: 'When the fault was last seen and judged.' }),
    verdict: z.object({ level: z.literal('bad'), severity: Severity }),
    evidence: z.record(z.string(), z.unknown()),
    config: z.record(z.string(), z.unknown()).meta({ description: 'The thresholds it was judged by.' }),
    looks: z.array(Look),
  })
  .meta({ id: 'ThreatEvidence' })
export type ThreatEvidence = z.infer<typeof ThreatEvidence>

const params = z.strictObject({ threatId: ThreatId })
const body = z.strictObject({ note: z.string().trim().min(1).max(2000).optional() }).default({})

export const listThreats = defineEndpoint('listThreats', {
  method: 'get',
  path: '/v1/threats',
  doc: 'Threats, latest first seen first. Without a state: everything but hygiene.',
  needs: 'read',
  query: z.strictObject({
    ...pageQuery,
    siteId: SiteId.optional(),
    state: ThreatState.optional(),
    severity: Severity.optional(),
    type: ThreatType.optional(),
    rule: z.string().max(64).optional(),
  }),
  answer: pageOf(Threat),
})
export const getThreat = defineEndpoint('getThreat', {
  method: 'get',
  path: '/v1/threats/{threatId}',
  doc: 'One threat with its evidence.',
  needs: 'read',
  params,
  answer: ThreatDetail,
})
export const getThreatEvidence = defineEndpoint('getThreatEvidence', {
  method: 'get',
  path: '/v1/threats/{threatId}/evidence',
  doc: 'What the latest verdict was derived from: with these facts and thresholds the rule comes to the same verdict again.',
  needs: 'read',
  params,
  answer: ThreatEvidence,
})
export const acknowledgeThreat = defineEndpoint('acknowledgeThreat', {
  method: 'post',
  path: '/v1/threats/{threatId}/acknowledge',
  doc: 'Say that somebody is on it.',
  needs: 'write',
  params,
  body,
  status: 200,
  answer: Threat,
})
export const resolveThreat = defineEndpoint('resolveThreat', {
  method: 'post',
  path: '/v1/threats/{threatId}/resolve',
  doc: 'Close it by hand. The next scan that sees the fault opens a new one.',
  needs: 'write',
  params,
  body,
  status: 200,
  answer: Threat,
})
export const acceptThreat = defineEndpoint('acceptThreat', {
  method: 'post',
  path: '/v1/threats/{threatId}/accept',
  doc: 'Accept as expected: what is seen now becomes the baseline and is not reported again.',
  needs: 'write',
  params,
  body,
  status: 200,
  answer: Threat,
})
