import { idxRobotsChanged } from '@tocsin/contract/rules/idx-robots-changed'
import { idxRobotsUnreachable } from '@tocsin/contract/rules/idx-robots-unreachable'
import type { CrawlSummary, PageObservation, RobotsObservation } from '../crawler/observation.ts'
import { scoredHeaders } from '../judges/headers-score.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { coverageToKeep } from './crawl-fail.ts'
import { rememberFiles } from './file-memory.ts'
import { googlebot, readForGooglebot, rulesOf, speaksFor } from './googlebot.ts'
import { bestOf } from './hdr-regress.ts'
import { contentOf, redirectCount } from './page-answer.ts'
import type { PageMemory } from './page-memory.ts'
import { rememberRunning } from './running-memory.ts'
import type { RobotsRules, SiteMemory } from './site-memory.ts'
import { type JudgeContext, type SiteObservation, type WatchList, watchKey } from './verdict.ts'

type PageRemembering = Pick<JudgeContext, 'now' | 'robots' | 'importance'>

/** What is kept of a page. Good news is kept at once; a fault leaves what the page was when it was well, and one of day one is how it is. */
export function rememberPage(before: PageMemory | null, page: PageObservation, context: PageRemembering): PageMemory {
  const isWell = page.status === 200 && page.fault === null && redirectCount(page) === 0
  const content = contentOf(page)
  const saysNoindex = content === 'content' && noindexReasons(page.directives, googlebot, context.now).length > 0
  return {
    status: page.status ?? before?.status ?? null,
    lastOkAt: isWell ? context.now.toISOString() : (before?.lastOkAt ?? null),
    indexable: (content === 'content' && !saysNoindex) || (before?.indexable ?? false),
    allowedByRobots: isAllowed(page.url, context) || (before?.allowedByRobots ?? false),
    noindex: content === 'unknown' ? (before?.noindex ?? false) : saysNoindex,
    inlinks: page.inlinks,
    inSitemap: page.inSitemap,
    importance: context.importance(page.url),
  }
}

/** An unreadable robots.txt says nothing; one of another host says nothing about this page, which was visited all the same. */
function isAllowed(url: string, { robots }: PageRemembering): boolean {
  if (!robots || !speaksFor(robots, url)) return true
  return readForGooglebot(robots)?.match(url).allowed ?? false
}

/** What is kept of the site, for the next scan and for the looks before it to compare with. */
export function rememberSite(
  before: SiteMemory,
  seen: SiteObservation,
  context: Pick<JudgeContext, 'siteUrl' | 'now' | 'watched' | 'accepted' | 'config'>,
): SiteMemory {
  const { summary } = seen
  const { robots } = summary
  // If nobody waits for it any more, it was well in between.
  const since = context.watched.has(watchKey(idxRobotsUnreachable.id, robots.host)) ? before.robotsUnreachableSince : null
  const unreachableSince = robots.availability === 'unreachable' ? (since ?? context.now.toISOString()) : null
  return {
    robotsRules: rulesToKeep(before.robotsRules, robots, context.watched),
    robotsUnreachableSince: robots.availability === 'unknown' ? since : unreachableSince,
    headerBaseline: bestHeaders(before.headerBaseline, summary),
    coverage: coverageToKeep(before.coverage, seen, context),
    running: rememberRunning(before.running, seen.survey.running, {
      now: context.now,
      isComplete: summary.complete,
      accepted: context.accepted,
    }),
    files: rememberFiles(before.files, seen.files, context),
  }
}

/** A change that nobody has acknowledged yet is still a change in the next scan: the rules before it are kept. */
function rulesToKeep(before: RobotsRules | null, robots: RobotsObservation, watched: WatchList): RobotsRules | null {
  const isSeen = watched.get(watchKey(idxRobotsChanged.id, robots.host)) === 'acknowledged'
  return before === null || isSeen ? (rulesOf(robots) ?? before) : before
}

/** Per host and header the best that was ever seen. */
function bestHeaders(before: SiteMemory['headerBaseline'], { headerSamples }: CrawlSummary): SiteMemory['headerBaseline'] {
  const baseline = { ...before }
  for (const [host, samples] of Map.groupBy(headerSamples, (sample) => sample.host)) {
    const modifiers = { ...baseline[host] }
    for (const header of scoredHeaders) {
      const best = bestOf(samples, header)?.modifier
      if (best !== undefined) modifiers[header] = Math.max(best, modifiers[header] ?? best)
    }
    baseline[host] = modifiers
  }
  return baseline
}
