import type { RuleSpec } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import type { PageObservation } from '../crawler/observation.ts'
import { isRedirect } from '../judges/redirects.ts'
import { urlAddress } from '../judges/url-address.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, type Evidence, isWatched, type Seen } from './answer.ts'
import type { Answered, PageFacts } from './page-facts.ts'
import { exampleOf, isOfTemplate } from './template-facts.ts'
import type { Finding, JudgeContext, LookContext, Rule, Verdict } from './verdict.ts'

/** A verdict on one page. What is well, or could not be seen, is said only to those who wait for it. */
export function answerOnPage(
  spec: RuleSpec<RuleId>,
  page: PageObservation,
  seen: Seen,
  context: Pick<JudgeContext, 'watched'>,
): Verdict | null {
  if (seen.level !== 'bad' && !isWatched(spec, page.url, context)) return null
  return answer(spec, page.url, seen, { kind: 'page', urls: [page.url] })
}

/** What was known of a page when it is looked at again; a single look cannot see where it stands in its site. */
export interface Told {
  readonly importance: number
  /** The facts of the page, or, for another page of a template, of the one that stood for it. */
  readonly evidence: Evidence
}

const ordinaryImportance = 5

function toldOf({ evidence }: Finding, page: PageObservation, context: LookContext): Told {
  const own = exampleOf(evidence)
  const then = own['url'] === page.url ? own['importance'] : context.pages.get(page.url)?.importance
  return { evidence: own, importance: typeof then === 'number' ? then : ordinaryImportance }
}

type JudgeAgain = (page: PageObservation, told: Told) => Seen | Promise<Seen>

/** Looks at each page of a finding on a connection of its own: bad if one is, well if all are. */
export async function lookAtPages(
  rule: Pick<Rule, 'spec' | 'replay'>,
  finding: Finding,
  probes: Probes,
  context: LookContext,
  judge: JudgeAgain,
): Promise<Verdict> {
  const seen: Seen[] = []
  for (const url of finding.look.urls) {
    if (context.signal.aborted) break
    const page = await probes.page(url, context.signal)
    seen.push(await judge(page, toldOf(finding, page, context)))
  }
  return answer(rule.spec, finding.subject, together(rule, finding, seen, context), finding.look)
}

function together(rule: Pick<Rule, 'spec' | 'replay'>, finding: Finding, seen: readonly Seen[], context: LookContext): Seen {
  const bad = seen.find((each) => each.level === 'bad')
  if (bad) return isOfTemplate(finding.evidence) ? templateAgain(rule, finding, bad, context) : bad
  const unclear = seen.find((each) => each.level === 'unknown')
  if (unclear) return unclear
  const [well] = seen
  return well && seen.length === finding.look.urls.length ? well : { level: 'unknown', evidence: { error: 'Nobody looked.' } }
}

/** A template's pages were counted by the scan; a look at two of them does not count them again. */
function templateAgain(
  rule: Pick<Rule, 'spec' | 'replay'>,
  finding: Finding,
  bad: Seen & { level: 'bad' },
  context: LookContext,
): Seen {
  const { template, pagesBad, pagesSeen } = finding.evidence
  const evidence = { ...finding.evidence, again: bad.evidence }
  return {
    level: 'bad',
    severity: rule.replay(evidence, context).severity ?? finding.severity,
    title: `${rule.spec.title} (${String(pagesBad)} pages)`,
    description: `${String(pagesBad)} of ${String(pagesSeen)} pages like ${String(template)}. For example: ${bad.description}`,
    evidence,
  }
}

/** How many redirects an address took. */
export const redirectCount = (page: Pick<Answered, 'hops'>): number => page.hops.filter(({ status }) => isRedirect(status)).length

/**
 * Can anything be said about what is on a page? `gone`: there is no such page any more, it has moved or was removed, and with it
 * whatever was wrong on it.
 */
export function contentOf(page: Answered): 'content' | 'gone' | 'unknown' {
  const { status, fault } = page
  if (fault !== null || status === null) return 'unknown'
  if (status === 404 || status === 410) return 'gone'
  if (status < 200 || status >= 300) return 'unknown'
  if (redirectCount(page) === 0) return 'content'
  return urlAddress(page.finalUrl) === page.url ? 'unknown' : 'gone'
}

/** No address of a page is longer; a redirect may lead to one that is. */
const urlLengthMax = 2_048
const detailLengthMax = 300
/** Eleven of them must leave room for the other facts. */
const hopLengthMax = 500

/** What came back, without what was in it. */
export function evidenceOf(page: PageObservation): PageFacts & { detail?: string } {
  const { url, status, fault, detail } = page
  return {
    url,
    status,
    fault,
    ...(detail === null ? {} : { detail: detail.slice(0, detailLengthMax) }),
    hops: page.hops.map((hop) => ({ ...hop, url: hop.url.slice(0, hopLengthMax) })),
    ...(page.hops.length === 0 ? {} : { finalUrl: page.finalUrl.slice(0, urlLengthMax) }),
  }
}

export const notMeasured = (page: PageObservation): Seen => ({ level: 'unknown', evidence: evidenceOf(page) })
