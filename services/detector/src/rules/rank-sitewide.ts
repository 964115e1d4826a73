import { rankSitewide as spec } from '@tocsin/contract/rules/rank-sitewide'
import { isVolatile, SitewideFacts, weighSitewide } from '../judges/ranking-moves.ts'
import { verdictsOf } from './ranking-answer.ts'
import { rankingFalls, sitewideSubject } from './ranking-falls.ts'
import type { DataRule } from './verdict.ts'
import { reweigh } from './weigh.ts'

/** Keywords that are named in the evidence. */
const namedMax = 50

export const rankSitewide: DataRule<'rank.sitewide'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const { sitewide, fallen } = await rankingFalls(sql, context)
    const { facts, weighed } = sitewide
    const volatile = isVolatile(facts, context.config[spec.id])
    const subject = sitewideSubject(context)
    const share = Math.round((100 * (facts.open ? facts.down : facts.tripped)) / Math.max(1, facts.judged))
    const words = () => ({
      title: volatile
        ? `SERP volatility: ${share} % of keywords are down`
        : `Rankings fell across the site: ${share} % of keywords`,
      description: `${facts.open ? facts.down : facts.tripped} of ${facts.judged} keywords that could be judged are down${
        volatile ? ', and competitors moved as much' : ''
      }. No threat is told for each of them.`,
    })
    return verdictsOf(spec, context, [
      { subject, weighed, evidence: { ...facts, volatile, keywords: fallen.slice(0, namedMax) }, words },
    ])
  },
  replay: (evidence, { config, now }) => reweigh(SitewideFacts, evidence, (facts) => weighSitewide(facts, config[spec.id], now)),
}
