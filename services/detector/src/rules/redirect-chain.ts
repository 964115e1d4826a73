import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { redirectChain as spec } from '@tocsin/contract/rules/redirect-chain'
import type { PageObservation } from '../crawler/observation.ts'
import { type Seen, seenAs, shortName } from './answer.ts'
import { severityAt } from './importance.ts'
import { answerOnPage } from './page-answer.ts'
import { lookAtWays, WayFacts, wayFacts, wayOf } from './redirect-answer.ts'
import { replayPages } from './template-facts.ts'
import type { PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['redirect.chain']

export const redirectChain: PageRule<'redirect.chain'> = {
  spec,
  scope: 'page',
  judge: (page, _before, context) =>
    answerOnPage(spec, page, chainOf(page, context.importance(page.url), context.config['redirect.chain']), context),
  lookAgain: (finding, probes, context) =>
    lookAtWays(redirectChain, finding, probes, context, (page, { importance }) =>
      chainOf(page, importance, context.config['redirect.chain']),
    ),
  replay: replayPages('redirect.chain', (evidence, { config }) =>
    reweigh(WayFacts, evidence, (facts) => weigh(facts, config['redirect.chain'])),
  ),
}

function weigh(facts: WayFacts, { hopsMin }: Config): Weighed {
  const way = wayOf(facts, hopsMin)
  if (way === 'long') return bad(severityAt('low', facts.importance))
  // A way without an end is the matter of redirect.loop.
  return way === 'short' ? ok : unknown
}

function chainOf(page: PageObservation, importance: number, config: Config): Seen {
  const facts = wayFacts(page, importance)
  return seenAs(weigh(facts, config), facts, () => ({
    title: `${spec.title}: ${shortName(page.url)}`,
    description: `${page.url} takes ${facts.redirects} redirects to arrive at ${page.finalUrl}.`,
  }))
}
