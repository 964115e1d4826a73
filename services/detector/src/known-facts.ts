import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { forgetPageFacts, keepPageFacts, type PageFactsRow, recallPageFacts } from '@tocsin/domain/scans/page-facts'
import type { Foundation } from '@tocsin/journal/foundation'
import { factsVersion, parseFacts, readAnewAfterMs, type StoredFacts } from './crawler/stored-facts.ts'
import { detector } from './held-scan.ts'
import { librariesInUse } from './judges/vulnerable-library.ts'
import type { PageStore } from './page-store.ts'
import { openSpillFile, type Spilled, type SpillFile } from './spill-file.ts'

type Site = { readonly orgId: OrgId; readonly siteId: SiteId }
type Deps = Pick<Foundation, 'journal' | 'clock'>

/** What earlier crawls kept of the pages of one site, in a file while the scan runs. */
export interface KnownFacts {
  get(url: string): StoredFacts | null
  close(): void
}

/** What was found by other data about libraries is not what these would find. */
const version = () => `${factsVersion} ${librariesInUse().id}`

/** Some hundred kilobytes. */
const rowsPerBatch = 200
const pagesMax = 20_000

export async function recallFacts(deps: Deps, { orgId, siteId }: Site, file: SpillFile = openSpillFile()): Promise<KnownFacts> {
  const index = new Map<string, Spilled & { fetchedAt: Date }>()
  const fetchedAfter = new Date(deps.clock.now().getTime() - readAnewAfterMs)
  // A batch is a transaction: nobody waits for one that lasts as long as the site is large.
  const batchAfter = (after: string) => {
    const input = { siteId, version: version(), fetchedAfter, after, limit: rowsPerBatch }
    return deps.journal.read(orgId, (sql) => recallPageFacts(sql, input))
  }
  let coming: Promise<PageFactsRow[]> | null = batchAfter('')
  try {
    while (coming) {
      const rows: PageFactsRow[] = await coming
      const last = rows.at(-1)
      const more = rows.length === rowsPerBatch && index.size + rows.length < pagesMax
      // The record looks for the next one while these are put away.
      coming = more && last ? batchAfter(last.url) : null
      for (const { url, facts, fetchedAt } of rows) index.set(url, { ...file.add(facts), fetchedAt })
    }
  } catch (error) {
    await Promise.allSettled([coming])
    file.close()
    throw error
  }
  return {
    get(url) {
      const entry = index.get(url)
      return entry ? parseFacts(url, file.read(entry), entry.fetchedAt) : null
    },
    close: () => file.close(),
  }
}

/** Keeps what was read whole in this scan, until it is told to stop. What was only asked for a newer version is kept already. */
export async function keepFacts(
  deps: Deps,
  { orgId, siteId }: Site,
  seen: { readonly pages: PageStore; readonly distrusted: boolean; readonly readAt: Date },
  signal: AbortSignal,
): Promise<void> {
  if (seen.distrusted) {
    await deps.journal.change(orgId, detector, (change) => forgetPageFacts(change, siteId))
    return
  }
  let rows: PageFactsRow[] = []
  const write = async () => {
    const pages = rows
    rows = []
    if (pages.length > 0)
      await deps.journal.change(orgId, detector, (change) => keepPageFacts(change, { siteId, version: version(), pages }))
  }
  for (const each of seen.pages.facts()) {
    if (signal.aborted) return
    rows.push({ ...each, fetchedAt: seen.readAt })
    if (rows.length >= rowsPerBatch) await write()
  }
  await write()
}
