import { redirectLoop as spec } from '@tocsin/contract/rules/redirect-loop'
import type { PageObservation } from '../crawler/observation.ts'
import { type Seen, shortName } from './answer.ts'
import { severityAt } from './importance.ts'
import { answerOnPage, redirectCount } from './page-answer.ts'
import { lookAtWays, wayEvidence, wayOf } from './redirect-answer.ts'
import type { PageRule } from './verdict.ts'

export const redirectLoop: PageRule<'redirect.loop'> = {
  spec,
  scope: 'page',
  judge(page, _before, context) {
    const seen = loopOf(page)
    const severity = severityAt('high', context.importance(page.url))
    return answerOnPage(spec, page, seen.level === 'bad' ? { ...seen, severity } : seen, context)
  },
  lookAgain: (finding, probes, context) => lookAtWays(spec, finding, probes, context, loopOf),
}

function loopOf(page: PageObservation): Seen {
  const way = wayOf(page)
  const evidence = wayEvidence(page)
  if (way === 'short') return { level: 'ok', evidence }
  // A way that has become a long one is better than no way, but not yet over.
  if (way !== 'endless') return { level: 'unknown', evidence }
  const end =
    page.fault === 'redirect_loop'
      ? `comes back to ${page.finalUrl}, where it has been before`
      : `has not arrived after ${redirectCount(page)} redirects`
  return {
    level: 'bad',
    severity: 'high',
    title: `${spec.title}: ${shortName(page.url)}`,
    description: `Whoever follows the redirects of ${page.url} ${end}.`,
    evidence,
  }
}
