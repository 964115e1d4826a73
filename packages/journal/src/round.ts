import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'

const orgsPerQuery = 100

/**
 * The orgs that a query finds, by their ids, so that each has its turn before any has a second one. `text` answers up to $2 of them as
 * "orgId", above $1 and in order; `values` are its further values.
 */
export async function* round(
  db: Database,
  text: string,
  values: readonly unknown[],
  signal: AbortSignal | undefined,
): AsyncGenerator<OrgId, void, undefined> {
  for (let after = ''; !signal?.aborted; ) {
    const { rows } = await db.transaction('installation', (sql) =>
      sql.query<{ orgId: OrgId }>(text, [after, orgsPerQuery, ...values]),
    )
    for (const { orgId } of rows) {
      if (signal?.aborted) return
      yield orgId
    }
    const last = rows.at(-1)
    if (!last || rows.length < orgsPerQuery) return
    after = last.orgId
  }
}
