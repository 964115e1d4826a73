import { Severity } from '@tocsin/contract/rule'
import { libVuln as spec } from '@tocsin/contract/rules/lib-vuln'
import { z } from 'zod'
import type { FoundLibrary } from '../judges/page-running.ts'
import { type Seen, seenAs } from './answer.ts'
import { answerOnSeen, lookForSeen } from './running-answer.ts'
import type { SiteRule } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

const Facts = z.object({
  library: z.string(),
  version: z.string(),
  script: z.string(),
  advisories: z.array(z.object({ id: z.string(), severity: Severity })),
  urls: z.array(z.string()),
  pages: z.number().int(),
})
type Facts = z.infer<typeof Facts>

export const libVuln: SiteRule<'lib.vuln'> = {
  spec,
  scope: 'site',
  judge(seen, context) {
    const found = [...seen.survey.running.libraries].map(([subject, { found: library, urls, pages }]) => ({
      subject,
      seen: judged(factsOf(library, urls, pages)),
      urls,
    }))
    return answerOnSeen(spec, found, seen, context)
  },
  lookAgain: (finding, probes, context) =>
    lookForSeen(spec, finding, probes, context, (page) => {
      const library = page.running?.libraries.find((each) => `${each.library}@${each.version}` === finding.subject)
      return library ? judged(factsOf(library, [page.url], 1)) : null
    }),
  replay: (evidence) => reweigh(Facts, evidence, weigh),
}

const factsOf = ({ library, version, script, advisories }: FoundLibrary, urls: readonly string[], pages: number): Facts => ({
  library,
  version,
  script,
  advisories: [...advisories],
  urls: [...urls],
  pages,
})

/** Whoever wants to use a weakness of a library needs a second one on the page: so none is critical. */
function weigh({ advisories }: Facts): Weighed {
  const worst = Severity.options.find((severity) => advisories.some((each) => each.severity === severity))
  if (worst === undefined) return ok
  return bad(worst === 'critical' ? 'high' : worst)
}

const judged = (facts: Facts): Seen =>
  seenAs(weigh(facts), facts, () => ({
    title: `${spec.title}: ${facts.library} ${facts.version}`,
    description: `${facts.urls[0] ?? ''} loads ${facts.script}, which is ${facts.library} ${facts.version}: ${facts.advisories.map(({ id }) => id).join(', ')}.`,
  }))
