import type { Keyword } from '@tocsin/contract/api/keywords'
import type { KeywordId, SiteId } from '@tocsin/contract/ids'
import type { Device, Measurement } from '@tocsin/contract/keyword'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'
import { requireSite } from '../sites/sites.ts'

export interface KeywordRow {
  id: KeywordId
  siteId: SiteId
  phrase: string
  country: string
  /** '' is any. */
  language: string
  device: Device
  monthlySearches: number | null
  latest: Measurement | null
  createdAt: Date
  updatedAt: Date
  version: number
}

export const keywordColumns = `id, site_id as "siteId", phrase, country, language, device, monthly_searches as "monthlySearches", latest,
  created_at as "createdAt", updated_at as "updatedAt", version`

export function keywordView(row: KeywordRow): Keyword {
  return {
    ...row,
    language: row.language === '' ? null : row.language,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

export interface KeywordFilters extends PageRequest {
  siteId: SiteId
  phrase?: string | undefined
  country?: string | undefined
  device?: Device | undefined
}

export async function listKeywords(sql: Sql, filters: KeywordFilters): Promise<Page<Keyword>> {
  await requireSite(sql, filters.siteId)
  const { follows, order } = keyset(filters, 'created_at', 'id')
  const { rows } = await sql.query<KeywordRow>(
    `select ${keywordColumns} from keyword
     where ${follows} and site_id = $3 and ($4::text is null or position($4 in phrase) > 0)
       and ($5::text is null or country = $5) and ($6::text is null or device = $6)
     order by ${order} limit $7`,
    [
      ...positionValues(filters),
      filters.siteId,
      filters.phrase?.trim().toLowerCase() ?? null,
      filters.country ?? null,
      filters.device ?? null,
      filters.limit + 1,
    ],
  )
  return pageOfRows(rows, filters, (row) => ({ at: row.createdAt, id: row.id }), keywordView)
}

export async function getKeyword(sql: Sql, input: { siteId: SiteId; keywordId: KeywordId }): Promise<Keyword> {
  const { rows } = await sql.query<KeywordRow>(`select ${keywordColumns} from keyword where id = $1 and site_id = $2`, [
    input.keywordId,
    input.siteId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such keyword.')
  return keywordView(row)
}
