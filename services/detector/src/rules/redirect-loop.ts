import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { redirectLoop as spec } from '@tocsin/contract/rules/redirect-loop'
import type { PageObservation } from '../crawler/observation.ts'
import { type Seen, seenAs, shortName } from './answer.ts'
import { severityAt } from './importance.ts'
import { answerOnPage } from './page-answer.ts'
import { lookAtWays, WayFacts, wayFacts, wayOf } from './redirect-answer.ts'
import { replayPages } from './template-facts.ts'
import type { PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['redirect.loop']

/** Whoever arrives after two redirects at most is well: a long way is better than none, but not yet over. */
const longFrom = 3

export const redirectLoop: PageRule<'redirect.loop'> = {
  spec,
  scope: 'page',
  judge: (page, _before, context) =>
    answerOnPage(spec, page, loopOf(page, context.importance(page.url), context.config['redirect.loop']), context),
  lookAgain: (finding, probes, context) =>
    lookAtWays(redirectLoop, finding, probes, context, (page, { importance }) =>
      loopOf(page, importance, context.config['redirect.loop']),
    ),
  replay: replayPages('redirect.loop', (evidence, { config }) =>
    reweigh(WayFacts, evidence, (facts) => weigh(facts, config['redirect.loop'])),
  ),
}

function weigh(facts: WayFacts, { hopsMax }: Config): Weighed {
  const way = wayOf(facts, longFrom)
  if (way === 'endless' || facts.redirects > hopsMax) return bad(severityAt('high', facts.importance))
  return way === 'short' ? ok : unknown
}

function loopOf(page: PageObservation, importance: number, config: Config): Seen {
  const facts = wayFacts(page, importance)
  return seenAs(weigh(facts, config), facts, () => {
    const end =
      page.fault === 'redirect_loop'
        ? `comes back to ${page.finalUrl}, where it has been before`
        : page.fault === 'redirect_limit'
          ? `has not arrived after ${facts.redirects} redirects`
          : `arrives only after ${facts.redirects} redirects`
    return {
      title: `${spec.title}: ${shortName(page.url)}`,
      description: `Whoever follows the redirects of ${page.url} ${end}.`,
    }
  })
}
