import type { KeywordHistory } from '@tocsin/contract/api/keywords'
import type { RankingList } from '@tocsin/contract/api/rankings'
import type { CompetitorId, KeywordId, RankingListId, SiteId } from '@tocsin/contract/ids'
import type { Measurement } from '@tocsin/contract/keyword'
import type { Sql } from '@tocsin/db/transaction'
import { requireKeyword } from '../keywords/keywords.ts'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'
import { requireSite } from '../sites/sites.ts'
import type { Rival } from './rivals.ts'

export interface RankingListRow {
  id: RankingListId
  siteId: SiteId
  source: string
  listId: string | null
  complete: boolean | null
  entries: number
  checkedAt: Date
  recordedAt: Date
}

export const rankingListColumns = `id, site_id as "siteId", source, sender_id as "listId", complete, entries, checked_at as "checkedAt",
  recorded_at as "recordedAt"`

export function rankingListView(row: RankingListRow): RankingList {
  const { id, siteId, source, listId, complete, entries, checkedAt, recordedAt } = row
  return {
    id,
    siteId,
    source,
    listId,
    complete,
    entries,
    checkedAt: checkedAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
  }
}

export async function listRankingLists(sql: Sql, request: PageRequest & { siteId: SiteId }): Promise<Page<RankingList>> {
  await requireSite(sql, request.siteId)
  const { follows, order } = keyset(request, 'recorded_at', 'id')
  const { rows } = await sql.query<RankingListRow>(
    `select ${rankingListColumns} from ranking_list where ${follows} and site_id = $3 order by ${order} limit $4`,
    [...positionValues(request), request.siteId, request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.recordedAt, id: row.id }), rankingListView)
}

/** What a chart of single points can show. */
const measurementsMax = 200

export async function keywordHistory(
  sql: Sql,
  input: { siteId: SiteId; keywordId: KeywordId; since: Date },
): Promise<KeywordHistory> {
  await requireKeyword(sql, input)
  const { rows } = await sql.query<DayRow>(
    `select day::text, party, position, found, absent, depth from ranking_day
     where keyword_id = $1 and day >= ($2::timestamptz at time zone 'UTC')::date order by day, party`,
    [input.keywordId, input.since],
  )
  const days = [...Map.groupBy(rows, (row) => row.day)].flatMap(([day, parties]) => {
    const own = parties.find((each) => each.party === '')
    if (!own) return []
    const rivals = parties.filter((each) => each.party !== '')
    return [
      {
        day,
        ...stood(own),
        depth: own.depth,
        // Every party but our own is a competitor's id.
        competitors: rivals.map((each) => ({ competitorId: each.party as CompetitorId, ...stood(each) })),
      },
    ]
  })
  return { days, measurements: await newestMeasurements(sql, input.keywordId) }
}

interface DayRow {
  day: string
  party: string
  position: number | null
  found: number
  absent: number
  depth: number
}

const stood = ({ position, found, absent }: DayRow) => ({ position, found, absent })

async function newestMeasurements(sql: Sql, keywordId: KeywordId): Promise<KeywordHistory['measurements']> {
  const { rows } = await sql.query<
    Omit<Measurement, 'checkedAt'> & { checkedAt: Date; complete: boolean | null; rivals: Rival[] }
  >(
    `select position, missing, depth, url, source, checked_at as "checkedAt", complete, rivals from ranking
     where keyword_id = $1 order by checked_at desc limit $2`,
    [keywordId, measurementsMax],
  )
  return rows.map(({ rivals, checkedAt, ...row }) => ({
    ...row,
    checkedAt: checkedAt.toISOString(),
    competitors: rivals.map(({ id, position, url }) => ({ competitorId: id, position, url })),
  }))
}
