import { linkBroken as spec } from '@tocsin/contract/rules/link-broken'
import type { CrawlSummary, LinkTarget, PageObservation } from '../crawler/observation.ts'
import { isRateLimit } from '../judges/challenge.ts'
import { answer, type Evidence, type Seen, shortName, watchedSubjects } from './answer.ts'
import { readForGooglebot } from './googlebot.ts'
import { evidenceOf, lookAtPages, notMeasured } from './page-answer.ts'
import type { LookTarget, SiteRule, Verdict } from './verdict.ts'

export const linkBroken: SiteRule<'link.broken'> = {
  spec,
  scope: 'site',
  judge({ summary }, context) {
    const broken = summary.linkTargets.filter(({ status, inlinks }) => isBroken(status) && inlinks > 0)
    const told = new Set(broken.map((target) => target.url))
    const waiting = watchedSubjects(spec, context).filter((url) => !told.has(url))
    return [
      ...broken.map((target) => answer(spec, target.url, brokenBy(target), lookAt(target.url))),
      ...waiting.flatMap((url) => answerWithout(url, summary)),
    ]
  },
  lookAgain: (finding, probes, context) =>
    lookAtPages(spec, finding, probes, context, (page) =>
      // The last scan knows who links here; a single look cannot see it.
      targetOf(page, finding.evidence, context.pages.get(page.url)?.inlinks === 0),
    ),
}

/** A server error is the fault of the target alone, and http.5xx tells of it. */
const isBroken = (status: number): boolean => status >= 400 && status < 500 && !isRateLimit(status)

const lookAt = (url: string): LookTarget => ({ kind: 'target', urls: [url] })

function brokenBy({ url, status, sources, inlinks }: Omit<LinkTarget, 'inSitemap'>): Seen {
  const [source] = sources
  const others = inlinks > 1 ? ` and ${inlinks - 1} more ${inlinks === 2 ? 'page' : 'pages'}` : ''
  return {
    level: 'bad',
    severity: 'medium',
    title: `${spec.title}: ${shortName(url)}`,
    description: `${source ?? 'A page'}${others} ${inlinks > 1 ? 'link' : 'links'} to ${url}, which answers with status ${status}.`,
    evidence: { url, status, sources, inlinks },
  }
}

/**
 * A target that somebody waits for and that was not found broken: nobody links to it any more, or it answered. Where the scan cannot
 * tell, nothing is said, and the target is then asked for directly.
 */
function answerWithout(url: string, summary: CrawlSummary): Verdict[] {
  if (!summary.complete || summary.stopped !== 'done') return []
  const inlinks = summary.inlinks.get(url)
  const isGone = inlinks === undefined || inlinks === 0
  if (!isGone && summary.unknownPages > 0) return []
  // What crawlers may not visit is not counted, linked or not.
  if (isGone && readForGooglebot(summary.robots)?.match(url).allowed !== true) return []
  return [answer(spec, url, { level: 'ok', evidence: { url, inlinks: inlinks ?? 0 } }, lookAt(url))]
}

function targetOf(page: PageObservation, before: Evidence, isUnlinked: boolean): Seen {
  const { status, fault, url } = page
  if (isUnlinked) return { level: 'ok', evidence: { ...evidenceOf(page), inlinks: 0 } }
  if (fault === null && status !== null && isBroken(status)) {
    const { sources, inlinks } = before
    const known = Array.isArray(sources) ? sources.filter((each) => typeof each === 'string') : []
    return brokenBy({ url, status, sources: known, inlinks: typeof inlinks === 'number' ? inlinks : 1 })
  }
  const answers = fault === null && status !== null && status >= 200 && status < 300
  return answers ? { level: 'ok', evidence: evidenceOf(page) } : notMeasured(page)
}
