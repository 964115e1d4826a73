import type { RuleSpec } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import type { PageObservation } from '../crawler/observation.ts'
import type { Probes } from '../probes/probes.ts'
import type { Evidence, Seen } from './answer.ts'
import { evidenceOf, lookAtPages, redirectCount } from './page-answer.ts'
import type { Finding, LookContext, Verdict } from './verdict.ts'

/** Where an address leads. `unclear`: the way could not be followed to its end. */
export type Way = 'short' | 'long' | 'endless' | 'unclear'

/** Two redirects are common (to https, then to the right host); from three on somebody has piled them up. */
const chainFrom = 3

export function wayOf(page: PageObservation): Way {
  if (page.fault === 'redirect_loop' || page.fault === 'redirect_limit') return 'endless'
  if (redirectCount(page) >= chainFrom) return 'long'
  return page.fault === null && page.status !== null ? 'short' : 'unclear'
}

export const wayEvidence = (page: PageObservation): Evidence => ({ ...evidenceOf(page), redirects: redirectCount(page) })

/** A way is bad when it is so without cookies, as crawlers go it, and with them, as browsers do: some sites ask a visitor to come back with one. */
export function lookAtWays(
  spec: RuleSpec<RuleId>,
  finding: Finding,
  probes: Probes,
  context: LookContext,
  judge: (page: PageObservation) => Seen,
): Promise<Verdict> {
  return lookAtPages(spec, finding, probes, context, async (page) => {
    const crawler = judge(page)
    if (crawler.level !== 'bad') return crawler
    const visitor = judge(await probes.pageWithCookies(page.requestedUrl, context.signal))
    return visitor.level === 'bad' ? crawler : visitor
  })
}
