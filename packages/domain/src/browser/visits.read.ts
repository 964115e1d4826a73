import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

/** One load of a page. `measured` and `seen` are the detector's own JSON, which it parses. */
export interface LabRun {
  readonly url: string
  readonly run: number
  readonly conditions: string
  readonly measured: unknown
}

export interface RenderedPage {
  readonly url: string
  readonly importance: number
  readonly seen: unknown
}

/** A few pages of a site, five loads of each, for some weeks. */
const runsMax = 5_000
const pagesMax = 500

export async function labRuns(sql: Sql, siteId: SiteId, from: Date): Promise<(LabRun & { at: Date })[]> {
  const { rows } = await sql.query<LabRun & { at: Date }>(
    `select url, at, run, conditions, measured from lab_run where site_id = $1 and at >= $2 order by at desc, url, run limit $3`,
    [siteId, from, runsMax],
  )
  return rows
}

export async function renderedPages(sql: Sql, siteId: SiteId): Promise<(RenderedPage & { at: Date })[]> {
  const { rows } = await sql.query<RenderedPage & { at: Date }>(
    'select url, at, importance, seen from rendered_page where site_id = $1 order by url limit $2',
    [siteId, pagesMax],
  )
  return rows
}
