import { idxHreflang as spec } from '@tocsin/contract/rules/idx-hreflang'
import { z } from 'zod'
import { groupTemplates, type PageVerdict, type PlacedPage } from '../group-templates.ts'
import {
  type HreflangFinding,
  hreflangClusters,
  hreflangFaults,
  hreflangFindings,
  isHreflangFault,
  type VersionedPage,
} from '../judges/hreflang.ts'
import { templateOf } from '../judges/url-template.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, type Seen, seenAs, shortName, watchedSubjects } from './answer.ts'
import { versionedPage } from './site-survey.ts'
import { exampleOf, isOfTemplate, replayPages } from './template-facts.ts'
import type { Finding, LookContext, SiteRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const findingsNamed = 5
/** Each is a page or two to be fetched within one look. */
const pagesAgain = 10
const urlLengthMax = 2_048
/** Names are there to be compared with an address that is not among them. */
const namesMax = 4
const nameLengthMax = 500

const Fault = z.object({
  fault: z.enum(hreflangFaults),
  page: z.string(),
  code: z.string(),
  target: z.string().nullable(),
  targetStatus: z.number().int().nullable(),
  targetNoindex: z.boolean(),
  names: z.array(z.string()),
})
const Facts = z.object({
  /** The pages of the group, those that name versions. */
  pages: z.number().int(),
  faults: z.array(Fault),
  faultsTotal: z.number().int(),
  /** False: not everything that was wrong could be looked at again. */
  seenAll: z.boolean(),
})
type Facts = z.infer<typeof Facts>

export const idxHreflang: SiteRule<'idx.hreflang'> = {
  spec,
  scope: 'site',
  judge({ survey, summary }, context) {
    const { versions } = survey
    const waiting = new Set(watchedSubjects(spec, context))
    const verdicts: PageVerdict[] = []
    const groups = new Map<string, PlacedPage>()
    const known = (url: string) => versions.get(url) ?? null
    for (const [root, members] of hreflangClusters(versions.values())) {
      // Somebody may wait for the group under the name of another page of it.
      const subject = members.find(({ url }) => waiting.has(url))?.url ?? root
      const group: PlacedPage = { url: subject, template: templateOf(subject), status: 200 }
      groups.set(subject, group)
      const findings = members.flatMap((page) => hreflangFindings(page, known))
      const isWaitedFor = waiting.has(subject) || waiting.has(group.template)
      if (findings.length === 0 && !isWaitedFor) continue
      const seenAll = members.every(({ status }) => status !== null)
      const seen = judged(subject, factsOf(findings, members.length, seenAll))
      verdicts.push({ page: group, verdict: answer(spec, subject, seen, { kind: 'page', urls: pagesOf(findings) }) })
    }
    const { watched, baseline } = context
    const grouped = groupTemplates({ rule: spec.id, verdicts, pages: groups, watched, baseline })
    const told = new Set(grouped.map((each) => each.subject))
    // A group whose pages no longer name any versions, or are gone, is over; where not all pages were seen, nobody knows.
    const isDone = summary.complete && summary.stopped === 'done' && summary.unknownPages === 0
    const over = [...waiting].filter((subject) => !told.has(subject))
    const level = isDone ? 'ok' : 'unknown'
    return [
      ...grouped,
      ...over.map((subject) => answer(spec, subject, { level, evidence: {} }, { kind: 'page', urls: [subject] })),
    ]
  },
  lookAgain,
  replay: replayPages('idx.hreflang', (evidence) => reweigh(Facts, evidence, weigh)),
}

/** The pages of the faults, and those that they name: what a look has to see. */
const pagesOf = (findings: readonly HreflangFinding[]): string[] =>
  [...new Set(findings.flatMap(({ page, target }) => (target === null ? [page] : [page, target])))].slice(0, pagesAgain)

function factsOf(findings: readonly HreflangFinding[], pages: number, seenAll: boolean): Facts {
  const faults = findings.slice(0, findingsNamed).map((finding) => ({
    ...finding,
    page: finding.page.slice(0, urlLengthMax),
    target: finding.target?.slice(0, urlLengthMax) ?? null,
    names: finding.names.slice(0, namesMax).map((name) => name.slice(0, nameLengthMax)),
  }))
  return { pages, faults, faultsTotal: findings.length, seenAll }
}

function weigh({ faults, seenAll }: Facts): Weighed {
  if (faults.some(isHreflangFault)) return bad('medium')
  return seenAll ? ok : unknown
}

const words = {
  target_status: ({ page, target, targetStatus }) =>
    `${page} names ${target ?? ''} as another version, which answers with status ${targetStatus ?? ''}`,
  target_noindex: ({ page, target }) => `${page} names ${target ?? ''} as another version, which says noindex`,
  no_return: ({ page, target }) => `${page} names ${target ?? ''} as another version, which does not name it in turn`,
  no_self: ({ page }) => `${page} names other versions, but not itself`,
  bad_code: ({ page, code }) => `${page} uses the code "${code}", which is not known or names no address`,
} as const satisfies Record<HreflangFinding['fault'], (finding: HreflangFinding) => string>

function judged(subject: string, facts: Facts): Seen {
  return seenAs(weigh(facts), facts, () => {
    const [first] = facts.faults
    const more = facts.faultsTotal > 1 ? ` There are ${facts.faultsTotal - 1} more such faults in this group of pages.` : ''
    return {
      title: `${spec.title}: ${shortName(subject)}`,
      description: `${first ? words[first.fault](first) : ''}.${more}`,
    }
  })
}

async function lookAgain(finding: Finding, probes: Probes, context: LookContext): Promise<Verdict> {
  const told = Facts.safeParse(exampleOf(finding.evidence)).data
  if (!told) return answer(spec, finding.subject, { level: 'unknown', evidence: { error: 'Nobody looked.' } }, finding.look)
  const urls = pagesOf(told.faults)
  const seen = new Map<string, VersionedPage>()
  for (const url of urls) {
    if (context.signal.aborted) break
    seen.set(url, versionedPage(await probes.page(url, context.signal), context.now))
  }
  const findings = [...new Set(told.faults.map(({ page }) => page))].flatMap((url) => {
    const page = seen.get(url)
    return page ? hreflangFindings(page, (target) => seen.get(target) ?? null) : []
  })
  const isSeen = (url: string) => (seen.get(url)?.status ?? null) !== null
  const seenAll = told.faultsTotal === told.faults.length && urls.every(isSeen)
  const again = judged(finding.subject, factsOf(findings, told.pages, seenAll))
  if (again.level !== 'bad' || !isOfTemplate(finding.evidence)) return answer(spec, finding.subject, again, finding.look)
  const evidence = { ...finding.evidence, again: again.evidence }
  return answer(spec, finding.subject, { ...again, evidence }, finding.look)
}
