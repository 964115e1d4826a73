import type { Severity } from '@tocsin/contract/rule'
import { mixed as spec } from '@tocsin/contract/rules/mixed'
import { z } from 'zod'
import type { PageObservation } from '../crawler/observation.ts'
import type { MixedItem } from '../judges/mixed-content.ts'
import { type Seen, seenAs, shortName } from './answer.ts'
import { severityAt } from './importance.ts'
import { answerOnPage, contentOf, evidenceOf, lookAtPages } from './page-answer.ts'
import { answeredOf, Importance, PageFacts } from './page-facts.ts'
import { replayPages } from './template-facts.ts'
import type { PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const Facts = PageFacts.extend({
  items: z.array(z.object({ kind: z.enum(['active', 'passive', 'form']), tag: z.string(), url: z.string() })),
  /** What was cut off may hold what was there before. */
  truncated: z.boolean(),
  importance: Importance,
})
type Facts = z.infer<typeof Facts>

/** Worst first. */
const kinds = [
  { kind: 'active', severity: 'high', words: 'loads scripts, styles or frames over plain http, which browsers block' },
  { kind: 'form', severity: 'medium', words: 'sends a form over plain http, where what visitors type can be read on the way' },
  { kind: 'passive', severity: 'low', words: 'loads images or media over plain http' },
] as const satisfies readonly { kind: MixedItem['kind']; severity: Severity; words: string }[]

const worstOf = (items: Facts['items']) => kinds.find(({ kind }) => items.some((item) => item.kind === kind))

export const mixed: PageRule<'mixed'> = {
  spec,
  scope: 'page',
  judge: (page, _before, context) => answerOnPage(spec, page, mixedOf(page, context.importance(page.url)), context),
  lookAgain: (finding, probes, context) =>
    lookAtPages(mixed, finding, probes, context, (page, { importance }) => mixedOf(page, importance)),
  replay: replayPages('mixed', (evidence) => reweigh(Facts, evidence, weigh)),
}

function weigh(facts: Facts): Weighed {
  if (contentOf(answeredOf(facts)) === 'unknown') return unknown
  const worst = worstOf(facts.items)
  if (worst) return bad(severityAt(worst.severity, facts.importance))
  return facts.truncated ? unknown : ok
}

function mixedOf(page: PageObservation, importance: number): Seen {
  const { truncated } = page
  const facts: Facts = { ...evidenceOf(page), items: [...page.mixed], truncated, importance }
  return seenAs(weigh(facts), facts, () => {
    const worst = worstOf(facts.items)
    const example = facts.items.find((item) => item.kind === worst?.kind)
    return {
      title: `${spec.title}: ${shortName(page.url)}`,
      description: `${page.url} ${worst?.words ?? ''}, for example ${example?.url ?? ''}.`,
    }
  })
}
