import type { Sql } from '@tocsin/db/transaction'
import { recallPages } from '@tocsin/domain/scans/memory'
import type { Inspection } from '@tocsin/domain/search-console/search-console'
import { inspectionsByUrl } from '@tocsin/domain/search-console/search-console.read'
import { PageMemory } from './page-memory.ts'
import type { DataContext } from './verdict.ts'

const dayMs = 86_400_000
/** What Google said longer ago is not what it says. */
const staleMs = 30 * dayMs
const memoryMs = 90 * dayMs
/** Of a page; one that looks wrong is asked about daily. */
const inspectionsEach = 30
/** Of a page that no scan remembers. */
const ordinary = 5

/** Pages about which Google has said something lately, oldest first: its `unknown` answers are left out. */
export async function inspectedPages(
  sql: Sql,
  { site, now }: DataContext,
): Promise<{ url: string; inspections: Inspection[] }[]> {
  const since = new Date(now.getTime() - memoryMs)
  const all = await inspectionsByUrl(sql, site.id, { since, each: inspectionsEach })
  return [...all].flatMap(([url, rows]) => {
    const inspections = rows.filter(({ verdict }) => verdict !== 'unknown')
    const last = inspections.at(-1)
    return last && now.getTime() - last.at.getTime() <= staleMs ? [{ url, inspections }] : []
  })
}

/** As the last scan weighed them. */
export async function importanceOf(
  sql: Sql,
  siteId: DataContext['site']['id'],
  urls: readonly string[],
): Promise<(url: string) => number> {
  const rows = await recallPages(sql, siteId, urls)
  const known = new Map(rows.map(({ url, memory }) => [url, PageMemory.safeParse(memory).data?.importance]))
  return (url) => known.get(url) ?? ordinary
}
