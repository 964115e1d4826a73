import type { Severity } from '@tocsin/contract/rule'
import { mixed as spec } from '@tocsin/contract/rules/mixed'
import type { PageObservation } from '../crawler/observation.ts'
import type { MixedItem } from '../judges/mixed-content.ts'
import { type Seen, shortName } from './answer.ts'
import { severityAt } from './importance.ts'
import { answerOnPage, contentOf, evidenceOf, lookAtPages, notMeasured } from './page-answer.ts'
import type { PageRule } from './verdict.ts'

/** Worst first. */
const kinds = [
  { kind: 'active', severity: 'high', words: 'loads scripts, styles or frames over plain http, which browsers block' },
  { kind: 'form', severity: 'medium', words: 'sends a form over plain http, where what visitors type can be read on the way' },
  { kind: 'passive', severity: 'low', words: 'loads images or media over plain http' },
] as const satisfies readonly { kind: MixedItem['kind']; severity: Severity; words: string }[]

export const mixed: PageRule<'mixed'> = {
  spec,
  scope: 'page',
  judge(page, _before, context) {
    const seen = mixedOf(page)
    if (seen.level !== 'bad') return answerOnPage(spec, page, seen, context)
    return answerOnPage(spec, page, { ...seen, severity: severityAt(seen.severity, context.importance(page.url)) }, context)
  },
  lookAgain: (finding, probes, context) => lookAtPages(spec, finding, probes, context, mixedOf),
}

function mixedOf(page: PageObservation): Seen {
  const content = contentOf(page)
  if (content === 'unknown') return notMeasured(page)
  const evidence = { ...evidenceOf(page), items: page.mixed }
  const worst = kinds.find(({ kind }) => page.mixed.some((item) => item.kind === kind))
  // What was cut off may hold what was there before.
  if (!worst) return { level: page.truncated ? 'unknown' : 'ok', evidence }
  const example = page.mixed.find((item) => item.kind === worst.kind)
  return {
    level: 'bad',
    severity: worst.severity,
    title: `${spec.title}: ${shortName(page.url)}`,
    description: `${page.url} ${worst.words}, for example ${example?.url ?? ''}.`,
    evidence,
  }
}
