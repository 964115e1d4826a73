import type { Actor } from '@tocsin/contract/actor'
import type { Look, Threat, ThreatDetail, ThreatEvidence, ThreatState } from '@tocsin/contract/api/threats'
import type { ScanId, SiteId, ThreatId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Severity, ThreatType } from '@tocsin/contract/rule'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface ThreatRow {
  id: ThreatId
  siteId: SiteId
  scanId: ScanId | null
  rule: string
  type: ThreatType
  severity: Severity
  subject: string
  dedupeKey: string
  title: string
  description: string
  impact: string
  action: string
  /** Never `suspected`: what is not confirmed yet is shown to nobody. */
  state: ThreatState
  flapping: boolean
  causeId: ThreatId | null
  importance: number
  occurrences: number
  firstSeenAt: Date
  lastSeenAt: Date
  acknowledgedAt: Date | null
  resolvedAt: Date | null
  changedBy: Actor | null
  note: string | null
}

export const threatColumns = `threat.id, threat.site_id as "siteId", threat.scan_id as "scanId", threat.rule, threat.type, threat.severity,
  threat.subject, threat.dedupe_key as "dedupeKey", threat.title, threat.description, threat.impact, threat.action, threat.state,
  threat.flapping is not null as flapping, threat.cause_id as "causeId", threat.importance, threat.occurrences, threat.first_seen_at as "firstSeenAt", threat.last_seen_at as "lastSeenAt",
  threat.acknowledged_at as "acknowledgedAt", threat.resolved_at as "resolvedAt", threat.changed_by as "changedBy", threat.note`

export function threatView(row: ThreatRow): Threat {
  return {
    ...row,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  }
}

export interface ThreatFilters extends PageRequest {
  siteId?: SiteId | undefined
  state?: ThreatState | undefined
  severity?: Severity | undefined
  type?: ThreatType | undefined
  rule?: string | undefined
}

/** Latest first seen first. Hygiene only on request. */
export async function listThreats(sql: Sql, filters: ThreatFilters): Promise<Page<Threat>> {
  const { follows, order } = keyset(filters, 'first_seen_at', 'id')
  const { rows } = await sql.query<ThreatRow>(
    `select ${threatColumns} from threat
     where ${follows}
       and state <> 'suspected'
       and (case when $3::text is null then state <> 'hygiene' else state = $3 end)
       and ($4::text is null or site_id = $4) and ($5::text is null or severity = $5)
       and ($6::text is null or type = $6) and ($7::text is null or rule = $7)
     order by ${order} limit $8`,
    [
      ...positionValues(filters),
      filters.state ?? null,
      filters.siteId ?? null,
      filters.severity ?? null,
      filters.type ?? null,
      filters.rule ?? null,
      filters.limit + 1,
    ],
  )
  return pageOfRows(rows, filters, (row) => ({ at: row.firstSeenAt, id: row.id }), threatView)
}

export async function getThreat(sql: Sql, threatId: ThreatId): Promise<ThreatDetail> {
  const { rows } = await sql.query<ThreatRow & { evidence: Record<string, unknown>; looks: Look[] }>(
    `select ${threatColumns}, evidence, looks from threat where id = $1 and state <> 'suspected'`,
    [threatId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such threat.')
  return { ...threatView(row), evidence: row.evidence, looks: row.looks }
}

export async function getThreatEvidence(sql: Sql, threatId: ThreatId): Promise<ThreatEvidence> {
  const { rows } = await sql.query<Omit<ThreatEvidence, 'judgedAt' | 'verdict'> & { judgedAt: Date; severity: Severity }>(
    `select id as "threatId", site_id as "siteId", rule, subject, coalesce(judged_at, last_seen_at) as "judgedAt", severity, evidence,
       judged_config as config, looks
     from threat where id = $1 and state <> 'suspected'`,
    [threatId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such threat.')
  const { judgedAt, severity, ...seen } = row
  return { ...seen, judgedAt: judgedAt.toISOString(), verdict: { level: 'bad', severity } }
}
