import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'

export interface LoggedCertificate {
  readonly serial: string
  /** The organisation that issued it. */
  readonly issuer: string
  readonly names: readonly string[]
  readonly notBefore: Date
}

/** Longer than any certificate may live. */
const keptMs = 400 * 86_400_000

/** What the logs show of a domain. What was there is left as it was first seen. */
export async function recordCertificates(
  change: Change,
  input: { siteId: SiteId; certificates: readonly LoggedCertificate[] },
): Promise<void> {
  const { siteId, certificates } = input
  await change.tx.query(
    `insert into certificate (org_id, site_id, serial, issuer, names, not_before, seen_at)
     select $1, $2, c.serial, c.issuer, array(select jsonb_array_elements_text(c.names)), c.not_before, $4
     from jsonb_to_recordset($3::jsonb) as c (serial text, issuer text, names jsonb, not_before timestamptz)
     on conflict do nothing`,
    [
      change.orgId,
      siteId,
      JSON.stringify(
        certificates.map(({ serial, issuer, names, notBefore }) => ({
          serial,
          issuer,
          names,
          not_before: notBefore.toISOString(),
        })),
      ),
      change.now,
    ],
  )
  await change.tx.query('delete from certificate where site_id = $1 and not_before < $2', [
    siteId,
    new Date(change.now.getTime() - keptMs),
  ])
  await judgeDataSoon(change, siteId)
}
