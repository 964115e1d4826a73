import type { Benchmark } from '@tocsin/contract/api/benchmark'
import type { KeywordId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { type LinkCounts, linkCounts } from '../backlinks/backlinks.ts'
import { trackedCompetitors } from '../competitors/competitors.ts'
import { trackedKeywords } from '../keywords/keywords.ts'
import { registrableDomain } from '../registrable-domain.ts'
import { requireSite } from '../sites/sites.ts'
import { carriedDays, dayBefore, keywordWeights, type Party, type VisibilityDay, visibilityDays } from './visibility.read.ts'

type Row = Benchmark['parties'][number]

/** The site beside its competitors, as they stand now, a week and four weeks ago. */
export async function readBenchmark(sql: Sql, input: { siteId: SiteId; now: Date }): Promise<Benchmark> {
  const { siteId, now } = input
  const site = await requireSite(sql, siteId)
  const keywords = await trackedKeywords(sql, siteId)
  const competitors = await trackedCompetitors(sql, siteId)
  const days = await visibilityDays(sql, {
    siteId,
    weights: keywordWeights(keywords),
    from: dayBefore(now, 28),
    to: dayBefore(now, 0),
  })
  const links = new Map((await linkCounts(sql, siteId, now)).map((each) => [each.party, each]))
  const [today, weekAgo] = [await positionsOn(sql, siteId, dayBefore(now, 0)), await positionsOn(sql, siteId, dayBefore(now, 7))]
  const domain = registrableDomain(site.url) ?? new URL(site.url).hostname
  const parties: { party: Party; name: string; domain: string }[] = [
    { party: '', name: site.name, domain },
    ...competitors.map(({ id, ...named }) => ({ party: id, ...named })),
  ]
  const rows = parties.map(({ party, ...named }) => ({
    ...named,
    competitorId: party === '' ? null : party,
    visibility: visibilityOf(days, party, now),
    ...standing(party, today, weekAgo),
    ...linksOf(links.get(party)),
  }))
  const own = today.filter((keyword) => keyword.positions.has(''))
  return { keywords: keywords.length, measured: own.length, parties: sharing(rows) }
}

function visibilityOf(days: readonly VisibilityDay[], party: Party, now: Date): Row['visibility'] {
  const on = (daysAgo: number) => {
    const day = dayBefore(now, daysAgo)
    return days.find((each) => each.party === party && each.day === day)?.visibility ?? null
  }
  return { now: on(0), weekAgo: on(7), fourWeeksAgo: on(28) }
}

interface Standing {
  keywordId: KeywordId
  /** Of each party that was measured; null is absent. */
  positions: Map<Party, number | null>
}

/** The newest day of each keyword and party, no older than it may be carried. */
async function positionsOn(sql: Sql, siteId: SiteId, day: string): Promise<Standing[]> {
  const { rows } = await sql.query<{ keywordId: KeywordId; party: Party; position: number | null }>(
    `select distinct on (keyword_id, party) keyword_id as "keywordId", party, position from ranking_day
     where site_id = $1 and day > $2::date - $3::integer and day <= $2::date order by keyword_id, party, day desc`,
    [siteId, day, carriedDays],
  )
  return [...Map.groupBy(rows, (row) => row.keywordId)].map(([keywordId, stood]) => ({
    keywordId,
    positions: new Map(stood.map(({ party, position }) => [party, position])),
  }))
}

/** Does `one` stand before `other`? Who was not measured is neither before nor behind anybody. */
function isBefore({ positions }: Standing, one: Party, other: Party): boolean {
  const [first, second] = [positions.get(one), positions.get(other)]
  if (first === undefined || second === undefined || first === null) return false
  return second === null || first < second
}

function standing(party: Party, today: readonly Standing[], weekAgo: readonly Standing[]): Pick<Row, 'ahead' | 'overtakes'> {
  const before = new Map(weekAgo.map((each) => [each.keywordId, each]))
  const passed = (now: Standing, one: Party, other: Party) => {
    const then = before.get(now.keywordId)
    return then !== undefined && isBefore(now, one, other) && isBefore(then, other, one)
  }
  const others = (now: Standing) => [...now.positions.keys()].filter((each) => each !== '')
  if (party !== '')
    return {
      ahead: today.filter((now) => isBefore(now, party, '')).length,
      overtakes: today.filter((now) => passed(now, party, '')).length,
    }
  return {
    ahead: today.filter((now) => others(now).length > 0 && others(now).every((other) => isBefore(now, '', other))).length,
    overtakes: today.filter((now) => others(now).some((other) => passed(now, '', other))).length,
  }
}

const linksOf = (links: LinkCounts | undefined): Pick<Row, 'referringDomains' | 'newReferringDomains'> => ({
  referringDomains: links?.total ?? 0,
  newReferringDomains: { week: links?.week ?? 0, fourWeeks: links?.fourWeeks ?? 0 },
})

function sharing(rows: readonly Omit<Row, 'shareOfVoice'>[]): Row[] {
  const total = rows.reduce((sum, row) => sum + (row.visibility.now ?? 0), 0)
  const [own, ...rivals] = rows.map((row) => ({
    ...row,
    shareOfVoice: row.visibility.now === null || total === 0 ? null : row.visibility.now / total,
  }))
  return [...(own ? [own] : []), ...rivals.toSorted((a, b) => (b.visibility.now ?? 0) - (a.visibility.now ?? 0))]
}
