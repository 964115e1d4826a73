import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { type RememberedPage, recallPagesAfter } from '@tocsin/domain/scans/memory'
import { PageMemory } from './rules/page-memory.ts'

const batchSize = 1_000
/** Twice the largest page budget: a few megabytes. What is beyond was not seen for several scans. */
const knownPagesMax = 20_000

export type KnownPages = Map<string, PageMemory>

/** Every page that earlier scans knew, read in batches; and of each the hash of what the inventory says. */
export async function recallKnownPages(sql: Sql, siteId: SiteId): Promise<{ pages: KnownPages; hashes: Map<string, string> }> {
  const pages: KnownPages = new Map()
  const hashes = new Map<string, string>()
  let after = ''
  while (pages.size < knownPagesMax) {
    const batch = await recallPagesAfter(sql, siteId, after, batchSize)
    for (const { url, hash } of batch) if (hash !== null) hashes.set(url, hash)
    for (const [url, memory] of parsedPages(batch)) pages.set(url, memory)
    const last = batch.at(-1)
    if (!last || batch.length < batchSize) break
    after = last.url
  }
  return { pages, hashes }
}

export function parsedPages(rows: readonly RememberedPage[]): KnownPages {
  return new Map(rows.map((row) => [row.url, PageMemory.parse(row.memory)]))
}
