import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { http404New as spec } from '@tocsin/contract/rules/http-404-new'
import { z } from 'zod'
import type { PageObservation } from '../crawler/observation.ts'
import { type Seen, seenAs, shortName } from './answer.ts'
import { raisedAt } from './importance.ts'
import { answerOnPage, evidenceOf, lookAtPages } from './page-answer.ts'
import { Importance, PageFacts } from './page-facts.ts'
import type { PageMemory } from './page-memory.ts'
import { replayPages } from './template-facts.ts'
import type { PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['http.404_new']

const Facts = PageFacts.extend({
  /** When it last answered; null: never, as far as is known. */
  lastOkAt: z.string().nullable(),
  inlinks: z.number().int(),
  inSitemap: z.boolean(),
  importance: Importance,
})
type Facts = z.infer<typeof Facts>

export const http404New: PageRule<'http.404_new'> = {
  spec,
  scope: 'page',
  judge(page, before, context) {
    const about = { before, inlinks: page.inlinks, inSitemap: page.inSitemap, importance: context.importance(page.url) }
    const seen = disappearanceOf(page, about, context.config['http.404_new'])
    // A page that never was is a broken link, if anything.
    if (seen.level === 'bad' && (before === null || before.lastOkAt === null)) return null
    return answerOnPage(spec, page, seen, context)
  },
  lookAgain: (finding, probes, context) =>
    lookAtPages(http404New, finding, probes, context, (page, { importance }) => {
      const before = context.pages.get(page.url) ?? null
      // A single look cannot see who links here; the last scan could.
      const { inlinks, inSitemap } = before ?? { inlinks: 1, inSitemap: false }
      return disappearanceOf(page, { before, inlinks, inSitemap, importance }, context.config['http.404_new'])
    }),
  replay: replayPages('http.404_new', (evidence, { config }) =>
    reweigh(Facts, evidence, (facts) => weigh(facts, config['http.404_new'])),
  ),
}

function weigh({ status, fault, inlinks, inSitemap, importance }: Facts, config: Config): Weighed {
  if (fault !== null || status === null) return unknown
  if (status >= 200 && status < 300) return ok
  // Forbidden or broken: neither here nor gone.
  if (status !== 404 && status !== 410) return unknown
  // Nothing points to it any more: whoever took it down has cleaned up.
  if (inlinks === 0 && !inSitemap) return ok
  return bad(raisedAt('medium', importance, config.importantFrom))
}

function disappearanceOf(
  page: PageObservation,
  about: Pick<Facts, 'inlinks' | 'inSitemap' | 'importance'> & { before: PageMemory | null },
  config: Config,
): Seen {
  const { before, ...place } = about
  const facts = { ...evidenceOf(page), lastOkAt: before?.lastOkAt ?? null, ...place }
  return seenAs(weigh(facts, config), facts, () => {
    const pointers = [place.inlinks > 0 ? 'linked' : '', place.inSitemap ? 'listed in the sitemap' : ''].filter(Boolean)
    return {
      title: `${spec.title}: ${shortName(page.url)}`,
      description: `${page.url} used to answer and now answers ${page.status}, but is still ${pointers.join(' and ')}.`,
    }
  })
}
