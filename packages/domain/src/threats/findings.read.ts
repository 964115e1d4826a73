import type { SiteId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import type { Sql } from '@tocsin/db/transaction'
import type { Evidence } from './evidence.ts'

export interface PastFinding {
  rule: string
  subject: string
  isOpen: boolean
  severity: Severity
  evidence: Evidence
  firstSeenAt: Date
}

/** More than a site's keywords and competitors can have at once. */
const findingsMax = 20_000

/** What is open of these rules, and what was opened since a time: for rules that judge by what they said before. */
export async function listFindings(
  sql: Sql,
  input: { siteId: SiteId; rules: readonly string[]; openedSince: Date },
): Promise<PastFinding[]> {
  const { rows } = await sql.query<PastFinding>(
    `select rule, subject, state in ('active', 'acknowledged') as "isOpen", severity, evidence, first_seen_at as "firstSeenAt" from threat
     where site_id = $1 and rule = any ($2)
       and (state in ('active', 'acknowledged') or (state = 'resolved' and first_seen_at > $3))
     order by first_seen_at limit $4`,
    [input.siteId, input.rules, input.openedSince, findingsMax],
  )
  return rows
}
