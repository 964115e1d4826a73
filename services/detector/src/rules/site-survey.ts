import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PageObservation } from '../crawler/observation.ts'
import { isUnknown } from '../crawler/unknown.ts'
import type { VersionedPage } from '../judges/hreflang.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { googlebot } from './googlebot.ts'
import { contentOf, redirectCount } from './page-answer.ts'
import { createRunningSurvey } from './running-survey.ts'
import type { MisplacedPage, Misplacement, SiteSurvey } from './survey-facts.ts'

const examplesMax = 20
/** A sitemap of nothing but redirects is told by fewer. */
const misplacedMax = 10_000
/** Pages taken before other work of this process gets a turn. */
const pagesPerTurn = 50

interface Surveyed {
  readonly size: number
  has(url: string): boolean
  values(): Iterable<PageObservation>
}

export async function surveySite(pages: Surveyed, now: Date, signal: AbortSignal): Promise<SiteSurvey> {
  const survey = createSurvey(now)
  let turn = 0
  for (const page of pages.values()) {
    survey.add(page)
    turn += 1
    if (turn % pagesPerTurn === 0) await nextTurn()
    signal.throwIfAborted()
  }
  return { has: (url) => pages.has(url), ...survey.facts() }
}

export function createSurvey(now: Date) {
  const noindexed: string[] = []
  const unclear = new Set<string>()
  const versions = new Map<string, VersionedPage>()
  const misplaced: MisplacedPage[] = []
  const failing = { count: 0, examples: [] as string[] }
  const running = createRunningSurvey()
  let reached = 0
  let hasVersions = false
  return {
    add(page: PageObservation): void {
      running.add(page)
      const version = versionedPage(page, now)
      if (version.noindex) noindexed.push(page.url)
      if (contentOf(page) === 'unknown') unclear.add(page.url)
      if (page.alternates.length > 0) hasVersions = true
      versions.set(page.url, version)
      if (!isUnknown(page)) {
        if (page.fault === null && page.status !== null && page.status < 400) reached += 1
        else {
          failing.count += 1
          if (failing.examples.length < examplesMax) failing.examples.push(page.url)
        }
      }
      const reason = page.inSitemap ? misplacementOf(page, now) : null
      if (reason && reason !== 'unknown' && misplaced.length < misplacedMax)
        misplaced.push({ url: page.url, reason, status: version.status })
    },
    facts: () => ({
      noindexed,
      unclear,
      versions: hasVersions ? versions : new Map<string, VersionedPage>(),
      coverage: { reached, failing },
      misplaced,
      running: running.facts(),
    }),
  }
}

/** What keeps a page from belonging into a sitemap; null: nothing does. */
export function misplacementOf(page: PageObservation, now: Date): Misplacement | 'unknown' | null {
  if (isUnknown(page)) return 'unknown'
  if (redirectCount(page) > 0) return 'redirects'
  const content = contentOf(page)
  if (content === 'gone') return 'gone'
  if (content === 'unknown') return 'unknown'
  return noindexReasons(page.directives, googlebot, now).length > 0 ? 'noindex' : null
}

const noAlternates: VersionedPage['alternates'] = []

/** A page as the judgement of language versions knows it. */
export function versionedPage(page: PageObservation, now: Date): VersionedPage {
  const isContent = contentOf(page) === 'content'
  const [firstHop] = page.hops
  // Of a page that was cut off nobody knows what else it names.
  const isUnseen = isUnknown(page) || page.truncated
  return {
    url: page.url,
    status: isUnseen ? null : redirectCount(page) > 0 ? (firstHop?.status ?? null) : page.status,
    noindex: isContent && noindexReasons(page.directives, googlebot, now).length > 0,
    isDuplicate: page.canonicals.some(({ url }) => url !== null && url !== page.url),
    alternates: page.alternates.length === 0 ? noAlternates : page.alternates,
  }
}
