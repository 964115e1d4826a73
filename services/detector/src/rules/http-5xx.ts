import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { http5xx as spec } from '@tocsin/contract/rules/http-5xx'
import { z } from 'zod'
import type { PageObservation } from '../crawler/observation.ts'
import { isUnknown } from '../crawler/unknown.ts'
import { urlAddress } from '../judges/url-address.ts'
import { isWatched, type Seen, seenAs, shortName } from './answer.ts'
import { raisedAt } from './importance.ts'
import { answerOnPage, evidenceOf, lookAtPages, redirectCount } from './page-answer.ts'
import { Importance, PageFacts } from './page-facts.ts'
import { replayPages } from './template-facts.ts'
import type { PageContext, PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['http.5xx']

const CrawlFacts = z.object({ pages: z.number().int(), serverErrors: z.number().int() })
const Facts = PageFacts.extend({
  retryAfterSeconds: z.number().nullable(),
  importance: Importance,
  /** How the whole site fared in the scan. */
  crawl: CrawlFacts,
})
type Facts = z.infer<typeof Facts>

export const http5xx: PageRule<'http.5xx'> = {
  spec,
  scope: 'page',
  judge(page, _before, context) {
    // What a redirect leads to is a page of its own and answers for itself.
    if (redirectCount(page) > 0 && leadsToKnown(page, context) && !isWatched(spec, page.url, context)) return null
    const { pages, serverErrors } = context.crawl
    const about = { importance: context.importance(page.url), crawl: { pages, serverErrors } }
    return answerOnPage(spec, page, serverErrorOf(page, about, context.config['http.5xx']), context)
  },
  lookAgain: (finding, probes, context) =>
    lookAtPages(http5xx, finding, probes, context, (page, { importance, evidence }) => {
      const crawl = CrawlFacts.safeParse(evidence['crawl']).data ?? { pages: 0, serverErrors: 0 }
      return serverErrorOf(page, { importance, crawl }, context.config['http.5xx'])
    }),
  replay: replayPages('http.5xx', (evidence, { config }) =>
    reweigh(Facts, evidence, (facts) => weigh(facts, config['http.5xx'])),
  ),
}

function leadsToKnown(page: PageObservation, context: PageContext): boolean {
  const end = urlAddress(page.finalUrl)
  return end !== null && end !== page.url && context.known(end) !== undefined
}

/** Somebody who says when to come back is at work on it. */
const isMaintenance = ({ status, retryAfterSeconds }: Pick<Facts, 'status' | 'retryAfterSeconds'>): boolean =>
  status === 503 && retryAfterSeconds !== null

/** Counts towards the share of a crawl that fails; maintenance is announced, and not a failure. */
export const isServerError = (page: PageObservation): boolean =>
  page.fault === 'timeout' ||
  page.fault === 'refused' ||
  (!isUnknown(page) && page.status !== null && page.status >= 500 && !isMaintenance(page))

function weigh(facts: Facts, config: Config): Weighed {
  const { status, fault, importance, crawl } = facts
  if (isUnknown(facts)) return unknown
  const isSilent = fault === 'timeout' || fault === 'refused'
  if (!isSilent && (status === null || status < 500)) return ok
  if (!isSilent && isMaintenance(facts)) return bad('medium')
  const isDown = crawl.serverErrors >= config.criticalPagesMin && crawl.serverErrors >= crawl.pages * config.criticalShare
  return bad(isDown ? 'critical' : raisedAt('high', importance, config.importantFrom))
}

function serverErrorOf(page: PageObservation, about: Pick<Facts, 'importance' | 'crawl'>, config: Config): Seen {
  const { retryAfterSeconds, elapsedMs } = page
  const facts = { ...evidenceOf(page), retryAfterSeconds, ...about }
  return seenAs(weigh(facts, config), { ...facts, elapsedMs }, () => words(page))
}

function words(page: PageObservation): { title: string; description: string } {
  const { url, status, fault, elapsedMs, retryAfterSeconds } = page
  const name = shortName(url)
  if (fault === 'timeout')
    return {
      title: `Page does not answer: ${name}`,
      description: `${url} did not answer within ${Math.max(1, Math.round(elapsedMs / 1000))} seconds.`,
    }
  if (fault === 'refused')
    return {
      title: `Page does not answer: ${name}`,
      description: `${url} could not be fetched: the server refused or broke the connection.`,
    }
  if (isMaintenance(page))
    return {
      title: `Page is down for maintenance: ${name}`,
      description: `${url} answers 503 and asks to be tried again in ${retryAfterSeconds} seconds.`,
    }
  return { title: `${spec.title}: ${name}`, description: `${url} answers with status ${status}.` }
}
