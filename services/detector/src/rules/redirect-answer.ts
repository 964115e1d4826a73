import { z } from 'zod'
import type { PageObservation } from '../crawler/observation.ts'
import type { Probes } from '../probes/probes.ts'
import type { Seen } from './answer.ts'
import { evidenceOf, lookAtPages, redirectCount, type Told } from './page-answer.ts'
import { Importance, PageFacts } from './page-facts.ts'
import type { Finding, LookContext, Rule, Verdict } from './verdict.ts'

export const WayFacts = PageFacts.extend({ redirects: z.number().int(), importance: Importance })
export type WayFacts = z.infer<typeof WayFacts>

export const wayFacts = (page: PageObservation, importance: number): WayFacts => ({
  ...evidenceOf(page),
  redirects: redirectCount(page),
  importance,
})

/** Where an address leads. `unclear`: the way could not be followed to its end. */
export type Way = 'short' | 'long' | 'endless' | 'unclear'

/** @param longFrom two redirects are common (to https, then to the right host); from so many on somebody has piled them up */
export function wayOf({ fault, status, redirects }: WayFacts, longFrom: number): Way {
  if (fault === 'redirect_loop' || fault === 'redirect_limit') return 'endless'
  if (redirects >= longFrom) return 'long'
  return fault === null && status !== null ? 'short' : 'unclear'
}

/** A way is bad when it is so without cookies, as crawlers go it, and with them, as browsers do: some sites ask a visitor to come back with one. */
export function lookAtWays(
  rule: Pick<Rule, 'spec' | 'replay'>,
  finding: Finding,
  probes: Probes,
  context: LookContext,
  judge: (page: PageObservation, told: Told) => Seen,
): Promise<Verdict> {
  return lookAtPages(rule, finding, probes, context, async (page, told) => {
    const crawler = judge(page, told)
    if (crawler.level !== 'bad') return crawler
    const visitor = judge(await probes.pageWithCookies(page.requestedUrl, context.signal), told)
    return visitor.level === 'bad' ? crawler : visitor
  })
}
