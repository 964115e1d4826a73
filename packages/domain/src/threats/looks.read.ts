import type { OrgId, SiteId, ThreatId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import type { Sql } from '@tocsin/db/transaction'
import type { Evidence } from './evidence.ts'

export interface ClaimedLook {
  orgId: OrgId
  threatId: ThreatId
}

/** Takes looks that are due and that nobody makes. Of the installation, not of an org. */
export async function claimLooks(
  sql: Sql,
  input: { now: Date; leaseUntil: Date; token: string; limit: number },
): Promise<ClaimedLook[]> {
  const { rows } = await sql.query<ClaimedLook>(
    'select org_id as "orgId", threat_id as "threatId" from claim_looks($1, $2, $3, $4)',
    [input.now, input.leaseUntil, input.token, input.limit],
  )
  return rows
}

export interface DueLook {
  threatId: ThreatId
  siteId: SiteId
  rule: string
  subject: string
  severity: Severity
  evidence: Evidence
  /** Since when it has been seen well; null while it is not. */
  okSince: Date | null
  /** As the rule wrote it. */
  look: unknown
}

/** Null: somebody has decided in the meantime. */
export async function readLook(sql: Sql, input: { threatId: ThreatId; token: string }): Promise<DueLook | null> {
  const { rows } = await sql.query<DueLook>(
    `select id as "threatId", site_id as "siteId", rule, subject, severity, evidence, ok_since as "okSince", look from threat
     where id = $1 and lease_token = $2`,
    [input.threatId, input.token],
  )
  return rows[0] ?? null
}

export interface WatchedSubject {
  rule: string
  subject: string
  state: 'suspected' | 'hygiene' | 'active' | 'acknowledged'
}

/** More than a site can gather in many scans that bring their utmost; the rest would be asked for one by one. */
const watchedMax = 20_000

/** Subjects for which somebody waits for an answer, also when it is ok or unknown. */
export async function listWatched(sql: Sql, siteId: SiteId): Promise<WatchedSubject[]> {
  const { rows } = await sql.query<WatchedSubject>(
    `select rule, subject, state from threat
     where site_id = $1 and state in ('suspected', 'hygiene', 'active', 'acknowledged')
     order by last_seen_at desc limit $2`,
    [siteId, watchedMax],
  )
  return rows
}

/** Subjects that somebody has accepted as expected: what is there then belongs to how the site is. */
export async function listAccepted(sql: Sql, siteId: SiteId): Promise<Pick<WatchedSubject, 'rule' | 'subject'>[]> {
  const { rows } = await sql.query<Pick<WatchedSubject, 'rule' | 'subject'>>(
    `select rule, subject from threat where site_id = $1 and state = 'accepted' order by last_seen_at desc limit $2`,
    [siteId, watchedMax],
  )
  return rows
}
