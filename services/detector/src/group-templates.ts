import { type Severity, severities } from '@tocsin/contract/rule'
import { type RuleId, ruleSpec } from '@tocsin/contract/rules/catalog'
import type { PageObservation } from './crawler/observation.ts'
import { type Verdict, type WatchList, watchKey } from './rules/verdict.ts'

export interface PageVerdict {
  readonly page: PageObservation
  readonly verdict: Verdict
}

/** From here on one fault of a template is likelier than many faults of pages. */
const pagesMin = 5
const shareMin = 0.02
/** Pages that a template threat names; it counts all. */
const pagesNamed = 100

/** A template that search engines are told to drop is worse than any of its pages; but what was so on day one may well be meant so. */
const severityOfTemplate: Partial<Record<RuleId, Severity>> = { 'idx.noindex': 'critical' }

/**
 * Puts a template in the place of its pages when one rule trips on many of them. Pages that somebody already waits for keep their own
 * answer, and a template that somebody waits for is bad until its last page is well.
 */
export function groupTemplates(input: {
  rule: RuleId
  verdicts: readonly PageVerdict[]
  pages: ReadonlyMap<string, PageObservation>
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
  pagesSeen: readonly PageObservation[]
  bad: readonly PageVerdict[]
  unclear: boolean
  watched: WatchList
  baseline: boolean
}): Verdict | null {
  const { rule, template, pagesSeen, bad } = input
  const isWatched = input.watched.has(watchKey(rule, template))
  const trips = bad.length >= Math.max(pagesMin, pagesSeen.length * shareMin)
  const [first] = bad
  if (first && (trips || isWatched)) return badTemplate(first, input)
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

function badTemplate(first: PageVerdict, input: Parameters<typeof verdictOfTemplate>[0]): Verdict {
  const { rule, template, pagesSeen, bad, baseline } = input
  const worst = severities.find((severity) => bad.some((each) => each.verdict.severity === severity)) ?? first.verdict.severity
  const [, second = first] = bad
  return {
    rule,
    subject: template,
    level: 'bad',
    severity: (baseline ? undefined : severityOfTemplate[rule]) ?? worst,
    title: `${ruleSpec(rule)?.title ?? first.verdict.title} (${bad.length} pages)`,
    description: `${bad.length} of ${pagesSeen.length} pages like ${template}. For example ${first.page.url}: ${first.verdict.description}`,
    evidence: {
      template,
      pagesBad: bad.length,
      pagesSeen: pagesSeen.length,
      pages: bad.slice(0, pagesNamed).map((each) => each.page.url),
      example: first.verdict.evidence,
    },
    look: {
      kind: first.verdict.look.kind,
      urls: [...new Set([first, second].flatMap((each) => each.verdict.look.urls.slice(0, 1)))],
    },
  }
}

/** The watch list as page rules see it: who waits for a template waits for each of its pages. */
export function watchingPages(watched: WatchList, pages: ReadonlyMap<string, PageObservation>): WatchList {
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
