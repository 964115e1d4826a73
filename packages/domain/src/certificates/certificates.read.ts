import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

export interface SeenCertificate {
  serial: string
  issuer: string
  names: string[]
  notBefore: Date
  seenAt: Date
}

/** The newest; sites that have more have one for each of their hosts, from the same few issuers. */
const certificatesMax = 2_000

export async function listCertificates(sql: Sql, siteId: SiteId): Promise<SeenCertificate[]> {
  const { rows } = await sql.query<SeenCertificate>(
    `select serial, issuer, names, not_before as "notBefore", seen_at as "seenAt" from certificate
     where site_id = $1 order by not_before desc limit $2`,
    [siteId, certificatesMax],
  )
  return rows
}
