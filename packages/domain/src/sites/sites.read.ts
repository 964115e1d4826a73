import type { Confirmation, HealthHistory, Site, SiteHealth, ThreatSummary } from '@tocsin/contract/api/sites'
import type { SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface SiteRow {
  id: SiteId
  name: string
  url: string
  scanIntervalHours: Site['scanIntervalHours']
  pageBudget: number
  connections: number
  confirmation: Confirmation
  tags: string[]
  pausedAt: Date | null
  nextScanAt: Date
  baselineAt: Date | null
  threats: ThreatSummary
  health: SiteHealth
  createdAt: Date
  updatedAt: Date
  version: number
}

export const siteColumns = `site.id, site.name, site.url, site.scan_interval_hours as "scanIntervalHours", site.page_budget as "pageBudget",
  site.connections, site.confirmation, site.tags, site.paused_at as "pausedAt", site.next_scan_at as "nextScanAt", site.baseline_at as "baselineAt",
  threat_summary(site.id) as threats, site_health(site.id) as health, site.created_at as "createdAt", site.updated_at as "updatedAt", site.version`

export function siteView(row: SiteRow): Site {
  return {
    ...row,
    pausedAt: row.pausedAt?.toISOString() ?? null,
    nextScanAt: row.pausedAt ? null : row.nextScanAt.toISOString(),
    baselineAt: row.baselineAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

export async function listSites(sql: Sql, request: PageRequest): Promise<Page<Site>> {
  const { follows, order } = keyset(request, 'site.created_at', 'site.id')
  const { rows } = await sql.query<SiteRow>(
    `select ${siteColumns} from site
     where ${follows}
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), siteView)
}

export async function getSite(sql: Sql, siteId: SiteId): Promise<Site> {
  const { rows } = await sql.query<SiteRow>(`select ${siteColumns} from site where site.id = $1`, [siteId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such site.')
  return siteView(row)
}

/** What alerts say of sites, and pick them by. None of them is deleted until the change is committed. */
export async function watchedSites(
  sql: Sql,
  siteIds: readonly SiteId[],
): Promise<Map<SiteId, Pick<SiteRow, 'id' | 'name' | 'url' | 'tags'>>> {
  if (siteIds.length === 0) return new Map()
  const { rows } = await sql.query<Pick<SiteRow, 'id' | 'name' | 'url' | 'tags'>>(
    'select id, name, url, tags from site where id = any ($1) order by id for key share',
    [siteIds],
  )
  return new Map(rows.map((site) => [site.id, site]))
}

/** `from` on, preceded by the last score before it: that is how it was at the beginning. */
export async function readSiteHealth(
  sql: Sql,
  input: { siteId: SiteId; from: Date },
): Promise<Pick<HealthHistory, 'siteId' | 'health' | 'data'>> {
  const { id, health } = await getSite(sql, input.siteId)
  const { rows } = await sql.query<{ hour: Date; score: number; byType: SiteHealth['byType'] }>(
    `select hour, score, by_type as "byType" from site_score
     where site_id = $1 and hour >= coalesce((select max(hour) from site_score where site_id = $1 and hour <= $2), $2)
     order by hour`,
    [id, input.from],
  )
  return { siteId: id, health, data: rows.map(({ hour, ...score }) => ({ at: hour.toISOString(), ...score })) }
}
