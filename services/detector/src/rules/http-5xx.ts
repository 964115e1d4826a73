import { http5xx as spec } from '@tocsin/contract/rules/http-5xx'
import type { PageObservation } from '../crawler/observation.ts'
import { isUnknown } from '../crawler/unknown.ts'
import { urlIdentity } from '../judges/url-identity.ts'
import { isWatched, type Seen, shortName } from './answer.ts'
import { raisedAt } from './importance.ts'
import { answerOnPage, evidenceOf, lookAtPages, notMeasured, redirectCount } from './page-answer.ts'
import type { PageContext, PageRule } from './verdict.ts'

/** A site that fails like this is down, whichever pages they are. One page is no share of a crawl, however small the site. */
const shareOfCrawl = 0.05
const failingMin = 2

export const http5xx: PageRule<'http.5xx'> = {
  spec,
  scope: 'page',
  judge(page, _before, context) {
    // What a redirect leads to is a page of its own and answers for itself.
    if (redirectCount(page) > 0 && leadsToKnown(page, context) && !isWatched(spec, page.url, context)) return null
    const seen = serverErrorOf(page)
    if (seen.level !== 'bad' || isMaintenance(page)) return answerOnPage(spec, page, seen, context)
    const { pages, serverErrors } = context.crawl
    const isDown = serverErrors >= failingMin && serverErrors >= pages * shareOfCrawl
    const severity = isDown ? 'critical' : raisedAt(seen.severity, context.importance(page.url))
    return answerOnPage(
      spec,
      page,
      { ...seen, severity, evidence: { ...seen.evidence, crawl: { pages, serverErrors } } },
      context,
    )
  },
  lookAgain: (finding, probes, context) => lookAtPages(spec, finding, probes, context, serverErrorOf),
}

function leadsToKnown(page: PageObservation, context: PageContext): boolean {
  const end = urlIdentity(page.finalUrl)
  return end !== null && end !== page.url && context.known(end) !== undefined
}

/** Somebody who says when to come back is at work on it. */
const isMaintenance = ({ status, retryAfterSeconds }: PageObservation): boolean => status === 503 && retryAfterSeconds !== null

function serverErrorOf(page: PageObservation): Seen {
  if (isUnknown(page)) return notMeasured(page)
  const { status, fault, retryAfterSeconds, elapsedMs } = page
  const evidence = { ...evidenceOf(page), retryAfterSeconds, elapsedMs }
  const title = `${spec.title}: ${shortName(page.url)}`
  if (fault === 'timeout')
    return {
      level: 'bad',
      severity: 'high',
      title: `Page does not answer: ${shortName(page.url)}`,
      description: `${page.url} did not answer within ${Math.max(1, Math.round(elapsedMs / 1000))} seconds.`,
      evidence,
    }
  if (fault === 'refused')
    return {
      level: 'bad',
      severity: 'high',
      title: `Page does not answer: ${shortName(page.url)}`,
      description: `${page.url} could not be fetched: the server refused or broke the connection.`,
      evidence,
    }
  if (status === null || status < 500) return { level: 'ok', evidence }
  if (isMaintenance(page))
    return {
      level: 'bad',
      severity: 'medium',
      title: `Page is down for maintenance: ${shortName(page.url)}`,
      description: `${page.url} answers 503 and asks to be tried again in ${retryAfterSeconds} seconds.`,
      evidence,
    }
  return { level: 'bad', severity: 'high', title, description: `${page.url} answers with status ${status}.`, evidence }
}
