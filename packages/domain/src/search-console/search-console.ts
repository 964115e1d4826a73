import { createHash } from 'node:crypto'
import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { storableJson } from '../storable-json.ts'

/** Clicks and impressions, and the mean position weighted by impressions. */
export interface Figures {
  clicks: number
  impressions: number
  position: number
}

/** A Pacific date, as Google counts days: `2026-03-01`. */
export type Day = string

export interface QueryRow extends Figures {
  query: string
  /** Its identity. */
  page: string
}

export interface HourRow extends Figures {
  /** Its beginning. */
  hour: Date
  query: string
}

export type InspectionVerdict = 'pass' | 'partial' | 'fail' | 'neutral' | 'unknown'

export interface Inspection {
  url: string
  at: Date
  verdict: InspectionVerdict
  coverage: string | null
  robots: string | null
  indexing: string | null
  pageFetch: string | null
  googleCanonical: string | null
  userCanonical: string | null
  crawledAt: Date | null
}

export interface SearchConsoleFigures {
  property: string
  /** The last day whose figures do not change any more. Null: not known yet. */
  finalThrough: Day | null
  /** Of final days; a day of which there is nothing to tell has zeros. */
  days: readonly (Figures & { day: Day })[]
  /** Final days read to the end, with the rows that are kept. */
  details: readonly { day: Day; rows: readonly QueryRow[] }[]
  /** Null: nothing new. Replaces everything from `from` on. */
  hours: { from: Date; through: Date; rows: readonly HourRow[] } | null
  inspections: readonly Inspection[]
  /** What is known to be wrong with days; replaces what was known. */
  anomalies: readonly { from: Day; to: Day; note: string; breaks: boolean }[]
}

/** Rows of some 200 bytes. */
const rowsPerStatement = 1_000

/** What a fetch brought. Figures of another property are forgotten: they are not comparable. */
export async function recordSearchConsole(change: Change, siteId: SiteId, figures: SearchConsoleFigures): Promise<void> {
  await turnTo(change, siteId, figures)
  await recordDays(change, siteId, figures)
  for (const { day, rows } of figures.details) await recordDetails(change, siteId, day, rows)
  if (figures.hours) await recordHours(change, siteId, figures.hours)
  await recordInspections(change, siteId, figures.inspections)
  await change.tx.query(
    `update gsc_day d set anomaly = known.note, breaks = coalesce(known.breaks, false)
     from gsc_day old
       left join lateral (
         select a.note, a.breaks from jsonb_to_recordset($2) as a ("from" date, "to" date, note text, breaks boolean)
         where old.day between a."from" and a."to" order by a.breaks desc limit 1
       ) known on true
     where d.site_id = $1 and old.site_id = d.site_id and old.day = d.day
       and (d.anomaly is distinct from known.note or d.breaks <> coalesce(known.breaks, false))`,
    [siteId, storableJson(figures.anomalies)],
  )
}

async function turnTo(change: Change, siteId: SiteId, figures: SearchConsoleFigures): Promise<void> {
  const { rowCount } = await change.tx.query('select from gsc_site where site_id = $1 and property <> $2', [
    siteId,
    figures.property,
  ])
  if (rowCount > 0)
    for (const table of ['gsc_site', 'gsc_day', 'gsc_row', 'gsc_hour', 'url_inspection'])
      await change.tx.query(`delete from ${table} where site_id = $1`, [siteId])
  await change.tx.query(
    `insert into gsc_site (org_id, site_id, property, final_through, hours_through, updated_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (site_id) do update set final_through = greatest(gsc_site.final_through, excluded.final_through),
       hours_through = greatest(gsc_site.hours_through, excluded.hours_through), updated_at = excluded.updated_at`,
    [change.orgId, siteId, figures.property, figures.finalThrough, figures.hours?.through ?? null, change.now],
  )
}

async function recordDays(change: Change, siteId: SiteId, { days }: SearchConsoleFigures): Promise<void> {
  await change.tx.query(
    `insert into gsc_day (org_id, site_id, day, clicks, impressions, position)
     select $1, $2, new.day, new.clicks, new.impressions, new.position
     from jsonb_to_recordset($3) as new (day date, clicks bigint, impressions bigint, position real)
     on conflict (site_id, day) do update
       set clicks = excluded.clicks, impressions = excluded.impressions, position = excluded.position`,
    [change.orgId, siteId, storableJson(days)],
  )
}

async function recordDetails(change: Change, siteId: SiteId, day: Day, rows: readonly QueryRow[]): Promise<void> {
  await change.tx.query('delete from gsc_row where site_id = $1 and day = $2', [siteId, day])
  const hashed = rows.map((row) => ({ ...row, pair: pairOf(row.query, row.page) }))
  for (let from = 0; from < hashed.length; from += rowsPerStatement)
    await change.tx.query(
      `insert into gsc_row (org_id, site_id, day, pair, query, page, clicks, impressions, position)
       select $1, $2, $3::date, new.pair, new.query, new.page, new.clicks, new.impressions, new.position
       from jsonb_to_recordset($4)
         as new (pair text, query text, page text, clicks bigint, impressions bigint, position real)
       on conflict do nothing`,
      [change.orgId, siteId, day, storableJson(hashed.slice(from, from + rowsPerStatement))],
    )
  await change.tx.query(
    `insert into gsc_day (org_id, site_id, day, clicks, impressions, detailed) values ($1, $2, $3, 0, 0, true)
     on conflict (site_id, day) do update set detailed = true`,
    [change.orgId, siteId, day],
  )
}

/** A query on a page, short enough for an index. */
export const pairOf = (query: string, page: string): string =>
  createHash('sha256').update(`${query}\n${page}`).digest('base64url').slice(0, 24)

async function recordHours(change: Change, siteId: SiteId, hours: NonNullable<SearchConsoleFigures['hours']>): Promise<void> {
  await change.tx.query('delete from gsc_hour where site_id = $1 and hour >= $2', [siteId, hours.from])
  const hashed = hours.rows.map((row) => ({ ...row, hash: pairOf(row.query, '') }))
  for (let from = 0; from < hashed.length; from += rowsPerStatement)
    await change.tx.query(
      `insert into gsc_hour (org_id, site_id, hour, query_hash, query, clicks, impressions, position)
       select $1, $2, new.hour, new.hash, new.query, new.clicks, new.impressions, new.position
       from jsonb_to_recordset($3)
         as new (hour timestamptz, hash text, query text, clicks bigint, impressions bigint, position real)
       on conflict do nothing`,
      [change.orgId, siteId, storableJson(hashed.slice(from, from + rowsPerStatement))],
    )
}

async function recordInspections(change: Change, siteId: SiteId, inspections: readonly Inspection[]): Promise<void> {
  await change.tx.query(
    `insert into url_inspection (org_id, site_id, url, at, verdict, coverage, robots, indexing, page_fetch, google_canonical,
       user_canonical, crawled_at)
     select $1, $2, new.url, new.at, new.verdict, new.coverage, new.robots, new.indexing, new."pageFetch", new."googleCanonical",
       new."userCanonical", new."crawledAt"
     from jsonb_to_recordset($3) as new (url text, at timestamptz, verdict text, coverage text, robots text, indexing text,
       "pageFetch" text, "googleCanonical" text, "userCanonical" text, "crawledAt" timestamptz)
     on conflict do nothing`,
    [change.orgId, siteId, storableJson(inspections)],
  )
}
