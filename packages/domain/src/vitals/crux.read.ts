import type { SiteId } from '@tocsin/contract/ids'
import type { FormFactor, VitalMetric } from '@tocsin/contract/vitals'
import type { Sql } from '@tocsin/db/transaction'

/** One collection period of the Chrome UX Report: 28 days of a page or of an origin. */
export interface CruxRecord {
  /** A page's address, or an origin (without a slash at its end). */
  readonly target: string
  readonly form: FormFactor
  readonly metric: VitalMetric
  /** ISO dates, both within the period. */
  readonly firstDay: string
  readonly lastDay: string
  readonly p75: number
  readonly goodShare: number | null
  readonly poorShare: number | null
}

const columns = `target, form, metric, to_char(first_day, 'YYYY-MM-DD') as "firstDay", to_char(last_day, 'YYYY-MM-DD') as "lastDay",
  p75, good_share as "goodShare", poor_share as "poorShare"`

/** Targets times metrics times form factors; a source has a few dozen pages. */
const latestMax = 1_000
/** As above, times the periods of half a year by the week. */
const historyMax = 20_000

/** Of every target the latest period that is known. */
export async function latestCrux(sql: Sql, siteId: SiteId): Promise<CruxRecord[]> {
  const { rows } = await sql.query<CruxRecord>(
    `select distinct on (target, form, metric) ${columns} from crux_record where site_id = $1
     order by target, form, metric, last_day desc limit $2`,
    [siteId, latestMax],
  )
  return rows
}

/** Every period since a day, the latest first. */
export async function cruxHistory(sql: Sql, siteId: SiteId, from: Date): Promise<CruxRecord[]> {
  const { rows } = await sql.query<CruxRecord>(
    `select ${columns} from crux_record where site_id = $1 and last_day >= $2::date order by last_day desc limit $3`,
    [siteId, from.toISOString().slice(0, 10), historyMax],
  )
  return rows
}
