import type { OrgId, SiteId, SourceId } from '@tocsin/contract/ids'
import type { SourceKind } from '@tocsin/contract/sources/catalog'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { requestsPerDayOf } from './sources.read.ts'

/** Who works on a source, until when nobody else may. */
export interface SourceLease {
  sourceId: SourceId
  token: string
}

export interface ClaimSourcesRequest {
  now: Date
  leaseUntil: Date
  token: string
  /** What the caller knows how to fetch. */
  kinds: readonly SourceKind[]
  /** Null: of any site. */
  siteId: SiteId | null
  limit: number
}

/** Takes what is due, one source of an account at a time. Of the installation, not of an org. */
export async function claimSources(sql: Sql, request: ClaimSourcesRequest): Promise<{ orgId: OrgId; sourceId: SourceId }[]> {
  const { rows } = await sql.query<{ orgId: OrgId; sourceId: SourceId }>(
    'select org_id as "orgId", source_id as "sourceId" from claim_sources($1, $2, $3, $4, $5, $6)',
    [request.now, request.leaseUntil, request.token, request.kinds, request.siteId, request.limit],
  )
  return rows
}

/** A source in hand. */
export interface ClaimedSource {
  id: SourceId
  siteId: SiteId
  siteUrl: string
  kind: SourceKind
  config: Record<string, unknown>
  /** Sealed for the source's id. */
  credentials: string | null
  fingerprint: string
  /** As the adapter left it. */
  adapterState: unknown
  /** Somebody waits for a test; else a fetch is due. */
  isTest: boolean
  /** Of the account's budget for this day. */
  requestsLeft: number
}

/** Null: the lease is lost or the source is gone. */
export async function readClaimedSource(sql: Sql, lease: SourceLease & { now: Date }): Promise<ClaimedSource | null> {
  const { rows } = await sql.query<Omit<ClaimedSource, 'requestsLeft'> & { used: number }>(
    `select source.id, source.site_id as "siteId", site.url as "siteUrl", source.kind, source.config, source.credentials,
       source.fingerprint, source.adapter_state as "adapterState", source.test_requested_at is not null as "isTest",
       coalesce((select q.used from source_quota q
         where q.org_id = source.org_id and q.fingerprint = source.fingerprint and q.day = ($3 at time zone 'UTC')::date), 0) as used
     from source join site on site.id = source.site_id
     where source.id = $1 and source.lease_token = $2`,
    [lease.sourceId, lease.token, lease.now],
  )
  const [row] = rows
  if (!row) return null
  const { used, ...claimed } = row
  return { ...claimed, requestsLeft: Math.max(0, requestsPerDayOf(claimed.config) - used) }
}

/** A detector that stops gives back what it has not fetched. */
export async function releaseSource(change: Change, lease: SourceLease): Promise<void> {
  await change.tx.query('update source set lease_token = null, lease_until = null where id = $1 and lease_token = $2', [
    lease.sourceId,
    lease.token,
  ])
}

/** Sites for which nobody has thought about automatic sources yet. Of the installation. */
export async function sitesWithoutAutomaticSources(sql: Sql, limit: number): Promise<{ orgId: OrgId; siteId: SiteId }[]> {
  const { rows } = await sql.query<{ orgId: OrgId; siteId: SiteId }>(
    'select org_id as "orgId", site_id as "siteId" from sites_without_automatic_sources($1)',
    [limit],
  )
  return rows
}

export interface SourceQueue {
  kind: SourceKind
  waiting: number
  failing: number
  oldestSeconds: number
}

export async function sourceQueue(sql: Sql, now: Date): Promise<SourceQueue[]> {
  const { rows } = await sql.query<SourceQueue>(
    'select kind, waiting, failing, oldest_seconds as "oldestSeconds" from source_queue($1)',
    [now],
  )
  return rows
}
