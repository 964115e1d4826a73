import { hash as hashOnce } from 'node:crypto'
import type { NotIndexable } from '@tocsin/contract/api/pages'
import type { PageRecord, SeenPage, UnchangedPage } from '@tocsin/domain/scans/memory'
import type { PageObservation } from './crawler/observation.ts'
import { isUnknown } from './crawler/unknown.ts'
import { noindexReasons } from './judges/robots-directives.ts'
import { googlebot, readForGooglebot, speaksFor } from './rules/googlebot.ts'
import type { PageMemory } from './rules/page-memory.ts'
import { rememberPage } from './rules/remember.ts'
import type { JudgeContext } from './rules/verdict.ts'

type Remembering = Pick<JudgeContext, 'now' | 'robots' | 'importance'>

/** What is written about a page when a scan ends: little, if nothing about it is new. */
export function rowOfPage(
  page: PageObservation,
  before: { readonly memory: PageMemory | null; readonly hash: string | null },
  context: Remembering,
): SeenPage | UnchangedPage {
  const memory = rememberPage(before.memory, page, context)
  const record = recordOf(page, context)
  const { lastOkAt, ...lasting } = memory
  const { elapsedMs: _elapsedMs, ...seen } = record
  const hash = hashOnce('sha256', JSON.stringify([lasting, seen]), 'base64url').slice(0, 22)
  if (hash !== before.hash) return { url: page.url, memory, record, hash }
  return { url: page.url, lastOkAt: lastOkAt === before.memory?.lastOkAt ? null : lastOkAt }
}

const titleLengthMax = 300

function recordOf(page: PageObservation, context: Remembering): PageRecord {
  const notIndexable = whyNotIndexable(page, context)
  const redirects = page.finalUrl !== page.url && page.hops.length > 0
  return {
    status: page.hops[0]?.status ?? page.status,
    fault: page.fault,
    contentType: page.contentType?.slice(0, 100) ?? null,
    title: page.title?.slice(0, titleLengthMax) ?? null,
    h1: page.h1?.slice(0, titleLengthMax) ?? null,
    lang: page.lang,
    words: page.words,
    template: page.template,
    depth: page.depth,
    inlinks: page.inlinks,
    inSitemap: page.inSitemap,
    importance: context.importance(page.url),
    indexable: isUnknown(page) ? null : notIndexable === null,
    notIndexable,
    canonical: page.canonicals[0]?.url ?? null,
    redirectsTo: redirects ? page.finalUrl.slice(0, 2_000) : null,
    bytes: page.bytes,
    elapsedMs: page.elapsedMs,
    hashes: page.hashes,
  }
}

/** Why a search engine would not list the page under this address; the first reason that applies. Null: it may. */
function whyNotIndexable(page: PageObservation, { robots, now }: Remembering): NotIndexable | null {
  if (isUnknown(page)) return null
  if (robots && speaksFor(robots, page.url) && readForGooglebot(robots)?.match(page.url).allowed === false) return 'blocked'
  if (page.hops.length > 0) return 'redirects'
  if (page.status === null || page.status >= 300) return 'error'
  if (noindexReasons(page.directives, googlebot, now).length > 0) return 'noindex'
  const canonicals = new Set(page.canonicals.map((each) => each.url))
  const [canonical] = canonicals
  return canonicals.size === 1 && canonical && canonical !== page.url ? 'canonicalised' : null
}
