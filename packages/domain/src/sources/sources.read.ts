import type { Source } from '@tocsin/contract/api/sources'
import type { SiteId, SourceId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { SourceKind } from '@tocsin/contract/sources/catalog'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface SourceRow {
  id: SourceId
  siteId: SiteId
  kind: SourceKind
  config: Record<string, unknown>
  state: Source['state']
  lastFetchedAt: Date | null
  nextFetchAt: Date
  lastError: Source['lastError']
  lastTest: Source['lastTest']
  /** Of the account's last day; null before its first request. */
  quotaDay: string | null
  quotaUsed: number
  createdAt: Date
  version: number
}

/** Never the credentials, and nothing by which an account could be recognised. */
export const sourceColumns = `source.id, source.site_id as "siteId", source.kind, source.config, source.state,
  source.last_fetched_at as "lastFetchedAt", source.next_fetch_at as "nextFetchAt", source.last_error as "lastError",
  source.last_test as "lastTest", source.created_at as "createdAt", source.version,
  (select to_char(max(q.day), 'YYYY-MM-DD') from source_quota q
    where q.org_id = source.org_id and q.fingerprint = source.fingerprint) as "quotaDay",
  coalesce((select q.used from source_quota q
    where q.org_id = source.org_id and q.fingerprint = source.fingerprint order by q.day desc limit 1), 0) as "quotaUsed"`

export function sourceView({ quotaDay, quotaUsed, ...row }: SourceRow): Source {
  return {
    ...row,
    lastFetchedAt: row.lastFetchedAt?.toISOString() ?? null,
    nextFetchAt: row.state === 'paused' ? null : row.nextFetchAt.toISOString(),
    quota: { day: quotaDay, used: quotaUsed, limit: requestsPerDayOf(row.config) },
    createdAt: row.createdAt.toISOString(),
  }
}

/** Every kind has it; a config that was stored before its kind had one counts as none left. */
export const requestsPerDayOf = (config: Readonly<Record<string, unknown>>): number => {
  const { requestsPerDay } = config
  return typeof requestsPerDay === 'number' ? requestsPerDay : 0
}

export async function listSources(sql: Sql, request: PageRequest & { siteId: SiteId }): Promise<Page<Source>> {
  const { follows, order } = keyset(request, 'source.created_at', 'source.id')
  const { rows } = await sql.query<SourceRow>(
    `select ${sourceColumns} from source
     where ${follows} and source.site_id = $3
     order by ${order} limit $4`,
    [...positionValues(request), request.siteId, request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), sourceView)
}

export async function getSource(sql: Sql, sourceId: SourceId): Promise<Source> {
  const { rows } = await sql.query<SourceRow>(`select ${sourceColumns} from source where source.id = $1`, [sourceId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such source.')
  return sourceView(row)
}
