import { http404New as spec } from '@tocsin/contract/rules/http-404-new'
import type { PageObservation } from '../crawler/observation.ts'
import { type Seen, shortName } from './answer.ts'
import { raisedAt } from './importance.ts'
import { answerOnPage, evidenceOf, lookAtPages, notMeasured } from './page-answer.ts'
import type { PageMemory } from './page-memory.ts'
import type { PageRule } from './verdict.ts'

export const http404New: PageRule<'http.404_new'> = {
  spec,
  scope: 'page',
  judge(page, before, context) {
    const seen = disappearanceOf(page, before, page)
    if (seen.level !== 'bad') return answerOnPage(spec, page, seen, context)
    // A page that never was is a broken link, if anything.
    if (before === null || before.lastOkAt === null) return null
    return answerOnPage(spec, page, { ...seen, severity: raisedAt(seen.severity, context.importance(page.url)) }, context)
  },
  lookAgain: (finding, probes, context) =>
    lookAtPages(spec, finding, probes, context, (page) => {
      const before = context.pages.get(page.url) ?? null
      // A single look cannot see who links here; the last scan could.
      return disappearanceOf(page, before, before ?? { inlinks: 1, inSitemap: false })
    }),
}

type Pointers = Pick<PageObservation, 'inlinks' | 'inSitemap'>

function disappearanceOf(page: PageObservation, before: PageMemory | null, { inlinks, inSitemap }: Pointers): Seen {
  const { status, fault } = page
  if (fault !== null || status === null) return notMeasured(page)
  const evidence = { ...evidenceOf(page), lastOkAt: before?.lastOkAt ?? null, inlinks, inSitemap }
  if (status >= 200 && status < 300) return { level: 'ok', evidence }
  // Forbidden or broken: neither here nor gone.
  if (status !== 404 && status !== 410) return { level: 'unknown', evidence }
  if (inlinks === 0 && !inSitemap) return { level: 'ok', evidence }
  const pointers = [inlinks > 0 ? 'linked' : '', inSitemap ? 'listed in the sitemap' : ''].filter((each) => each !== '')
  return {
    level: 'bad',
    severity: 'medium',
    title: `${spec.title}: ${shortName(page.url)}`,
    description: `${page.url} used to answer and now answers ${status}, but is still ${pointers.join(' and ')}.`,
    evidence,
  }
}
