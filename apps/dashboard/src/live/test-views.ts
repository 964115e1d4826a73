import { type AlertRule, AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { Alert } from '@tocsin/contract/api/alerts'
import type { Keyword } from '@tocsin/contract/api/keywords'
import type { Execution, Scan } from '@tocsin/contract/api/scans'
import type { Silence } from '@tocsin/contract/api/silences'
import type { Site } from '@tocsin/contract/api/sites'
import type { Source } from '@tocsin/contract/api/sources'
import type { Threat } from '@tocsin/contract/api/threats'
import type { EventName, OrgEvent } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'

/** Whole views to tell stories with; a story names only what it is about. */
export const orgId: OrgId = 'org_000000000000000000000000'
const at = '2026-11-01T00:00:00.000Z'
const digits = (number: number) => String(number).padStart(24, '0')

export const healthOf = (score: number): Site['health'] => ({
  score,
  byType: {
    ranking_drop: score,
    cwv_degradation: score,
    technical_error: score,
    competitor_surge: score,
    security_issue: score,
    indexation_problem: score,
  },
})

export const siteOf = (number: number, more: Partial<Site> = {}): Site => ({
  id: `site_${digits(number)}`,
  name: `Site ${number}`,
  url: `https://site-${number}.example/`,
  scanIntervalHours: 6,
  tags: [],
  pageBudget: 500,
  connections: 2,
  confirmation: { firstSeconds: 60, secondSeconds: 600, resolveSeconds: 600 },
  pausedAt: null,
  nextScanAt: at,
  baselineAt: at,
  threats: { critical: 0, high: 0, medium: 0, low: 0 },
  health: healthOf(100),
  createdAt: at,
  updatedAt: at,
  version: 1,
  ...more,
})

export const threatOf = (number: number, more: Partial<Threat> = {}): Threat => ({
  id: `thr_${digits(number)}`,
  siteId: siteOf(1).id,
  scanId: null,
  rule: 'http.5xx',
  type: 'technical_error',
  severity: 'high',
  subject: `https://site-1.example/${number}`,
  dedupeKey: `http.5xx:${number}`,
  title: 'Page answers with a server error',
  description: 'It answered 500.',
  impact: 'Visitors see an error.',
  action: 'Look at the log.',
  state: 'active',
  flapping: false,
  causeId: null,
  importance: 5,
  occurrences: 1,
  firstSeenAt: at,
  lastSeenAt: at,
  acknowledgedAt: null,
  resolvedAt: null,
  changedBy: null,
  note: null,
  ...more,
})

export const scanOf = (number: number, more: Partial<Scan> = {}): Scan => ({
  id: `scan_${digits(number)}`,
  siteId: siteOf(1).id,
  state: 'queued',
  trigger: 'schedule',
  percentage: 0,
  step: '',
  pagesDone: 0,
  pagesTotal: 0,
  complete: false,
  baseline: false,
  threatsFound: 0,
  suspected: 0,
  failure: null,
  queuedAt: at,
  startedAt: null,
  finishedAt: null,
  ...more,
})

export const executionOf = (number: number, more: Partial<Execution> = {}): Execution => ({
  id: `exe_${digits(number)}`,
  scanId: scanOf(1).id,
  siteId: siteOf(1).id,
  agent: 'security',
  status: 'running',
  startedAt: at,
  finishedAt: null,
  durationMs: null,
  findings: 0,
  error: null,
  ...more,
})

export const keywordOf = (number: number, more: Partial<Keyword> = {}): Keyword => ({
  id: `kw_${digits(number)}`,
  siteId: siteOf(1).id,
  phrase: `shoes ${number}`,
  country: 'US',
  language: null,
  device: 'desktop',
  monthlySearches: null,
  latest: null,
  createdAt: at,
  updatedAt: at,
  version: 1,
  ...more,
})

export const sourceOf = (number: number, more: Partial<Source> = {}): Source => ({
  id: `src_${digits(number)}`,
  siteId: siteOf(1).id,
  kind: 'crux',
  config: { requestsPerDay: 1000 },
  state: 'active',
  lastFetchedAt: null,
  nextFetchAt: at,
  lastError: null,
  lastTest: null,
  quota: { day: null, used: 0, limit: 1000 },
  createdAt: at,
  version: 1,
  ...more,
})

export const alertRuleOf = (number: number, more: Partial<AlertRule> = {}): AlertRule => ({
  ...AlertRuleInput.parse({ name: `Rule ${number}` }),
  id: `rul_${digits(number)}`,
  preset: null,
  nextEvaluationAt: null,
  createdAt: at,
  version: 1,
  ...more,
})

export const alertOf = (number: number, more: Partial<Alert> = {}): Alert => ({
  id: `alr_${digits(number)}`,
  ruleId: alertRuleOf(1).id,
  ruleName: 'Rule 1',
  subject: `threat:${threatOf(number).id}`,
  siteId: siteOf(1).id,
  source: 'threat.detected',
  title: 'Page answers with a server error',
  severity: 'high',
  state: 'triggered',
  snoozedUntil: null,
  flapping: false,
  occurrences: 1,
  labels: { type: 'technical_error', detection: 'http.5xx' },
  tags: [],
  triggeredAt: at,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  version: 1,
  ...more,
})

export const silenceOf = (number: number, more: Partial<Silence> = {}): Silence => ({
  id: `sil_${digits(number)}`,
  matchers: [{ label: 'severity', values: ['high'] }],
  comment: 'The shop moves.',
  startsAt: at,
  endsAt: '2026-11-02T00:00:00.000Z',
  createdBy: { kind: 'system', id: 'test' },
  createdAt: at,
  expiredAt: null,
  ...more,
})

export type EventData = { [Type in EventName]: Extract<OrgEvent, { type: Type }>['data'] }

export function eventOf<Type extends EventName>(seq: number | null, type: Type, data: EventData[Type]): OrgEvent {
  // The type and its data were given together, which TypeScript cannot follow through a type parameter.
  return { seq, type, orgId, at, actor: { kind: 'system', id: 'test' }, data } as OrgEvent
}
