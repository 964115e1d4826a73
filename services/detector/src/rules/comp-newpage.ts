import { compNewpage as spec } from '@tocsin/contract/rules/comp-newpage'
import { type CompetitorPage, newPages } from '@tocsin/domain/rankings/judging.read'
import { dayBefore } from '@tocsin/domain/rankings/visibility.read'
import { NewPageFacts, weighNewPage } from '../judges/competitor-moves.ts'
import { type Judged, verdictsOf } from './ranking-answer.ts'
import { type RankingRecords, rankingRecords, saidBefore } from './ranking-records.ts'
import type { DataContext, DataRule } from './verdict.ts'
import { reweigh } from './weigh.ts'

/** The most seen first; a competitor that publishes more in a month is told of by comp.surge. */
const pagesMax = 500
const keywordsNamedMax = 50

export const compNewpage: DataRule<'comp.newpage'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const records = await rankingRecords(sql, context)
    // Those that are open when their time is over need one more day to be said so.
    const from = dayBefore(context.now, context.config[spec.id].openDays + 1)
    const pages = await newPages(sql, { siteId: context.site.id, from, limit: pagesMax })
    return verdictsOf(
      spec,
      context,
      pages.map((page) => judge(page, records, context)),
    )
  },
  replay: (evidence, { config, now }) => reweigh(NewPageFacts, evidence, (facts) => weighNewPage(facts, config[spec.id], now)),
}

function judge(page: CompetitorPage, records: RankingRecords, { config, now }: DataContext): Judged {
  const { open, told } = saidBefore(records, spec.id, page.url)
  const named = new Map(records.keywords.map(({ keyword }) => [keyword.id, keyword]))
  const keywords = page.keywords
    .flatMap(({ keywordId, daysBefore }) => {
      const keyword = named.get(keywordId)
      return keyword ? [{ phrase: keyword.phrase, country: keyword.country, daysBefore }] : []
    })
    .toSorted((a, b) => b.daysBefore - a.daysBefore)
    .slice(0, keywordsNamedMax)
  const facts: NewPageFacts = { url: page.url, firstSeenOn: page.firstSeenOn, keywords, open: open !== null, told }
  const domain = records.competitors.find((each) => each.id === page.competitorId)?.domain ?? ''
  return {
    subject: page.url,
    weighed: weighNewPage(facts, config[spec.id], now),
    evidence: { competitor: domain, ...facts },
    words: () => ({
      title: `${domain} has a new page among the results of ${keywords.length} keywords`,
      description: `${page.url} was first seen on ${page.firstSeenOn}, for ${keywords
        .slice(0, 5)
        .map(({ phrase }) => `“${phrase}”`)
        .join(', ')}${keywords.length > 5 ? ' and others' : ''}.`,
    }),
  }
}
