import type { Figures, Inspection, SearchConsoleFigures } from '@tocsin/domain/search-console/search-console'
import { recordSearchConsole } from '@tocsin/domain/search-console/search-console'
import {
  inspectionsByUrl,
  type KnownDay,
  knownDays,
  type SearchConsoleState,
  searchConsoleState,
} from '@tocsin/domain/search-console/search-console.read'
import { z } from 'zod'
import { addDays, daysBetween, daysFrom, pacificDay, startOfPacificDay } from '../../judges/pacific.ts'
import { recallKnownPages } from '../../known-pages.ts'
import { askGoogle } from '../ask-google.ts'
import type { AskFault } from '../ask-json.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from '../source.ts'
import { type AnalyticsDoor, readDays, readDetails, readHours } from './analytics.ts'
import { type Inspectable, inspect, inspectNext } from './inspection.ts'
import { accessToken } from './token.ts'

type Mine = Connection<'search_console'>

/** Google keeps 16 months; the totals of a year and a bit tell the seasons. */
const totalDays = 480
/** What the rules compare: a week with the four before it, and a week in reserve for days that Google has not finished. */
const detailDays = 42
/** Of a fetch. A day with much traffic takes some ten seconds. */
const detailsMax = 6
/** Google answers hours of ten days. */
const hourDays = 9
/** Hours are revised while they are counted. */
const revisedDays = 1
const inspectionsAtOnce = 5
const inspectionsMax = 90
const minuteMs = 60_000
const inspectionMemoryMs = 60 * 24 * 60 * minuteMs

/** What today's inspections have come to. Google's day is Pacific. */
const State = z.object({ day: z.string().default(''), inspected: z.number().int().default(0) })
type State = z.infer<typeof State>

export const searchConsole: SourceAdapter<'search_console'> = {
  kind: 'search_console',
  agent: 'ranking',
  everySeconds: 3_600,
  fetch,
  test,
}

