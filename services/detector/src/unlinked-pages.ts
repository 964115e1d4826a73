import type { RememberedPage } from '@tocsin/domain/scans/memory'
import { templateOf } from './judges/url-template.ts'
import type { KnownPages } from './known-pages.ts'
import type { PagesSeen } from './page-store.ts'
import type { WatchList } from './rules/verdict.ts'

/**
 * Pages that somebody waits for, or for whose template, and that a crawl to the end has not met: nothing leads to them any more. A single
 * look cannot see that, so it is remembered for it. Of a trap not every page is looked at, so that of its pages nothing is known.
 * @param traps templates
 */
export function unlinkedPages(
  known: { readonly watched: WatchList; readonly pages: KnownPages },
  seen: Pick<PagesSeen, 'has'>,
  traps: readonly string[],
): RememberedPage[] {
  const waitedFor = new Set([...known.watched.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))
  const isWaitedFor = (url: string) => {
    const template = templateOf(url)
    return !traps.includes(template) && (waitedFor.has(url) || waitedFor.has(template))
  }
  return [...known.pages]
    .filter(([url]) => !seen.has(url) && isWaitedFor(url))
    .map(([url, memory]) => ({ url, memory: { ...memory, inlinks: 0, inSitemap: false } }))
}
