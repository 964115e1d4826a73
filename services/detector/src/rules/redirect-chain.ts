import { redirectChain as spec } from '@tocsin/contract/rules/redirect-chain'
import type { PageObservation } from '../crawler/observation.ts'
import { type Seen, shortName } from './answer.ts'
import { severityAt } from './importance.ts'
import { answerOnPage, redirectCount } from './page-answer.ts'
import { lookAtWays, wayEvidence, wayOf } from './redirect-answer.ts'
import type { PageRule } from './verdict.ts'

export const redirectChain: PageRule<'redirect.chain'> = {
  spec,
  scope: 'page',
  judge(page, _before, context) {
    const seen = chainOf(page)
    const severity = severityAt('low', context.importance(page.url))
    return answerOnPage(spec, page, seen.level === 'bad' ? { ...seen, severity } : seen, context)
  },
  lookAgain: (finding, probes, context) => lookAtWays(spec, finding, probes, context, chainOf),
}

function chainOf(page: PageObservation): Seen {
  const way = wayOf(page)
  const evidence = wayEvidence(page)
  if (way === 'short') return { level: 'ok', evidence }
  // A way without an end is the matter of redirect.loop.
  if (way !== 'long') return { level: 'unknown', evidence }
  return {
    level: 'bad',
    severity: 'low',
    title: `${spec.title}: ${shortName(page.url)}`,
    description: `${page.url} takes ${redirectCount(page)} redirects to arrive at ${page.finalUrl}.`,
    evidence,
  }
}
