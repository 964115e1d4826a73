import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { templateOf } from '@tocsin/domain/url-template'
import { urlAddress } from './judges/url-address.ts'
import { recallKnownPages } from './known-pages.ts'

/** The page a site starts with, then the most important page of each template: a few that stand for all of them. */
export async function importantPages(sql: Sql, siteId: SiteId, siteUrl: string, max: number): Promise<string[]> {
  const home = urlAddress(siteUrl) ?? siteUrl
  const { pages } = await recallKnownPages(sql, siteId)
  const byImportance = [...pages]
    .filter(([url, { status, indexable }]) => status === 200 && indexable && url !== home)
    .sort(([a, one], [b, other]) => other.importance - one.importance || other.inlinks - one.inlinks || (a < b ? -1 : 1))
  const chosen = new Map([[templateOf(home), home]])
  for (const [url] of byImportance) {
    if (chosen.size >= max) break
    const template = templateOf(url)
    if (!chosen.has(template)) chosen.set(template, url)
  }
  return [...chosen.values()]
}
