import type { RuleSpec } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import type { PageObservation } from '../crawler/observation.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, type Evidence, type Seen, watchedSubjects } from './answer.ts'
import { contentOf } from './page-answer.ts'
import type { Finding, LookContext, SiteContext, SiteObservation, Verdict } from './verdict.ts'

const urlsAgain = 2

export const lookAtSome = (urls: readonly string[]) => ({ kind: 'page' as const, urls: urls.slice(0, urlsAgain) })

/** Verdicts on what was seen, and an answer for each subject that somebody waits for and that was not. */
export function answerOnSeen(
  spec: RuleSpec<RuleId>,
  seen: readonly { readonly subject: string; readonly seen: Seen; readonly urls: readonly string[] }[],
  { summary }: SiteObservation,
  context: SiteContext,
): Verdict[] {
  const waiting = new Set(watchedSubjects(spec, context))
  const verdicts = seen.flatMap(({ subject, seen: each, urls }) => {
    const isWaitedFor = waiting.delete(subject)
    return each.level === 'bad' || isWaitedFor ? [answer(spec, subject, each, lookAtSome(urls))] : []
  })
  // Only a crawl to the end says that something is nowhere.
  const level = summary.complete && summary.stopped === 'done' ? 'ok' : 'unknown'
  const gone = [...waiting].map((subject) => answer(spec, subject, { level, evidence: {} }, lookAtSome([context.siteUrl])))
  return [...verdicts, ...gone]
}

/** Looks at the pages of a finding: bad if one is, well if all could be read and none is. */
export async function lookForSeen(
  spec: RuleSpec<RuleId>,
  finding: Finding,
  probes: Probes,
  context: LookContext,
  judge: (page: PageObservation) => Seen | null | Promise<Seen | null>,
): Promise<Verdict> {
  let read = 0
  let last: Evidence = { urls: finding.look.urls }
  for (const url of finding.look.urls) {
    if (context.signal.aborted) break
    const page = await probes.page(url, context.signal)
    const content = contentOf(page)
    if (content === 'gone') read += 1
    if (content !== 'content' || page.running === null) continue
    const seen = await judge(page)
    if (seen?.level === 'bad') return answer(spec, finding.subject, seen, finding.look)
    if (seen) last = seen.evidence
    if (!page.truncated && seen?.level !== 'unknown') read += 1
  }
  const level = read > 0 && read === finding.look.urls.length ? 'ok' : 'unknown'
  return answer(spec, finding.subject, { level, evidence: last }, finding.look)
}
