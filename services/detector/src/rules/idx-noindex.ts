import { idxNoindex as spec } from '@tocsin/contract/rules/idx-noindex'
import type { PageObservation } from '../crawler/observation.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { isWatched, type Seen, shortName } from './answer.ts'
import { importantFrom, raisedAt } from './importance.ts'
import { answerOnPage, contentOf, evidenceOf, lookAtPages, notMeasured } from './page-answer.ts'
import type { PageMemory } from './page-memory.ts'
import type { PageContext, PageRule } from './verdict.ts'

const crawler = 'googlebot'
const reasonsMax = 10
const valueLengthMax = 200

export const idxNoindex: PageRule<'idx.noindex'> = {
  spec,
  scope: 'page',
  judge(page, before, context) {
    const seen = noindexOf(page, context.now)
    if (seen.level !== 'bad') return answerOnPage(spec, page, seen, context)
    if (!isNews(page, before, context)) return null
    return answerOnPage(spec, page, { ...seen, severity: raisedAt(seen.severity, context.importance(page.url)) }, context)
  },
  lookAgain: (finding, probes, context) => lookAtPages(spec, finding, probes, context, (page) => noindexOf(page, context.now)),
}

/**
 * Is this noindex one to tell of? A page that could be indexed before: yes. A page nobody knew: only if it matters. One that has always
 * said so: only while somebody waits for that very page, not because of its template.
 */
function isNews(page: PageObservation, before: PageMemory | null, context: PageContext): boolean {
  if (isWatched(spec, page.url, context) && !isWatched(spec, page.template, context)) return true
  if (isMeantToBeOut(page.url)) return false
  return before ? before.indexable : context.importance(page.url) >= importantFrom
}

const outOfSearch =
  /^(log-?in|log-?out|sign-?in|sign-?up|register|registration|password|forgot-password|reset-password|wp-login\.php|wp-admin|admin|account|my-?account|profile|search|suche|recherche|cart|basket|warenkorb|checkout|kasse|wishlist|tags?|schlagwort)$/i

/** Pages that well-kept sites keep out of search results: sign-in, search, cart, account, lists by tag. */
export function isMeantToBeOut(url: string): boolean {
  const { pathname, searchParams } = new URL(url)
  if (pathname.split('/').some((segment) => outOfSearch.test(segment))) return true
  return ['s', 'q', 'query', 'search'].some((name) => searchParams.has(name))
}

function noindexOf(page: PageObservation, now: Date): Seen {
  const content = contentOf(page)
  if (content === 'unknown') return notMeasured(page)
  const reasons = content === 'gone' ? [] : noindexReasons(page.directives, crawler, now)
  const evidence = {
    ...evidenceOf(page),
    directives: reasons.slice(0, reasonsMax).map((each) => ({ ...each, value: each.value.slice(0, valueLengthMax) })),
  }
  const [first] = reasons
  if (!first) return { level: 'ok', evidence }
  const place = first.source === 'header' ? 'the X-Robots-Tag header' : `the meta tag "${first.agent}"`
  const because = first.because === 'unavailable_after' ? 'a date after which it is not to be shown, which is past' : 'noindex'
  return {
    level: 'bad',
    severity: 'high',
    title: `${spec.title}: ${shortName(page.url)}`,
    description: `${page.url} tells search engines to leave it out of their results: ${place} says ${because}.`,
    evidence,
  }
}
