import type { RuleSpec } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import type { PageObservation } from '../crawler/observation.ts'
import { isRedirect } from '../judges/redirects.ts'
import { urlIdentity } from '../judges/url-identity.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, type Evidence, isWatched, type Seen } from './answer.ts'
import type { Finding, JudgeContext, LookContext, Verdict } from './verdict.ts'

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

/** Looks at each page of a finding on a connection of its own: bad if one is, well if all are. */
export async function lookAtPages(
  spec: RuleSpec<RuleId>,
  finding: Finding,
  probes: Probes,
  context: LookContext,
  judge: (page: PageObservation) => Seen | Promise<Seen>,
): Promise<Verdict> {
  const seen: Seen[] = []
  for (const url of finding.look.urls) {
    if (context.signal.aborted) break
    seen.push(await judge(await probes.page(url, context.signal)))
  }
  return answer(spec, finding.subject, together(spec, finding, seen), finding.look)
}

function together(spec: RuleSpec<RuleId>, finding: Finding, seen: readonly Seen[]): Seen {
  const bad = seen.find((each) => each.level === 'bad')
  if (bad) return { ...bad, severity: finding.severity, ...wordsOfTemplate(spec, finding, bad) }
  const unclear = seen.find((each) => each.level === 'unknown')
  if (unclear) return unclear
  const [well] = seen
  return well && seen.length === finding.look.urls.length ? well : { level: 'unknown', evidence: { error: 'Nobody looked.' } }
}

/** A template's pages were counted by the scan; a look at two of them does not count them again. */
function wordsOfTemplate(spec: RuleSpec<RuleId>, { evidence }: Finding, bad: Seen & { level: 'bad' }) {
  const { template, pagesBad, pagesSeen } = evidence
  if (typeof template !== 'string') return {}
  return {
    title: `${spec.title} (${String(pagesBad)} pages)`,
    description: `${String(pagesBad)} of ${String(pagesSeen)} pages like ${template}. For example: ${bad.description}`,
    evidence: { ...evidence, example: bad.evidence },
  }
}

/** How many redirects an address took. */
export const redirectCount = (page: PageObservation): number => page.hops.filter(({ status }) => isRedirect(status)).length

/**
 * Can anything be said about what is on a page? `gone`: there is no such page any more, it has moved or was removed, and with it
 * whatever was wrong on it.
 */
export function contentOf(page: PageObservation): 'content' | 'gone' | 'unknown' {
  const { status, fault } = page
  if (fault !== null || status === null) return 'unknown'
  if (status === 404 || status === 410) return 'gone'
  if (status < 200 || status >= 300) return 'unknown'
  if (redirectCount(page) === 0) return 'content'
  return urlIdentity(page.finalUrl) === page.url ? 'unknown' : 'gone'
}

/** What came back, without what was in it. */
export function evidenceOf(page: PageObservation): Evidence {
  const { url, hops, finalUrl, status, fault, detail } = page
  return { url, status, fault, ...(detail === null ? {} : { detail }), ...(hops.length === 0 ? {} : { hops, finalUrl }) }
}

export const notMeasured = (page: PageObservation): Seen => ({ level: 'unknown', evidence: evidenceOf(page) })
