import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { idxNoindex as spec } from '@tocsin/contract/rules/idx-noindex'
import { z } from 'zod'
import type { PageObservation } from '../crawler/observation.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { isWatched, type Seen, seenAs, shortName } from './answer.ts'
import { raisedAt } from './importance.ts'
import { answerOnPage, contentOf, evidenceOf, lookAtPages } from './page-answer.ts'
import { answeredOf, Importance, PageFacts } from './page-facts.ts'
import type { PageMemory } from './page-memory.ts'
import { replayPages } from './template-facts.ts'
import type { PageContext, PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['idx.noindex']

const crawler = 'googlebot'
const reasonsMax = 10
const valueLengthMax = 500

const Facts = PageFacts.extend({
  /** Those that keep the page out, or will. */
  directives: z.array(z.object({ source: z.enum(['meta', 'header']), agent: z.string(), value: z.string() })),
  importance: Importance,
})
type Facts = z.infer<typeof Facts>

export const idxNoindex: PageRule<'idx.noindex'> = {
  spec,
  scope: 'page',
  judge(page, before, context) {
    const seen = noindexOf(page, context.importance(page.url), context.config['idx.noindex'], context.now)
    if (seen.level === 'bad' && !isNews(page, before, context)) return null
    return answerOnPage(spec, page, seen, context)
  },
  lookAgain: (finding, probes, context) =>
    lookAtPages(idxNoindex, finding, probes, context, (page, { importance }) =>
      noindexOf(page, importance, context.config['idx.noindex'], context.now),
    ),
  replay: replayPages('idx.noindex', (evidence, { config, now }) =>
    reweigh(Facts, evidence, (facts) => weigh(facts, config['idx.noindex'], now)),
  ),
}

/**
 * Is this noindex one to tell of? A page that could be indexed before: yes. A page nobody knew: only if it matters. One that has always
 * said so: only while somebody waits for that very page, not because of its template.
 */
function isNews(page: PageObservation, before: PageMemory | null, context: PageContext): boolean {
  if (isWatched(spec, page.url, context) && !isWatched(spec, page.template, context)) return true
  if (isMeantToBeOut(page.url)) return false
  return before ? before.indexable : context.importance(page.url) >= context.config['idx.noindex'].importantFrom
}

const outOfSearch =
  /^(log-?in|log-?out|sign-?in|sign-?up|register|registration|password|forgot-password|reset-password|wp-login\.php|wp-admin|admin|account|my-?account|profile|search|suche|recherche|cart|basket|warenkorb|checkout|kasse|wishlist|tags?|schlagwort)$/i

/** Pages that well-kept sites keep out of search results: sign-in, search, cart, account, lists by tag. */
export function isMeantToBeOut(url: string): boolean {
  const { pathname, searchParams } = new URL(url)
  if (pathname.split('/').some((segment) => outOfSearch.test(segment))) return true
  return ['s', 'q', 'query', 'search'].some((name) => searchParams.has(name))
}

const reasonsOf = (facts: Facts, now: Date) =>
  contentOf(answeredOf(facts)) === 'content' ? noindexReasons(facts.directives, crawler, now) : []

function weigh(facts: Facts, config: Config, now: Date): Weighed {
  if (contentOf(answeredOf(facts)) === 'unknown') return unknown
  if (reasonsOf(facts, now).length === 0) return ok
  return bad(raisedAt('high', facts.importance, config.importantFrom))
}

function noindexOf(page: PageObservation, importance: number, config: Config, now: Date): Seen {
  const directives = noindexReasons(page.directives, crawler, now)
    .slice(0, reasonsMax)
    .map((each) => ({ ...each, value: each.value.slice(0, valueLengthMax) }))
  const facts = { ...evidenceOf(page), directives, importance }
  return seenAs(weigh(facts, config, now), facts, () => {
    const [first] = reasonsOf(facts, now)
    const place = first?.source === 'header' ? 'the X-Robots-Tag header' : `the meta tag "${first?.agent ?? 'robots'}"`
    const because = first?.because === 'unavailable_after' ? 'a date after which it is not to be shown, which is past' : 'noindex'
    return {
      title: `${spec.title}: ${shortName(page.url)}`,
      description: `${page.url} tells search engines to leave it out of their results: ${place} says ${because}.`,
    }
  })
}
