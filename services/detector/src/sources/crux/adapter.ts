import type { FormFactor } from '@tocsin/contract/vitals'
import { recordCrux } from '@tocsin/domain/vitals/crux'
import type { CruxRecord } from '@tocsin/domain/vitals/crux.read'
import { z } from 'zod'
import { importantPages } from '../../important-pages.ts'
import { type Answered, type AskFault, askJson } from '../ask-json.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from '../source.ts'
import { type Asked, historyOf, recordsOf } from './answers.ts'
import { createMinuteBudget } from './minute-budget.ts'

type Mine = Connection<'crux'>

const dayMs = 86_400_000
/** The origin, the home page and the most important page of the largest templates. */
const pagesMax = 10
/** Tablets are too few to be in the report of almost any site. */
const forms = ['phone', 'desktop'] as const satisfies readonly FormFactor[]
/** Half a year by the week. */
const periods = 25
/** Google allows 150 a minute of a key; the rest is for whoever else uses it. */
const minute = createMinuteBudget(120)

/**
 * When each page was asked for last, and what is known of it, so that nothing is asked twice in a day, and a page with too few visits
 * once a week.
 */
const State = z.object({
  asked: z.record(z.string(), z.object({ day: z.string(), found: z.boolean(), history: z.string().nullable() })).default({}),
})
type State = z.infer<typeof State>

export const crux: SourceAdapter<'crux'> = { kind: 'crux', agent: 'vitals', everySeconds: dayMs / 1_000, fetch, test }

async function fetch(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Fetched> {
  const { now, siteId, siteUrl, orgId } = connection
  const pages = await deps.read(orgId, (sql) => importantPages(sql, siteId, siteUrl, pagesMax))
  const targets = [new URL(siteUrl).origin, ...pages].flatMap((target) => forms.map((form) => ({ target, form })))
  const before = State.safeParse(connection.state)
  const asked: State['asked'] = Object.fromEntries(
    Object.entries(before.success ? before.data.asked : {}).filter(([key]) => targets.some((each) => keyOf(each) === key)),
  )
  const records: CruxRecord[] = []
  let requestsUsed = 0
  let nextAt: Date | null = null
  let fault: AskFault | null = null
  for (const target of targets) {
    const known = asked[keyOf(target)]
    if (!isDue(known, now)) continue
    const isHistoryDue = known?.history == null || daysSince(known.history, now) >= 7
    const needed = isHistoryDue ? 2 : 1
    if (requestsUsed + needed > connection.requestsLeft || !minute.take(connection.credentials.apiKey, needed, now)) {
      nextAt = new Date(now.getTime() + 60_000)
      break
    }
    const answer = await askBoth(deps, connection, target, isHistoryDue, signal)
    requestsUsed += answer.requestsUsed
    if (!answer.ok) {
      fault = answer.fault
      break
    }
    records.push(...answer.records)
    const today = dayOf(now)
    asked[keyOf(target)] = { day: today, found: answer.found, history: isHistoryDue ? today : (known?.history ?? null) }
  }
  if (fault && records.length === 0) return { ...fault, requestsUsed }
  if (fault) nextAt = fault.retryAt ?? new Date(now.getTime() + 15 * 60_000)
  return { ok: true, record: (change) => recordCrux(change, { siteId, records }), state: { asked }, nextAt, requestsUsed }
}

const keyOf = ({ target, form }: Asked): string => `${form} ${target}`
const dayOf = (time: Date): string => time.toISOString().slice(0, 10)
const daysSince = (day: string, now: Date): number => (Date.parse(dayOf(now)) - Date.parse(day)) / dayMs

/** The report moves once a day. A page that is not in it does not come into it from one day to the next. */
const isDue = (known: State['asked'][string] | undefined, now: Date): boolean =>
  !known || daysSince(known.day, now) >= (known.found ? 1 : 7)

type Got =
  | { readonly ok: true; readonly found: boolean; readonly records: CruxRecord[]; readonly requestsUsed: number }
  | { readonly ok: false; readonly fault: AskFault; readonly requestsUsed: number }

/** 404: too few visits to be told. That is no fault, and nothing is known. */
async function askBoth(
  deps: SourceDeps,
  connection: Mine,
  asked: Asked,
  withHistory: boolean,
  signal: AbortSignal,
): Promise<Got> {
  const now = await ask(deps, connection, asked, 'queryRecord', signal)
  const records = now.ok && now.status === 200 ? recordsOf(asked, now.body) : []
  const fault = faultOf(now, records)
  if (fault) return { ok: false, fault, requestsUsed: 1 }
  if (!records || records.length === 0 || !withHistory)
    return { ok: true, found: !!records?.length, records: records ?? [], requestsUsed: 1 }
  const past = await ask(deps, connection, asked, 'queryHistoryRecord', signal)
  const history = past.ok && past.status === 200 ? historyOf(asked, past.body) : []
  const pastFault = faultOf(past, history)
  if (pastFault) return { ok: false, fault: pastFault, requestsUsed: 2 }
  // The daily record is the newer one where both tell of a period.
  return { ok: true, found: true, records: [...(history ?? []), ...records], requestsUsed: 2 }
}

function ask(
  deps: SourceDeps,
  { credentials }: Mine,
  { target, form }: Asked,
  method: 'queryRecord' | 'queryHistoryRecord',
  signal: AbortSignal,
): Promise<Answered> {
  const of = new URL(target).origin === target ? { origin: target } : { url: target }
  const more = method === 'queryHistoryRecord' ? { collectionPeriodCount: periods } : {}
  const url = `${deps.urls.CRUX_URL}/v1/records:${method}?key=${encodeURIComponent(credentials.apiKey)}`
  const body = JSON.stringify({ ...of, formFactor: form.toUpperCase(), ...more })
  return askJson(deps, url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal })
}

const Refused = z.object({ error: z.object({ status: z.string().optional(), details: z.array(z.unknown()).optional() }) })

function faultOf(answer: Answered, records: readonly CruxRecord[] | null): AskFault | null {
  if (!answer.ok) return answer
  const { status, retryAt } = answer
  const fault = (reason: AskFault['reason'], detail: string): AskFault => ({ ok: false, reason, detail, retryAt })
  if (status === 200) return records ? null : fault('bad_answer', 'Not a record of the Chrome UX Report.')
  if (status === 404) return null
  const refused = Refused.safeParse(answer.body)
  const details = refused.success ? JSON.stringify(refused.data.error.details ?? []) : ''
  if (status === 401 || details.includes('API_KEY_INVALID')) return fault('credentials', 'The API key is not valid.')
  if (status === 403) return fault('forbidden', 'The key may not use the Chrome UX Report API, or not from here.')
  if (status === 429) return fault('quota', 'Too many requests with this key.')
  return fault(status >= 500 ? 'unavailable' : 'bad_answer', `The API answered ${status}.`)
}

async function test(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Tested> {
  const target = new URL(connection.siteUrl).origin
  const asked = { target, form: 'phone' } as const
  const answer = await ask(deps, connection, asked, 'queryRecord', signal)
  const records = answer.ok && answer.status === 200 ? recordsOf(asked, answer.body) : []
  const fault = faultOf(answer, records)
  if (fault) return { ok: false, reason: fault.reason, detail: fault.detail, requestsUsed: 1 }
  const detail = records?.length
    ? `The report knows ${target}.`
    : `The key works. The report does not know ${target} on phones: it has too few visits.`
  return { ok: true, detail, requestsUsed: 1 }
}
