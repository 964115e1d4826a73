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

/** How many pages of each template a scan has seen, for all rules alike. */
export type TemplatesSeen = ReadonlyMap<string, TemplateSeen>
interface TemplateSeen {
  readonly pages: number
  readonly measured: number
  /** Two of them. */
  readonly examples: readonly string[]
}

export function templatesSeen(pages: { values(): Iterable<PlacedPage> }): TemplatesSeen {
  const seen = new Map<string, { pages: number; measured: number; examples: string[] }>()
  for (const { url, template, status } of pages.values()) {
    const known = seen.get(template) ?? { pages: 0, measured: 0, examples: [] }
    if (known.pages === 0) seen.set(template, known)
    known.pages += 1
    if (status !== null) known.measured += 1
    if (known.examples.length < 2) known.examples.push(url)
  }
  return seen
}

interface Grouping {
  readonly rule: RuleId
  readonly templates: TemplatesSeen
  readonly watched: WatchList
  readonly baseline: boolean
}

/** What is bad among the pages of one template. */
interface BadPages {
  count: number
  worst: PageVerdict
  readonly firstTwo: PageVerdict[]
  readonly urls: string[]
}

export interface TemplateGroups {
  add(found: PageVerdict): void
  verdicts(): Verdict[]
}

/**
 * Puts a template in the place of its pages when one rule trips on many of them. Pages that somebody already waits for keep their own
 * answer, and a template that somebody waits for is bad until its last page is well. The verdicts on pages of a template that has
 * tripped are not kept: a fault of ten thousand pages costs no more memory than one of a hundred.
 */
export function groupingTemplates(about: Grouping): TemplateGroups {
  const { rule, templates, watched } = about
  const unclear = new Set<string>()
  const badByTemplate = new Map<string, BadPages>()
  /** In the order in which they were found; of a template that has not tripped yet. */
  const single: { verdict: Verdict; droppedWith: string | null }[] = []
  const trips = (template: string, bad: BadPages): boolean => {
    const seen = templates.get(template)
    return seen !== undefined && (watched.has(watchKey(rule, template)) || tripsTemplate(rule, bad.count, seen.pages))
  }
  return {
    add(found) {
      const { page, verdict } = found
      if (verdict.level === 'unknown') unclear.add(page.template)
      const isBadPage = verdict.level === 'bad' && verdict.subject === page.url
      const bad = isBadPage ? counted(badByTemplate, found) : null
      if (watched.has(watchKey(rule, verdict.subject))) single.push({ verdict, droppedWith: null })
      else if (bad && !trips(page.template, bad)) single.push({ verdict, droppedWith: page.template })
      else if (verdict.level === 'bad' && !bad) single.push({ verdict, droppedWith: null })
    },
    verdicts() {
      const grouped = new Map<string, Verdict>()
      for (const [template, seen] of templates) {
        const bad = badByTemplate.get(template)
        if (bad && trips(template, bad)) grouped.set(template, badTemplate(template, seen, bad, about))
        else if (watched.has(watchKey(rule, template)))
          grouped.set(template, waitedForTemplate(rule, template, seen, unclear.has(template)))
      }
      const left = single.filter(({ droppedWith }) => droppedWith === null || grouped.get(droppedWith)?.level !== 'bad')
      return [...left.map((each) => each.verdict), ...grouped.values()]
    },
  }
}

/** All at once. */
export function groupTemplates(input: {
  rule: RuleId
  verdicts: readonly PageVerdict[]
  pages: { values(): Iterable<PlacedPage> }
  watched: WatchList
  baseline: boolean
}): Verdict[] {
  const groups = groupingTemplates({ ...input, templates: templatesSeen(input.pages) })
  for (const each of input.verdicts) groups.add(each)
  return groups.verdicts()
}

function counted(badByTemplate: Map<string, BadPages>, found: PageVerdict): BadPages {
  const { page, verdict } = found
  const known = badByTemplate.get(page.template)
  const bad = known ?? { count: 0, worst: found, firstTwo: [], urls: [] }
  if (!known) badByTemplate.set(page.template, bad)
  bad.count += 1
  if (rank(verdict.severity) < rank(bad.worst.verdict.severity)) bad.worst = found
  if (bad.firstTwo.length < 2) bad.firstTwo.push(found)
  if (bad.urls.length < pagesNamed) bad.urls.push(page.url)
  return bad
}

function waitedForTemplate(rule: RuleId, template: string, seen: TemplateSeen, isUnclear: boolean): Verdict {
  return {
    rule,
    subject: template,
    level: seen.measured === seen.pages && !isUnclear ? 'ok' : 'unknown',
    severity: 'low',
    title: '',
    description: '',
    evidence: { template, pagesSeen: seen.pages, pagesMeasured: seen.measured },
    look: { kind: 'page', urls: seen.examples },
  }
}

function badTemplate(template: string, seen: TemplateSeen, bad: BadPages, { rule, watched, baseline }: Grouping): Verdict {
  const { worst } = bad
  const second = bad.firstTwo.find((each) => each !== worst) ?? worst
  const { severity, title, description } = worst.verdict
  const facts: TemplateFacts = {
    template,
    pagesBad: bad.count,
    pagesSeen: seen.pages,
    waitedFor: watched.has(watchKey(rule, template)),
    baseline,
    example: worst.verdict.evidence,
  }
  return {
    rule,
    subject: template,
    level: 'bad',
    severity: ofTemplate(rule, severity, baseline),
    title: `${ruleSpec(rule)?.title ?? title} (${bad.count} pages)`,
    description: `${bad.count} of ${seen.pages} pages like ${template}. For example ${worst.page.url}: ${description}`,
    evidence: { ...facts, pages: bad.urls },
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
  if (watched.size === 0) return wider
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
