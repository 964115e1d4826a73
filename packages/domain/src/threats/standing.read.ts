import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Evidence } from './evidence.ts'

/** As many as a rule over records can have open; what is beyond is judged as if it were new. */
const standingMax = 2_000

/** What the open threats of a rule were last derived from, by subject: what was normal before the fault is not what is normal since. */
export async function standingEvidence(sql: Sql, siteId: SiteId, rule: string): Promise<Map<string, Evidence>> {
  const { rows } = await sql.query<{ subject: string; evidence: Evidence }>(
    `select subject, evidence from threat
     where site_id = $1 and rule = $2 and state in ('suspected', 'hygiene', 'active', 'acknowledged')
     order by last_seen_at desc limit $3`,
    [siteId, rule, standingMax],
  )
  return new Map(rows.map(({ subject, evidence }) => [subject, evidence]))
}
