import type { OrgId, ScanId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

export interface ClaimedScan {
  orgId: OrgId
  scanId: ScanId
  /** How often it was taken, this time included: each time but the last, a detector died on it. */
  claims: number
}

/** Takes the scan that has waited longest and that nobody works on. Of the installation, not of an org. */
export async function claimScan(sql: Sql, input: { now: Date; leaseUntil: Date; token: string }): Promise<ClaimedScan | null> {
  const { rows } = await sql.query<ClaimedScan>(
    'select org_id as "orgId", scan_id as "scanId", claims from claim_scans($1, $2, $3, 1)',
    [input.now, input.leaseUntil, input.token],
  )
  return rows[0] ?? null
}

/** Scans that nobody works on, and for how long the oldest has been waiting. */
export async function scanQueue(sql: Sql, now: Date): Promise<{ waiting: number; oldestSeconds: number }> {
  const { rows } = await sql.query<{ waiting: number; oldestSeconds: number }>(
    'select waiting, oldest_seconds as "oldestSeconds" from scan_queue($1)',
    [now],
  )
  return rows[0] ?? { waiting: 0, oldestSeconds: 0 }
}
