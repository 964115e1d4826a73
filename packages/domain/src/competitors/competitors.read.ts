import type { Competitor } from '@tocsin/contract/api/competitors'
import type { CompetitorId, SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'
import { requireSite } from '../sites/sites.ts'

export interface CompetitorRow {
  id: CompetitorId
  siteId: SiteId
  domain: string
  name: string
  createdAt: Date
  updatedAt: Date
  version: number
}

export const competitorColumns = `id, site_id as "siteId", domain, name, created_at as "createdAt", updated_at as "updatedAt", version`

export function competitorView(row: CompetitorRow): Competitor {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() }
}

export async function listCompetitors(sql: Sql, request: PageRequest & { siteId: SiteId }): Promise<Page<Competitor>> {
  await requireSite(sql, request.siteId)
  const { follows, order } = keyset(request, 'created_at', 'id')
  const { rows } = await sql.query<CompetitorRow>(
    `select ${competitorColumns} from competitor where ${follows} and site_id = $3 order by ${order} limit $4`,
    [...positionValues(request), request.siteId, request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), competitorView)
}

export async function getCompetitor(sql: Sql, input: { siteId: SiteId; competitorId: CompetitorId }): Promise<Competitor> {
  const { rows } = await sql.query<CompetitorRow>(`select ${competitorColumns} from competitor where id = $1 and site_id = $2`, [
    input.competitorId,
    input.siteId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such competitor.')
  return competitorView(row)
}
