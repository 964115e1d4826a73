import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

export interface RegistryAnswer {
  expiresAt: Date | null
  redemption: boolean
  askedAt: Date
}

export interface Registration {
  domain: string
  /** The latest first; two at most. */
  answers: RegistryAnswer[]
}

/** Null: no registry has answered yet. */
export async function readRegistration(sql: Sql, siteId: SiteId): Promise<Registration | null> {
  const { rows } = await sql.query<
    RegistryAnswer & { domain: string; expiresBefore: Date | null; redemptionBefore: boolean | null; askedBefore: Date | null }
  >(
    `select domain, expires_at as "expiresAt", redemption, asked_at as "askedAt", before_expires_at as "expiresBefore",
       before_redemption as "redemptionBefore", before_asked_at as "askedBefore"
     from registration where site_id = $1`,
    [siteId],
  )
  const row = rows[0]
  if (!row) return null
  const { domain, expiresAt, redemption, askedAt, expiresBefore, redemptionBefore, askedBefore } = row
  const before = askedBefore && { expiresAt: expiresBefore, redemption: redemptionBefore ?? false, askedAt: askedBefore }
  return { domain, answers: [{ expiresAt, redemption, askedAt }, ...(before ? [before] : [])] }
}
