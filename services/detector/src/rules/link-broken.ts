import { linkBroken as spec } from '@tocsin/contract/rules/link-broken'
import { z } from 'zod'
import type { CrawlSummary, LinkTarget, PageObservation } from '../crawler/observation.ts'
import { isRateLimit } from '../judges/challenge.ts'
import { templateOf } from '../judges/url-template.ts'
import { answer, type Evidence, type Seen, seenAs, shortName, watchedSubjects } from './answer.ts'
import { readForGooglebot } from './googlebot.ts'
import { evidenceOf, lookAtPages } from './page-answer.ts'
import { PageFacts } from './page-facts.ts'
import type { LookTarget, SiteRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const sourcesMax = 5

const Facts = PageFacts.extend({
  /** Pages that link to it, a few of them, and how many there are. */
  sources: z.array(z.string()),
  inlinks: z.number().int(),
})
type Facts = z.infer<typeof Facts>

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
    lookAtPages(linkBroken, finding, probes, context, (page, { evidence }) =>
      // The last scan knows who links here; a single look cannot see it.
      targetOf(page, evidence, context.pages.get(page.url)?.inlinks === 0),
    ),
  replay: (evidence) => reweigh(Facts, evidence, weigh),
}

/** A server error is the fault of the target alone, and http.5xx tells of it. */
const isBroken = (status: number): boolean => status >= 400 && status < 500 && !isRateLimit(status)

const lookAt = (url: string): LookTarget => ({ kind: 'target', urls: [url] })

function weigh({ status, fault, inlinks }: Facts): Weighed {
  if (inlinks === 0) return ok
  if (fault !== null || status === null) return unknown
  if (isBroken(status)) return bad('medium')
  return status >= 200 && status < 300 ? ok : unknown
}

const brokenBy = ({ url, status, sources, inlinks }: Omit<LinkTarget, 'inSitemap'>): Seen =>
  judged({ url, status, fault: null, hops: [], sources: sources.slice(0, sourcesMax), inlinks })

function judged(facts: Facts): Seen {
  const { url, status, sources, inlinks } = facts
  return seenAs(weigh(facts), facts, () => {
    const others = inlinks > 1 ? ` and ${inlinks - 1} more ${inlinks === 2 ? 'page' : 'pages'}` : ''
    return {
      title: `${spec.title}: ${shortName(url)}`,
      description: `${sources[0] ?? 'A page'}${others} ${inlinks > 1 ? 'link' : 'links'} to ${url}, which answers with status ${status}.`,
    }
  })
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
  // In a trap not every page is looked at, and those that are not may link to it or be it.
  if (isGone && summary.traps.includes(templateOf(url))) return []
  // What crawlers may not visit is not counted, linked or not.
  if (isGone && readForGooglebot(summary.robots)?.match(url).allowed !== true) return []
  return [answer(spec, url, { level: 'ok', evidence: { url, inlinks: inlinks ?? 0 } }, lookAt(url))]
}

function targetOf(page: PageObservation, before: Evidence, isUnlinked: boolean): Seen {
  const known = Facts.safeParse(before).data
  return judged({ ...evidenceOf(page), sources: known?.sources ?? [], inlinks: isUnlinked ? 0 : (known?.inlinks ?? 1) })
}