async function fetch(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Fetched> {
  const budget = createBudget(connection.requestsLeft)
  budget.spend()
  const granted = await accessToken(deps, connection.credentials, signal)
  if (!granted.ok) return { ...granted, requestsUsed: budget.used() }
  const door = { deps, property: connection.config.property, token: granted.token, signal, spend: () => budget.spend() }
  const known = await recall(deps, connection)
  const today = pacificDay(connection.now)
  const gathered = await gather(door, known, today)
  const { fault } = gathered
  if (fault && gathered.isEmpty) return { ...fault, requestsUsed: budget.used() }
  const state = stateOf(connection, today)
  const inspections = fault ? [] : await inspectSome(door, connection, state, budget.left())
  const figures: SearchConsoleFigures = { ...gathered.figures, inspections, anomalies: deps.anomalies, property: door.property }
  return {
    ok: true,
    record: (change) => recordSearchConsole(change, connection.siteId, figures),
    state: { ...state, inspected: state.inspected + inspections.length },
    nextAt: nextTime(connection.now, fault, gathered.isBehind),
    requestsUsed: budget.used(),
  }
}

function createBudget(requestsLeft: number) {
  let used = 0
  return {
    used: () => used,
    left: () => requestsLeft - used,
    spend() {
      if (used >= requestsLeft) return false
      used += 1
      return true
    },
  }
}

/** What could not be read is read soon; days that are still to come as well. */
function nextTime(now: Date, fault: AskFault | null, isBehind: boolean): Date | null {
  if (fault) return fault.retryAt ?? new Date(now.getTime() + 15 * minuteMs)
  return isBehind ? new Date(now.getTime() + minuteMs) : null
}

function stateOf({ state }: Mine, today: string): State {
  const parsed = State.safeParse(state)
  return parsed.success && parsed.data.day === today ? parsed.data : { day: today, inspected: 0 }
}

interface Known {
  readonly state: SearchConsoleState | null
  readonly days: readonly KnownDay[]
}

/** Of another property nothing is known. */
function recall(deps: SourceDeps, { orgId, siteId, config, now }: Mine): Promise<Known> {
  return deps.read(orgId, async (sql) => {
    const state = await searchConsoleState(sql, siteId)
    if (state?.property !== config.property) return { state: null, days: [] }
    return { state, days: await knownDays(sql, siteId, addDays(pacificDay(now), -detailDays)) }
  })
}

interface Gathered {
  readonly figures: Pick<SearchConsoleFigures, 'finalThrough' | 'days' | 'details' | 'hours'>
  /** The first thing that went wrong; what came before it counts. */
  readonly fault: AskFault | null
  readonly isEmpty: boolean
  /** Final days are left to be read. */
  readonly isBehind: boolean
}

/** Totals, then the days that are missing, newest first, then hours. */
async function gather(door: AnalyticsDoor, known: Known, today: string): Promise<Gathered> {
  const totals = await readTotals(door, known.state?.finalThrough ?? null, today)
  if (!totals.ok) return gatheredUntil({ finalThrough: null, days: [], details: [], hours: null }, totals, false)
  const { finalThrough, days } = totals
  const missing = missingDays(known, finalThrough, today)
  const details: SearchConsoleFigures['details'][number][] = []
  for (const day of missing.slice(0, detailsMax)) {
    const read = await readDetails(door, day)
    if (!read.ok) return gatheredUntil({ finalThrough, days, details, hours: null }, read, true)
    details.push({ day, rows: read.rows })
  }
  const isBehind = missing.length > detailsMax
  const hours = await readRecentHours(door, known.state?.hoursThrough ?? null, today)
  if (!hours.ok) return gatheredUntil({ finalThrough, days, details, hours: null }, hours, isBehind)
  return gatheredUntil({ finalThrough, days, details, hours: hours.hours }, null, isBehind)
}

function gatheredUntil(figures: Gathered['figures'], fault: AskFault | null, isBehind: boolean): Gathered {
  const isEmpty = figures.days.length === 0 && figures.details.length === 0 && figures.hours === null
  return { figures, fault, isEmpty, isBehind }
}

type Totals = { ok: true; finalThrough: string | null; days: (Figures & { day: string })[] }

/** Final days come in order, so every day before the last one that has figures is final too, with or without any. */
async function readTotals(door: AnalyticsDoor, finalThrough: string | null, today: string): Promise<Totals | AskFault> {
  // Nothing is final sooner than after two days.
  if (finalThrough !== null && daysBetween(finalThrough, today) < 2) return { ok: true, finalThrough, days: [] }
  const from = finalThrough === null ? addDays(today, -totalDays) : addDays(finalThrough, 1)
  const read = await readDays(door, from, addDays(today, -1))
  if (!read.ok) return read
  const seen = new Map(read.days.map((each) => [each.day, each]))
  const [first, last] = [[...seen.keys()].toSorted()[0], [...seen.keys()].toSorted().at(-1)]
  if (first === undefined || last === undefined) return { ok: true, finalThrough, days: [] }
  const empty = { clicks: 0, impressions: 0, position: 0 }
  // Before the first figures of a new property nothing was counted, which is not the same as nothing.
  const days = daysFrom(finalThrough === null ? first : from, last).map((day) => seen.get(day) ?? { day, ...empty })
  return { ok: true, finalThrough: last, days }
}

function missingDays({ days }: Known, finalThrough: string | null, today: string): string[] {
  if (finalThrough === null) return []
  const detailed = new Set(days.filter((each) => each.detailed).map((each) => each.day))
  return daysFrom(addDays(today, -detailDays), finalThrough)
    .filter((day) => !detailed.has(day))
    .toReversed()
}

async function readRecentHours(
  door: AnalyticsDoor,
  hoursThrough: Date | null,
  today: string,
): Promise<{ ok: true; hours: SearchConsoleFigures['hours'] } | AskFault> {
  const oldest = addDays(today, -hourDays)
  const known = hoursThrough === null ? oldest : addDays(pacificDay(hoursThrough), -revisedDays)
  const [, from = oldest] = [oldest, known].toSorted()
  const read = await readHours(door, from, today)
  if (!read.ok) return read
  const { rows, completeUntil } = read
  return { ok: true, hours: completeUntil === null ? null : { from: startOfPacificDay(from), through: completeUntil, rows } }
}

/** As many pages as the day's budget allows for this hour. What Google refuses to say about one page is unknown; a spent quota ends it. */
async function inspectSome(door: AnalyticsDoor, connection: Mine, state: State, requestsLeft: number): Promise<Inspection[]> {
  const { inspectionsPerDay } = connection.config
  const hourly = Math.min(inspectionsMax, Math.ceil(inspectionsPerDay / 24))
  const count = Math.max(0, Math.min(hourly, inspectionsPerDay - state.inspected, requestsLeft))
  if (count === 0) return []
  const waiting = inspectNext(await inspectable(door.deps, connection), count, connection.now)
  const inspections: Inspection[] = []
  let isOver = false
  const work = async () => {
    for (let url = waiting.shift(); url !== undefined && !isOver && door.spend(); url = waiting.shift()) {
      const answered = await inspect(door, url)
      if (answered.ok) inspections.push(answered.inspection)
      else if (answered.reason === 'bad_answer' || answered.reason === 'forbidden' || answered.reason === 'not_found')
        inspections.push(unanswered(url, door.deps.clock.now()))
      else isOver = true
    }
  }
  await Promise.all(Array.from({ length: inspectionsAtOnce }, work))
  return inspections
}

const unanswered = (url: string, at: Date): Inspection => ({
  url,
  at,
  verdict: 'unknown',
  coverage: null,
  robots: null,
  indexing: null,
  pageFetch: null,
  googleCanonical: null,
  userCanonical: null,
  crawledAt: null,
})

/** Pages that are meant to be in the index. */
function inspectable(deps: AnalyticsDoor['deps'], { orgId, siteId, now }: Mine): Promise<Inspectable[]> {
  return deps.read(orgId, async (sql) => {
    const since = new Date(now.getTime() - inspectionMemoryMs)
    const inspections = await inspectionsByUrl(sql, siteId, { since, each: 5 })
    return [...(await recallKnownPages(sql, siteId)).pages]
      .filter(([, page]) => page.indexable && page.lastOkAt !== null)
      .map(([url, { importance }]) => ({ url, importance, inspections: inspections.get(url) ?? [] }))
  })
}

const Site = z.object({ permissionLevel: z.string() })

/** Whether the account may read the property. */
async function test(deps: SourceDeps, { config, credentials }: Mine, signal: AbortSignal): Promise<Tested> {
  const granted = await accessToken(deps, credentials, signal)
  if (!granted.ok) return { ...granted, requestsUsed: 1 }
  const answered = await askGoogle(deps, `${deps.urls.GSC_URL}/webmasters/v3/sites/${encodeURIComponent(config.property)}`, {
    headers: { authorization: `Bearer ${granted.token}` },
    signal,
  })
  if (!answered.ok) return { ...answered, requestsUsed: 2 }
  const site = Site.safeParse(answered.body)
  if (!site.success) return { ok: false, reason: 'bad_answer', detail: 'An answer that cannot be read.', requestsUsed: 2 }
  if (site.data.permissionLevel === 'siteUnverifiedUser')
    return { ok: false, reason: 'forbidden', detail: 'The account may not read this property.', requestsUsed: 2 }
  return { ok: true, detail: `The account may read ${config.property}.`, requestsUsed: 2 }
}
