import type { Figures, HourRow, QueryRow } from '@tocsin/domain/search-console/search-console'
import { z } from 'zod'
import { urlAddress } from '../../judges/url-address.ts'
import { askGoogle } from '../ask-google.ts'
import type { AskFault } from '../ask-json.ts'
import type { SourceDeps } from '../source.ts'

/** The most that Google gives at once. */
const rowLimit = 25_000
/** Google keeps no more than 50,000 rows of a day; a server that never ends is not followed for ever. */
const pagesMax = 4
/** 25,000 rows of some 300 bytes. */
const maxBytes = 24 * 1024 * 1024
const timeoutMs = 60_000
/** Of a day and of an hour, the most seen: what is rarer decides nothing. */
const rowsOfDayMax = 2_000
const rowsOfHourMax = 200
const queryLengthMax = 500

const Row = z.object({
  keys: z.array(z.string()).min(1).max(5),
  clicks: z.number().nonnegative(),
  impressions: z.number().nonnegative(),
  position: z.number().nonnegative(),
})
type Row = z.infer<typeof Row>
const Metadata = z.object({
  firstIncompleteHour: z.string().optional(),
  first_incomplete_hour: z.string().optional(),
})
const Page = z.object({ rows: z.array(Row).max(rowLimit).default([]), metadata: Metadata.optional() })

export interface AnalyticsDoor {
  readonly deps: SourceDeps
  readonly property: string
  readonly token: string
  readonly signal: AbortSignal
  /** Called before each request; false: the budget is spent. */
  spend(): boolean
}

type Read<Result> = ({ readonly ok: true } & Result) | AskFault

/** Totals of final days that have any; the last of them tells how far the data is final. */
export async function readDays(
  door: AnalyticsDoor,
  from: string,
  through: string,
): Promise<Read<{ days: (Figures & { day: string })[] }>> {
  const days: (Figures & { day: string })[] = []
  const read = await readPages(door, { startDate: from, endDate: through, dimensions: ['date'], dataState: 'final' }, (row) => {
    const [day = ''] = row.keys
    if (/^\d{4}-\d\d-\d\d$/.test(day) && day >= from && day <= through) days.push({ day, ...figuresOf(row) })
  })
  return read.ok ? { ok: true, days } : read
}

/** The most seen queries on pages of one final day. All pages of the answer or nothing: half a day would look like a loss. */
export async function readDetails(door: AnalyticsDoor, day: string): Promise<Read<{ rows: QueryRow[] }>> {
  const most = mostSeen<QueryRow>(rowsOfDayMax)
  const question = { startDate: day, endDate: day, dimensions: ['date', 'query', 'page'], dataState: 'final' }
  const read = await readPages(door, question, (row) => {
    const [date, query, page] = row.keys
    if (date !== day || query === undefined || page === undefined) return
    most.add({ query: query.slice(0, queryLengthMax), page: urlAddress(page) ?? page, ...figuresOf(row) })
  })
  return read.ok ? { ok: true, rows: most.rows() } : read
}

/** Queries by hour, with the end of the last hour that is complete. Null: Google does not say that anything is. */
export async function readHours(
  door: AnalyticsDoor,
  from: string,
  through: string,
): Promise<Read<{ rows: HourRow[]; completeUntil: Date | null }>> {
  const byHour = new Map<number, ReturnType<typeof mostSeen<HourRow>>>()
  const question = { startDate: from, endDate: through, dimensions: ['hour', 'query'], dataState: 'hourly_all' }
  const read = await readPages(door, question, (row) => {
    const [hourText = '', query] = row.keys
    const hour = Date.parse(hourText)
    if (Number.isNaN(hour) || query === undefined) return
    const most = byHour.get(hour) ?? mostSeen<HourRow>(rowsOfHourMax)
    byHour.set(hour, most)
    most.add({ hour: new Date(hour), query: query.slice(0, queryLengthMax), ...figuresOf(row) })
  })
  if (!read.ok) return read
  const completeUntil = completeHours(read.firstIncompleteHour, [...byHour.keys()])
  const rows = [...byHour.values()].flatMap((most) => most.rows())
  return { ok: true, rows: rows.filter(({ hour }) => completeUntil !== null && hour < completeUntil), completeUntil }
}

/** Without the mark nothing in the range is incomplete: the last hour that has anything is the last that is known. */
function completeHours(firstIncomplete: string | null, hours: readonly number[]): Date | null {
  const mark = firstIncomplete === null ? Number.NaN : Date.parse(firstIncomplete)
  if (!Number.isNaN(mark)) return new Date(mark)
  // A mark that cannot be read says that there is one, and not where.
  if (firstIncomplete !== null || hours.length === 0) return null
  return new Date(hours.reduce((latest, hour) => Math.max(latest, hour), 0) + 3_600_000)
}

async function readPages(
  door: AnalyticsDoor,
  question: object,
  take: (row: Row) => void,
): Promise<Read<{ firstIncompleteHour: string | null }>> {
  let firstIncompleteHour: string | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    if (!door.spend()) return { ok: false, reason: 'quota', detail: 'The budget of requests for today is spent.', retryAt: null }
    const { deps, token, signal } = door
    const answered = await askGoogle(
      deps,
      `${deps.urls.GSC_URL}/webmasters/v3/sites/${encodeURIComponent(door.property)}/searchAnalytics/query`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...question, type: 'web', rowLimit, startRow: page * rowLimit }),
        signal,
        timeoutMs,
        maxBytes,
      },
    )
    if (!answered.ok) return answered
    const parsed = Page.safeParse(answered.body)
    if (!parsed.success) return { ok: false, reason: 'bad_answer', detail: 'Figures that cannot be read.', retryAt: null }
    const { rows, metadata } = parsed.data
    for (const row of rows) take(row)
    firstIncompleteHour ??= metadata?.firstIncompleteHour ?? metadata?.first_incomplete_hour ?? null
    if (rows.length < rowLimit) break
  }
  return { ok: true, firstIncompleteHour }
}

const figuresOf = ({ clicks, impressions, position }: Row): Figures => ({
  clicks: Math.round(clicks),
  impressions: Math.round(impressions),
  position,
})

/** Keeps the rows with most impressions. What is written alike in two ways is one row. */
function mostSeen<Kept extends Figures & { query: string; page?: string }>(max: number) {
  const kept = new Map<string, Kept>()
  let least = 0
  function cut() {
    const sorted = [...kept].toSorted(([, a], [, b]) => b.impressions - a.impressions)
    kept.clear()
    for (const [key, row] of sorted.slice(0, max)) kept.set(key, row)
    least = sorted[max - 1]?.[1].impressions ?? 0
  }
  return {
    add(row: Kept) {
      const key = `${row.query}\n${row.page ?? ''}`
      const known = kept.get(key)
      if (known) kept.set(key, { ...known, ...together(known, row) })
      else if (row.impressions > least || kept.size < max) kept.set(key, row)
      if (kept.size >= 2 * max) cut()
    },
    rows(): Kept[] {
      if (kept.size > max) cut()
      return [...kept.values()]
    },
  }
}

function together(a: Figures, b: Figures): Figures {
  const impressions = a.impressions + b.impressions
  const position = impressions === 0 ? a.position : (a.position * a.impressions + b.position * b.impressions) / impressions
  return { clicks: a.clicks + b.clicks, impressions, position }
}
