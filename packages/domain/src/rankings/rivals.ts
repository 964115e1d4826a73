import type { RankingEntry } from '@tocsin/contract/api/rankings'
import type { CompetitorId } from '@tocsin/contract/ids'
import { registrableDomain } from '../registrable-domain.ts'

/** Where a competitor stands in the results of a keyword; a position of null was looked for among the first `depth` and not found. */
export interface Rival {
  id: CompetitorId
  position: number | null
  url: string | null
  depth: number
}

export interface RivalPage {
  competitorId: CompetitorId
  url: string
}

export interface SeenRivals {
  rivals: Rival[]
  /** Every page of theirs among the results, each once. */
  pages: RivalPage[]
}

type Seen = Pick<RankingEntry, 'competitors' | 'results'>

/** The competitors among the results of one keyword: the best position of each domain. What is not tracked is passed over. */
export function rivalsIn(entry: Seen, depth: number, tracked: ReadonlyMap<string, CompetitorId>): SeenRivals {
  const rivals = new Map<CompetitorId, Rival>()
  const pages = new Map<string, RivalPage>()
  const see = (domain: string | null, position: number | null, address: string | undefined, seenDepth: number) => {
    const id = domain === null ? undefined : tracked.get(domain)
    if (!id) return
    const url = pageOf(address)
    const before = rivals.get(id)
    if (!before || before.position === null || (position !== null && position < before.position))
      rivals.set(id, { id, position, url, depth: seenDepth })
    if (url !== null && position !== null) pages.set(url, { competitorId: id, url })
  }
  const seenDepth = Math.max(0, ...(entry.results ?? []).map((result) => result.position))
  // In a list of results those who are not in it were looked for too.
  if (seenDepth > 0) for (const domain of tracked.keys()) see(domain, null, undefined, seenDepth)
  for (const { position, url } of entry.results ?? []) see(registrableDomain(url), position, url, seenDepth)
  for (const { domain, position, url } of entry.competitors ?? [])
    see(registrableDomain(domain), position, url, Math.max(depth, position ?? 0))
  return { rivals: [...rivals.values()], pages: [...pages.values()] }
}

/** An index entry holds some 2,700 bytes; a longer address is no page that anybody promotes. */
const urlLengthMax = 2_000

function pageOf(address: string | undefined): string | null {
  const url = address === undefined ? null : URL.parse(address)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  url.hash = ''
  return url.href.length > urlLengthMax ? null : url.href
}
