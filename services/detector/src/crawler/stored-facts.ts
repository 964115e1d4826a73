import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { hashesOfHeaders } from '../judges/page-hashes.ts'
import type { PageObservation } from './observation.ts'
import { pageCollectors } from './page-collectors.ts'
import { emptyFacts, type PageFacts, type PageTrace, single } from './page-content.ts'

/**
 * What is kept of a page so that the next crawl may ask for a newer version only: if there is none, the page is judged by these facts as
 * it was before. Everything in them came from one answer.
 */
export interface StoredFacts extends ForTheCrawl {
  /** The page as JSON, to be read by `wholePage`. */
  readonly lasting: string
  /** When the whole page was read. */
  readonly fetchedAt: Date
}

/** What a crawl goes on with if the page has not changed. */
interface ForTheCrawl {
  readonly etag: string | null
  readonly lastModified: string | null
  readonly links: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** Where its canonical links lead. */
  readonly canonicals: readonly string[]
}

/** One visit to a page that has not changed. */
export type PageVisit = Pick<
  PageObservation,
  'url' | 'requestedUrl' | 'finalUrl' | 'elapsedMs' | 'template' | 'depth' | 'inlinks' | 'inSitemap'
>

/** A page as the server has it, without what belongs to one visit. */
type LastingFacts = Omit<PageFacts, (typeof visitFields)[number]>
const visitFields = [
  'url',
  'requestedUrl',
  'finalUrl',
  'hops',
  'fault',
  'detail',
  'retryAfterSeconds',
  'elapsedMs',
  'template',
  // A scan keeps the scores of a few pages, which it always reads anew.
  'headerScore',
] as const satisfies readonly (keyof PageFacts)[]

/** To be raised when the same field means something else than before, or is read by another rule. A new field needs no word. */
const meaning = 8

/** Facts are of use to the release that wrote them only: another one may take more from a page, or take it differently. */
export const factsVersion: string = (() => {
  const fields = Object.keys(emptyFacts({ url: 'https://x.test/', requestedUrl: '', finalUrl: '', elapsedMs: 0 }))
  const kinds = Object.keys(pageCollectors({ onLink() {}, wantsReferences: false }))
  return createHash('sha256')
    .update(JSON.stringify([meaning, fields.sort(), kinds.sort()]))
    .digest('hex')
    .slice(0, 12)
})()

/** A page with more links costs more to keep than to read. */
const linksMax = 2_000
const linkCharactersMax = 64 * 1024

/**
 * Two lines of JSON, to be read by `parseFacts` of the same version: what a crawl goes on with, and the page, which it hands on unread.
 * Null: the page has to be read anew each time.
 */
export function factsToKeep(page: PageFacts, trace: PageTrace): string | null {
  if (page.status !== 200 || page.fault !== null || page.hops.length > 0 || page.finalUrl !== page.url) return null
  if (page.etag === null && page.lastModified === null) return null
  const { origin } = new URL(page.url)
  const links = trace.links.map((link) => (link.startsWith(`${origin}/`) ? link.slice(origin.length) : link))
  if (links.length > linksMax || links.reduce((sum, link) => sum + link.length, 0) > linkCharactersMax) return null
  const { etag, lastModified } = page
  const canonicals = page.canonicals.flatMap(({ url }) => url ?? [])
  const forTheCrawl: ForTheCrawl = { etag, lastModified, links, headers: trace.headers, canonicals }
  return `${JSON.stringify(forTheCrawl)}\n${JSON.stringify({ ...page, ...visitOnly })}`
}

/** JSON leaves out what is undefined. */
const visitOnly: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...visitFields, 'depth', 'inlinks', 'inSitemap'].map((field) => [field, undefined]),
)

/** @param text was written by `factsToKeep` of this version: who looks it up makes sure of that */
export function parseFacts(url: string, text: string, fetchedAt: Date): StoredFacts {
  const end = text.indexOf('\n')
  const forTheCrawl = JSON.parse(text.slice(0, end)) as ForTheCrawl
  const { origin } = new URL(url)
  const links = forTheCrawl.links.map((link) => (link.startsWith('/') ? origin + link : link))
  return { ...forTheCrawl, links, lasting: text.slice(end + 1), fetchedAt }
}

/** The page as it was read, seen again in this visit. */
export function wholePage(visit: PageVisit, lasting: string): PageObservation {
  const unvisited = { hops: [], fault: null, detail: null, retryAfterSeconds: null, headerScore: null }
  return { ...lastingOf(lasting), ...unvisited, ...visit }
}

/** @param text was written by `factsToKeep` of this version */
const lastingOf = (text: string) => JSON.parse(text) as LastingFacts

/** Why a page is asked for as if it were not known. */
export type Staleness = 'expired' | 'sitemap_newer' | 'weak_date' | null

const dayMs = 86_400_000
/** A server may say "not modified" wrongly: so each page is read anew after five to nine days, and never all of them at once. */
const daysMin = 5
const daysSpread = 4
/** Within this of being changed, a page may change once more and keep its date. */
const sameDateMs = 60_000

export const readAnewAfterMs = (daysMin + daysSpread) * dayMs

export function stalenessOf(url: string, known: StoredFacts, sitemapDate: Date | null, now: Date): Staleness {
  if (now.getTime() - known.fetchedAt.getTime() > (daysMin + daysSpread * shareOf(url)) * dayMs) return 'expired'
  if (sitemapDate && sitemapDate > known.fetchedAt && sitemapDate <= now) return 'sitemap_newer'
  const { etag, lastModified } = known
  const isWeak = etag === null && known.fetchedAt.getTime() - Date.parse(lastModified ?? '') < sameDateMs
  return isWeak ? 'weak_date' : null
}

/** 0–1, for the same address always the same. */
export const shareOf = (text: string): number => crc32(text) / 2 ** 32

export const conditionsOf = ({ etag, lastModified }: StoredFacts): Record<string, string> => ({
  ...(etag === null ? {} : { 'if-none-match': etag }),
  ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
})

/** A 304 tells of headers as they are now. One that is not among them may still be there: many servers leave out what has not changed. */
export function agrees(known: StoredFacts, headers: ResponseHeaders): boolean {
  const etag = single(headers['etag'])
  if (etag !== undefined && known.etag !== null && withoutWeakness(etag) !== withoutWeakness(known.etag)) return false
  const { 'content-type': _type, vary: _vary, ...told } = hashesOfHeaders(headers)
  return Object.entries(told).every(([name, hash]) => known.headers[name] === hash)
}

const withoutWeakness = (etag: string): string => etag.replace(/^W\//, '')

/** Two readings with the same validators and another content: what this server says about changes is not to be believed. */
export function contradicts(known: StoredFacts, read: PageFacts): boolean {
  if (read.status !== 200 || read.etag !== known.etag || read.lastModified !== known.lastModified) return false
  const [before, after] = [lastingOf(known.lasting).hashes, read.hashes]
  return (
    before !== null &&
    after !== null &&
    (before.head !== after.head || before.text !== after.text || before.links !== after.links)
  )
}
