import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { spamCloak as spec } from '@tocsin/contract/rules/spam-cloak'
import { z } from 'zod'
import { type CloakReason, type CloakRound, cloakOf, VariantFacts } from '../judges/cloak.ts'
import { answer, isWatched, type Seen, seenAs, shortName, watchedSubjects } from './answer.ts'
import { askAsOthers } from './cloak-round.ts'
import type { SiteRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['spam.cloak']

const Facts = z.object({ url: z.string(), variants: z.array(VariantFacts) })
type Facts = z.infer<typeof Facts>

export const spamCloak: SiteRule<'spam.cloak'> = {
  spec,
  scope: 'site',
  judge({ cloaks }, context) {
    const judgedUrls = new Set(cloaks.map(({ url }) => url))
    const verdicts = cloaks.flatMap((round) => {
      const seen = judged(round, context.config[spec.id])
      const isWanted = seen.level === 'bad' || isWatched(spec, round.url, context)
      return isWanted ? [answer(spec, round.url, seen, { kind: 'page', urls: [round.url] })] : []
    })
    // Not every page is asked for in every scan.
    const others = watchedSubjects(spec, context).filter((url) => !judgedUrls.has(url))
    return [
      ...verdicts,
      ...others.map((url) => answer(spec, url, { level: 'unknown', evidence: { url } }, { kind: 'page', urls: [url] })),
    ]
  },
  async lookAgain(finding, probes, context) {
    const round = await askAsOthers(finding.subject, probes, context.signal)
    return answer(spec, finding.subject, judged(round, context.config[spec.id]), finding.look)
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

function weigh({ variants }: Facts, config: Config): Weighed {
  const reason = cloakOf(variants, config)
  if (reason === 'unknown') return unknown
  return reason === null ? ok : bad('critical')
}

const words = {
  other_text: 'gets another text',
  spam_terms: 'gets words of spam that others do not',
  hidden_links: 'gets hidden links that others do not',
  redirect: 'is led to another domain',
} as const satisfies Record<CloakReason, string>

function judged({ url, variants }: CloakRound, config: Config): Seen {
  const facts: Facts = { url, variants: [...variants] }
  return seenAs(weigh(facts, config), facts, () => {
    const reason = cloakOf(facts.variants, config)
    const what = reason === null || reason === 'unknown' ? '' : words[reason]
    return {
      title: `${spec.title}: ${shortName(url)}`,
      description: `Of our own crawler, Googlebot and a visitor from a search, one ${what} at ${url}.`,
    }
  })
}
