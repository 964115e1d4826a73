import type { KeywordId, RankingListId, SiteId } from '@tocsin/contract/ids'
import type { Missing } from '@tocsin/contract/keyword'
import type { Change } from '@tocsin/journal/change'
import { storableJson } from '../storable-json.ts'
import type { SeenRivals } from './rivals.ts'

export interface NewMeasurement extends SeenRivals {
  keywordId: KeywordId
  checkedAt: string
  position: number | null
  missing: Missing | null
  depth: number
  url: string | null
}

interface FromList {
  siteId: SiteId
  listId: RankingListId
  source: string
  complete: boolean | null
}

/** Rows of some hundred bytes, and a few kilobytes with many competitors. */
const rowsPerStatement = 1_000

/** A later list that speaks of the same moment of the same source corrects it. */
export async function insertMeasurements(change: Change, list: FromList, measured: readonly NewMeasurement[]): Promise<void> {
  for (let from = 0; from < measured.length; from += rowsPerStatement) {
    const chunk = measured.slice(from, from + rowsPerStatement)
    await change.tx.query(
      `insert into ranking (org_id, site_id, keyword_id, checked_at, source, list_id, complete, position, missing, depth, url, rivals)
       select $1, $2, new."keywordId", new."checkedAt", $3, $4, $5, new.position, new.missing, new.depth, new.url, new.rivals
       from jsonb_to_recordset($6) as new ("keywordId" text, "checkedAt" timestamptz, position integer, missing text, depth integer,
         url text, rivals jsonb)
       on conflict (keyword_id, checked_at, source) do update set list_id = excluded.list_id, complete = excluded.complete,
         position = excluded.position, missing = excluded.missing, depth = excluded.depth, url = excluded.url, rivals = excluded.rivals`,
      [change.orgId, list.siteId, list.source, list.listId, list.complete, storableJson(chunk)],
    )
    await summarizeDays(change, list.siteId, chunk)
    if (list.complete !== false) await notePages(change, list.siteId, chunk)
  }
}

/**
 * The days of these measurements, anew from all good measurements of each. A day on which absences outweigh has no position; on one with
 * as many of both, what was found counts.
 */
async function summarizeDays(change: Change, siteId: SiteId, measured: readonly NewMeasurement[]): Promise<void> {
  const touched = new Map(
    measured.map(({ keywordId, checkedAt }) => [`${keywordId} ${dayOf(checkedAt)}`, { keywordId, checkedAt }]),
  )
  const days = [...touched.values()]
  await change.tx.query(
    `with measured as (
       select r.keyword_id, touched.day, r.position, r.depth, r.rivals
       from unnest($3::text[], $4::date[]) as touched (keyword_id, day)
       join ranking r on r.keyword_id = touched.keyword_id
         and r.checked_at >= touched.day::timestamp at time zone 'UTC' and r.checked_at < (touched.day + 1)::timestamp at time zone 'UTC'
       where r.complete is distinct from false and r.missing is distinct from 'failed'
     ), stood as (
       select keyword_id, day, '' as party, position, depth from measured
       union all
       select keyword_id, day, rival.id, rival.position, rival.depth
       from measured cross join lateral jsonb_to_recordset(rivals) as rival (id text, position integer, depth integer)
     ), summed as (
       select keyword_id, day, party, count(position) as found, count(*) - count(position) as absent, min(depth) as depth,
         percentile_cont(0.5) within group (order by position) as median
       from stood group by keyword_id, day, party
     )
     insert into ranking_day (org_id, site_id, keyword_id, day, party, position, found, absent, depth)
     select $1, $2, keyword_id, day, party, case when found >= absent then median end, found, absent, depth from summed
     on conflict (keyword_id, day, party) do update
       set position = excluded.position, found = excluded.found, absent = excluded.absent, depth = excluded.depth`,
    [change.orgId, siteId, days.map((each) => each.keywordId), days.map((each) => dayOf(each.checkedAt))],
  )
}

async function notePages(change: Change, siteId: SiteId, measured: readonly NewMeasurement[]): Promise<void> {
  const pages = new Map<string, { keywordId: string; competitorId: string; url: string; first: string; last: string }>()
  for (const { keywordId, checkedAt, pages: seen } of measured)
    for (const { competitorId, url } of seen) {
      const key = `${keywordId} ${url}`
      const day = dayOf(checkedAt)
      const before = pages.get(key) ?? { keywordId, competitorId, url, first: day, last: day }
      const [first = day, last = day] = [before.first, day, before.last].toSorted().filter((_, n) => n !== 1)
      pages.set(key, { ...before, first, last })
    }
  if (pages.size === 0) return
  await change.tx.query(
    `insert into competitor_page (org_id, site_id, keyword_id, competitor_id, url, first_seen_on, last_seen_on)
     select $1, $2, new."keywordId", new."competitorId", new.url, new.first, new.last
     from jsonb_to_recordset($3) as new ("keywordId" text, "competitorId" text, url text, first date, last date)
     on conflict (keyword_id, url) do update
       set first_seen_on = least(competitor_page.first_seen_on, excluded.first_seen_on),
         last_seen_on = greatest(competitor_page.last_seen_on, excluded.last_seen_on)`,
    [change.orgId, siteId, storableJson([...pages.values()])],
  )
}

const dayOf = (instant: string): string => instant.slice(0, 10)
