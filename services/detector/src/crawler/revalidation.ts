import type { Clock } from '@tocsin/process/clock'
import type { Fetched } from './fetch.ts'
import { contradicts, type StoredFacts, shareOf, stalenessOf } from './stored-facts.ts'

/** Which pages of one crawl are asked only whether they have changed, and whether the answers can be believed. */
export interface Revalidation {
  /** What a sitemap says of a page's last change. */
  sitemapSays(url: string, changedAt: Date): void
  /** `ask`: what is known of the page, if it is to be asked for a newer version only. */
  planFor(url: string, mayAsk: boolean): { readonly ask: StoredFacts | null; heard(fetched: Fetched): void }
  readonly count: number
  readonly distrusts: boolean
}

/** Of the pages that could be asked, this share is read all the same, to catch a server that says "not modified" wrongly. */
const checkedShare = 0.02
/** A server whose 304 does not fit what it sent before costs two requests a page; after this many it is asked no more. */
const repeatedMax = 5
/** Dates of sitemaps that are kept; as many as a scan looks at pages. */
const datesMax = 20_000

export function createRevalidation({
  known,
  clock,
}: {
  readonly known: (url: string) => StoredFacts | null
  readonly clock: Clock
}): Revalidation {
  const dates = new Map<string, Date>()
  // Another day, other pages.
  const day = clock.now().toISOString().slice(0, 10)
  let count = 0
  let repeated = 0
  let distrusts = false
  return {
    sitemapSays(url, changedAt) {
      if (dates.size < datesMax) dates.set(url, changedAt)
    },
    planFor(url, mayAsk) {
      const unasked = { ask: null, heard() {} }
      if (!mayAsk || distrusts || repeated >= repeatedMax) return unasked
      const facts = known(url)
      if (!facts || stalenessOf(url, facts, dates.get(url) ?? null, clock.now()) !== null) return unasked
      if (shareOf(`${day} ${url}`) < checkedShare)
        return {
          ask: null,
          heard({ asked }) {
            distrusts ||= contradicts(facts, asked)
          },
        }
      return {
        ask: facts,
        heard({ asked, unchanged }) {
          if (unchanged) count += 1
          // It has the validator that we named and sent the page nevertheless.
          else if (asked.etag !== null && asked.etag === facts.etag) repeated += 1
        },
      }
    },
    get count() {
      return count
    },
    get distrusts() {
      return distrusts
    },
  }
}
