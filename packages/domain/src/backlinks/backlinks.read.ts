import type { Backlink, BacklinkList } from '@tocsin/contract/api/backlinks'
import type { BacklinkId, BacklinkListId, CompetitorId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'
import { requireSite } from '../sites/sites.ts'

export interface BacklinkListRow {
  id: BacklinkListId
  siteId: SiteId
  competitorId: CompetitorId | null
  listId: string | null
  complete: boolean
  entries: number
  recordedAt: Date
}

export const backlinkListColumns = `id, site_id as "siteId", nullif(party, '') as "competitorId", sender_id as "listId", complete, entries,
  recorded_at as "recordedAt"`

export function backlinkListView(row: BacklinkListRow): BacklinkList {
  const { id, siteId, competitorId, listId, complete, entries, recordedAt } = row
  return { id, siteId, competitorId, listId, complete, entries, recordedAt: recordedAt.toISOString() }
}

export async function listBacklinks(
  sql: Sql,
  request: PageRequest & { siteId: SiteId; competitorId?: CompetitorId | 'own' | undefined },
): Promise<Page<Backlink>> {
  await requireSite(sql, request.siteId)
  const { follows, order } = keyset(request, 'recorded_at', 'id')
  const party = request.competitorId === 'own' ? '' : (request.competitorId ?? null)
  const { rows } = await sql.query<Omit<Backlink, 'recordedAt' | 'id'> & { id: BacklinkId; recordedAt: Date }>(
    `select id, nullif(party, '') as "competitorId", domain, first_seen_on::text as "firstSeen", recorded_at as "recordedAt"
     from backlink where ${follows} and site_id = $3 and ($4::text is null or party = $4) order by ${order} limit $5`,
    [...positionValues(request), request.siteId, party, request.limit + 1],
  )
  return pageOfRows(
    rows,
    request,
    (row) => ({ at: row.recordedAt, id: row.id }),
    (row) => ({ ...row, recordedAt: row.recordedAt.toISOString() }),
  )
}
