import { createHash, hash } from 'node:crypto'
import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { hashesOfHeaders } from '../judges/page-hashes.ts'
import { pageCollectors } from './page-collectors.ts'
import { type Asked, emptyFacts, type PageFacts, type PageTrace, single } from './page-content.ts'

/**
 * What is kept of a page so that the next crawl may ask for a newer version only: if there is none, the page is judged by these facts as
 * it was before. Everything in them came from one answer.
 */
export interface StoredFacts {
  readonly page: LastingFacts
  readonly links: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** When the whole page was read. */
  readonly fetchedAt: Date
}

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
const meaning = 3

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

/** As JSON, to be read by `parseFacts` of the same version. Null: the page has to be read anew each time. */
export function factsToKeep(page: PageFacts, trace: PageTrace): string | null {
  if (page.status !== 200 || page.fault !== null || page.hops.length > 0 || page.finalUrl !== page.url) return null
  if (page.etag === null && page.lastModified === null) return null
  const { origin } = new URL(page.url)
  const links = trace.links.map((link) => (link.startsWith(`${origin}/`) ? link.slice(origin.length) : link))
  if (links.length > linksMax || links.reduce((sum, link) => sum + link.length, 0) > linkCharactersMax) return null
  return JSON.stringify({ page: { ...page, ...visitOnly }, links, headers: trace.headers })
}

/** JSON leaves out what is undefined. */
const visitOnly: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...visitFields, 'depth', 'inlinks', 'inSitemap'].map((field) => [field, undefined]),
)

/** @param text was written by `factsToKeep` of this version: who looks it up makes sure of that */
export function parseFacts(url: string, text: string, fetchedAt: Date): StoredFacts {
  const { page, links, headers } = JSON.parse(text) as Omit<StoredFacts, 'fetchedAt'>
  const { origin } = new URL(url)
  return { page, links: links.map((link) => (link.startsWith('/') ? origin + link : link)), headers, fetchedAt }
}

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
  const { etag, lastModified } = known.page
  const isWeak = etag === null && known.fetchedAt.getTime() - Date.parse(lastModified ?? '') < sameDateMs
  return isWeak ? 'weak_date' : null
}

/** 0–1, for the same address always the same. */
export const shareOf = (text: string): number => Number.parseInt(hash('sha256', text, 'hex').slice(0, 8), 16) / 2 ** 32

export const conditionsOf = ({ page }: StoredFacts): Record<string, string> => ({
  ...(page.etag === null ? {} : { 'if-none-match': page.etag }),
  ...(page.lastModified === null ? {} : { 'if-modified-since': page.lastModified }),
})

/** A 304 tells of headers as they are now. One that is not among them may still be there: many servers leave out what has not changed. */
export function agrees(known: StoredFacts, headers: ResponseHeaders): boolean {
  const etag = single(headers['etag'])
  if (etag !== undefined && known.page.etag !== null && withoutWeakness(etag) !== withoutWeakness(known.page.etag)) return false
  const { 'content-type': _type, vary: _vary, ...told } = hashesOfHeaders(headers)
  return Object.entries(told).every(([name, hash]) => known.headers[name] === hash)
}

const withoutWeakness = (etag: string): string => etag.replace(/^W\//, '')

/** The page as it was read, seen again today. */
export function revalidated(known: StoredFacts, asked: Asked): { facts: PageFacts; trace: PageTrace } {
  const { links, headers } = known
  return { facts: emptyFacts({ ...known.page, ...asked }), trace: { links, headers, revalidated: true } }
}

/** Two readings with the same validators and another content: what this server says about changes is not to be believed. */
export function contradicts(known: StoredFacts, read: PageFacts): boolean {
  const { page } = known
  if (read.status !== 200 || read.etag !== page.etag || read.lastModified !== page.lastModified) return false
  const [before, after] = [page.hashes, read.hashes]
  return (
    before !== null &&
    after !== null &&
    (before.head !== after.head || before.text !== after.text || before.links !== after.links)
  )
}
