import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'

/** Every row of an org in every table that has orgs, as one text to compare: whether anything at all has changed. */
export async function dumpOrg(db: Database, orgId: OrgId): Promise<string> {
  return db.transaction({ orgId }, async (sql) => {
    const { rows: tables } = await sql.query<{ name: string }>(
      `select table_name as name from information_schema.columns
       where table_schema = 'public' and column_name = 'org_id' order by table_name`,
    )
    const dump: Record<string, unknown[]> = {}
    for (const name of ['org', ...tables.map((table) => table.name)]) {
      const { rows } = await sql.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t order by 1`)
      dump[name] = rows.map((row) => row.row)
    }
    return JSON.stringify(dump, null, 1)
  })
}
