import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { type RememberedPage, recallPagesAfter } from '@tocsin/domain/scans/memory'
import { PageMemory } from './rules/page-memory.ts'

const batchSize = 1_000
/** Twice the largest page budget: a few megabytes. What is beyond was not seen for several scans. */
const knownPagesMax = 20_000

export type KnownPages = Map<string, PageMemory>

/** Every page that earlier scans knew, read in batches. */
export async function recallKnownPages(sql: Sql, siteId: SiteId): Promise<KnownPages> {
  const known: KnownPages = new Map()
  let after = ''
  while (known.size < knownPagesMax) {
    const batch = await recallPagesAfter(sql, siteId, after, batchSize)
    for (const [url, memory] of parsedPages(batch)) known.set(url, memory)
    const last = batch.at(-1)
    if (!last || batch.length < batchSize) break
    after = last.url
  }
  return known
}

export function parsedPages(rows: readonly RememberedPage[]): KnownPages {
  return new Map(rows.map((row) => [row.url, PageMemory.parse(row.memory)]))
}
