import type { StatusPage } from '@tocsin/contract/api/status-pages'
import type { OrgId, StatusPageId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface StatusPageRow extends Omit<StatusPage, 'createdAt' | 'updatedAt'> {
  createdAt: Date
  updatedAt: Date
}

export const statusPageColumns =
  'id, slug, name, description, enabled, created_at as "createdAt", updated_at as "updatedAt", version'

export const statusPageView = (row: StatusPageRow): StatusPage => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export async function listStatusPages(sql: Sql, request: PageRequest): Promise<Page<StatusPage>> {
  const { follows, order } = keyset(request, 'created_at', 'id')
  const { rows } = await sql.query<StatusPageRow>(
    `select ${statusPageColumns} from status_page where ${follows} order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), statusPageView)
}

export async function getStatusPage(sql: Sql, statusPageId: StatusPageId): Promise<StatusPage> {
  const { rows } = await sql.query<StatusPageRow>(`select ${statusPageColumns} from status_page where id = $1`, [statusPageId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such status page.')
  return statusPageView(row)
}

/** Whose page it is; null: there is none for visitors. */
export async function statusPageOfSlug(db: Database, slug: string): Promise<{ orgId: OrgId; statusPageId: StatusPageId } | null> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId; statusPageId: StatusPageId }>(
      'select org_id as "orgId", status_page_id as "statusPageId" from status_page_of_slug($1)',
      [slug],
    ),
  )
  return rows[0] ?? null
}
