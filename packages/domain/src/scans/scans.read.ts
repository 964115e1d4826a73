import type { Agent, Execution, Scan, ScanFailure, ScanState } from '@tocsin/contract/api/scans'
import type { ExecutionId, ScanId, SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface ScanRow {
  id: ScanId
  siteId: SiteId
  state: ScanState
  trigger: Scan['trigger']
  percentage: number
  step: string
  pagesDone: number
  pagesTotal: number
  complete: boolean
  baseline: boolean
  threatsFound: number
  suspected: number
  failure: ScanFailure | null
  queuedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

export const scanColumns = `id, site_id as "siteId", state, trigger, percentage, step, pages_done as "pagesDone", pages_total as "pagesTotal",
  complete, baseline, threats_found as "threatsFound", suspected, failure,
  queued_at as "queuedAt", started_at as "startedAt", finished_at as "finishedAt"`

export function scanView(row: ScanRow): Scan {
  return {
    ...row,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}

export interface ExecutionRow {
  id: ExecutionId
  scanId: ScanId
  siteId: SiteId
  agent: Agent
  status: Execution['status']
  startedAt: Date
  finishedAt: Date | null
  findings: number
  error: string | null
}

export const executionColumns = `id, scan_id as "scanId", site_id as "siteId", agent, status,
  started_at as "startedAt", finished_at as "finishedAt", findings, error`

export function executionView(row: ExecutionRow): Execution {
  return {
    ...row,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    durationMs: row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : null,
  }
}

export interface ScanFilters extends PageRequest {
  siteId?: SiteId | undefined
  state?: ScanState | undefined
}

export async function listScans(sql: Sql, filters: ScanFilters): Promise<Page<Scan>> {
  const { follows, order } = keyset(filters, 'queued_at', 'id')
  const { rows } = await sql.query<ScanRow>(
    `select ${scanColumns} from scan
     where ${follows}
       and ($3::text is null or site_id = $3) and ($4::text is null or state = $4)
     order by ${order} limit $5`,
    [...positionValues(filters), filters.siteId ?? null, filters.state ?? null, filters.limit + 1],
  )
  return pageOfRows(rows, filters, (row) => ({ at: row.queuedAt, id: row.id }), scanView)
}

export async function getScan(sql: Sql, scanId: ScanId): Promise<Scan> {
  const { rows } = await sql.query<ScanRow>(`select ${scanColumns} from scan where id = $1`, [scanId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such scan.')
  return scanView(row)
}

export interface ExecutionFilters extends PageRequest {
  siteId?: SiteId | undefined
  scanId?: ScanId | undefined
}

export async function listExecutions(sql: Sql, filters: ExecutionFilters): Promise<Page<Execution>> {
  const { follows, order } = keyset(filters, 'started_at', 'id')
  const { rows } = await sql.query<ExecutionRow>(
    `select ${executionColumns} from execution
     where ${follows}
       and ($3::text is null or site_id = $3) and ($4::text is null or scan_id = $4)
     order by ${order} limit $5`,
    [...positionValues(filters), filters.siteId ?? null, filters.scanId ?? null, filters.limit + 1],
  )
  return pageOfRows(rows, filters, (row) => ({ at: row.startedAt, id: row.id }), executionView)
}
