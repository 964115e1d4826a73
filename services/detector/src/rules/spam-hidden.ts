import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { spamHidden as spec } from '@tocsin/contract/rules/spam-hidden'
import { z } from 'zod'
import { type Seen, seenAs, shortName } from './answer.ts'
import { answerOnSeen, lookForSeen } from './running-answer.ts'
import type { SpamPage } from './running-facts.ts'
import type { RunningMemory } from './running-memory.ts'
import type { SiteRule } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

type Config = RuleConfigs['spam.hidden']

const Facts = z.object({
  url: z.string(),
  /** Domains that hidden links lead to and that were not linked so on day one, as often as they are. */
  newLinks: z.array(z.string()),
  newTerms: z.array(z.string()),
})
type Facts = z.infer<typeof Facts>

export const spamHidden: SiteRule<'spam.hidden'> = {
  spec,
  scope: 'site',
  judge(seen, context) {
    const memory = context.memory.running
    // On day one nobody knows what is new.
    if (memory === null) return []
    const config = context.config[spec.id]
    const templates = [...seen.survey.running.spam].map(([template, pages]) => {
      const facts = pages.map((page) => factsOf(page, memory)).sort((a, b) => weight(b) - weight(a))
      const [worst = { url: template, newLinks: [], newTerms: [] }] = facts
      return { subject: template, seen: judged(worst, config), urls: facts.map(({ url }) => url) }
    })
    return answerOnSeen(spec, templates, seen, context)
  },
  lookAgain: (finding, probes, context) =>
    lookForSeen(spec, finding, probes, context, (page) => {
      const { running } = context.memory
      if (!page.spam || !running) return null
      return judged(factsOf({ url: page.url, ...page.spam }, running), context.config[spec.id])
    }),
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const weight = ({ newLinks, newTerms }: Facts): number => newLinks.length + newTerms.length

const factsOf = ({ url, hiddenLinks, terms }: SpamPage, memory: RunningMemory): Facts => ({
  url,
  newLinks: hiddenLinks.filter((link) => !memory.hiddenLinks.includes(link)),
  newTerms: terms.filter((term) => !memory.terms.includes(term)),
})

const weigh = ({ newLinks, newTerms }: Facts, { linksMin, termsMin }: Config): Weighed =>
  newLinks.length >= linksMin || newTerms.length >= termsMin ? bad('high') : ok

const examplesMax = 5

const judged = (facts: Facts, config: Config): Seen =>
  seenAs(weigh(facts, config), facts, () => {
    const links = [...new Set(facts.newLinks)].slice(0, examplesMax).join(', ')
    const terms = facts.newTerms.slice(0, examplesMax).join(', ')
    return {
      title: `${spec.title}: ${shortName(facts.url)}`,
      description: `${facts.url} now holds ${[links && `links out of sight to ${links}`, terms && `the words ${terms}`].filter(Boolean).join(', and ')}.`,
    }
  })
