import { type Severity, severities } from '@tocsin/contract/rule'
import { type RuleId, ruleSpec } from '@tocsin/contract/rules/catalog'
import type { PlacedPage } from './page-store.ts'
import { ofTemplate, type TemplateFacts, tripsTemplate } from './rules/template-facts.ts'
import { type Verdict, type WatchList, watchKey } from './rules/verdict.ts'

export type { PlacedPage }

export interface PageVerdict {
  readonly page: PlacedPage
  readonly verdict: Verdict
}

/** Pages that a template threat names; it counts all. */
const pagesNamed = 100

/**
 * Puts a template in the place of its pages when one rule trips on many of them. Pages that somebody already waits for keep their own
 * answer, and a template that somebody waits for is bad until its last page is well.
 */
export function groupTemplates(input: {
  rule: RuleId
  verdicts: readonly PageVerdict[]
  pages: { values(): Iterable<PlacedPage> }
  watched: WatchList
  baseline: boolean
}): Verdict[] {
  const { rule, verdicts, watched } = input
  const unclear = new Set(verdicts.filter((each) => each.verdict.level === 'unknown').map((each) => each.page.template))
  const isBadPage = ({ page, verdict }: PageVerdict) => verdict.level === 'bad' && verdict.subject === page.url
  const badByTemplate = Map.groupBy(verdicts.filter(isBadPage), ({ page }) => page.template)
  const grouped = new Map<string, Verdict>()
  for (const [template, pagesSeen] of Map.groupBy(input.pages.values(), (page) => page.template)) {
    const bad = badByTemplate.get(template) ?? []
    const verdict = verdictOfTemplate({ ...input, template, pagesSeen, bad, unclear: unclear.has(template) })
    if (verdict) grouped.set(template, verdict)
  }
  const single = verdicts.filter((each) => {
    if (watched.has(watchKey(rule, each.verdict.subject))) return true
    return each.verdict.level === 'bad' && !(isBadPage(each) && grouped.get(each.page.template)?.level === 'bad')
  })
  return [...single.map((each) => each.verdict), ...grouped.values()]
}

function verdictOfTemplate(input: {
  rule: RuleId
  template: string
  pagesSeen: readonly PlacedPage[]
  bad: readonly PageVerdict[]
  unclear: boolean
  watched: WatchList
  baseline: boolean
}): Verdict | null {
  const { rule, template, pagesSeen, bad } = input
  const isWatched = input.watched.has(watchKey(rule, template))
  const [worst] = bad.toSorted((a, b) => rank(a.verdict.severity) - rank(b.verdict.severity))
  if (worst && (isWatched || tripsTemplate(rule, bad.length, pagesSeen.length))) return badTemplate(worst, isWatched, input)
  if (!isWatched) return null
  const measured = pagesSeen.filter((page) => page.status !== null)
  const level = measured.length === pagesSeen.length && !input.unclear ? 'ok' : 'unknown'
  return {
    rule,
    subject: template,
    level,
    severity: 'low',
    title: '',
    description: '',
    evidence: { template, pagesSeen: pagesSeen.length, pagesMeasured: measured.length },
    look: { kind: 'page', urls: pagesSeen.slice(0, 2).map((page) => page.url) },
  }
}

function badTemplate(worst: PageVerdict, waitedFor: boolean, input: Parameters<typeof verdictOfTemplate>[0]): Verdict {
  const { rule, template, pagesSeen, bad, baseline } = input
  const second = bad.find((each) => each !== worst) ?? worst
  const { severity, title, description } = worst.verdict
  const facts: TemplateFacts = {
    template,
    pagesBad: bad.length,
    pagesSeen: pagesSeen.length,
    waitedFor,
    baseline,
    example: worst.verdict.evidence,
  }
  return {
    rule,
    subject: template,
    level: 'bad',
    severity: ofTemplate(rule, severity, baseline),
    title: `${ruleSpec(rule)?.title ?? title} (${bad.length} pages)`,
    description: `${bad.length} of ${pagesSeen.length} pages like ${template}. For example ${worst.page.url}: ${description}`,
    evidence: { ...facts, pages: bad.slice(0, pagesNamed).map((each) => each.page.url) },
    look: {
      kind: worst.verdict.look.kind,
      urls: [...new Set([worst, second].flatMap((each) => each.verdict.look.urls.slice(0, 1)))],
    },
  }
}

const rank = (severity: Severity): number => severities.indexOf(severity)

/** The watch list as page rules see it: who waits for a template waits for each of its pages. */
export function watchingPages(watched: WatchList, pages: { values(): Iterable<PlacedPage> }): WatchList {
  const wider = new Map(watched)
  const byTemplate = Map.groupBy(pages.values(), (page) => page.template)
  for (const [key, watch] of watched) {
    const space = key.indexOf(' ')
    const rule = key.slice(0, space)
    for (const page of byTemplate.get(key.slice(space + 1)) ?? []) {
      const pageKey = watchKey(rule, page.url)
      if (!wider.has(pageKey)) wider.set(pageKey, watch)
    }
  }
  return wider
}
