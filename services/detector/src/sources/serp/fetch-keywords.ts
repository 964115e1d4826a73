import type { RankingEntry } from '@tocsin/contract/api/rankings'
import { KeywordId } from '@tocsin/contract/ids'
import { type TrackedKeyword, trackedKeywords } from '@tocsin/domain/keywords/keywords'
import { recordRankings } from '@tocsin/domain/rankings/rankings'
import { registrableDomain } from '@tocsin/domain/registrable-domain'
import { z } from 'zod'
import type { AskFault } from '../ask-json.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from '../source.ts'
import type { SerpAnswer, SerpProvider, SerpResult } from './provider.ts'

type Kind = 'serper' | 'serpapi'
type Mine = Connection<Kind>

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Of one round: a minute or two of asking. The rest has its turn in the next. */
const keywordsPerRound = 100
/** Providers answer in a second or five, and count how many are under way. */
const atOnce = 4
/** A round that takes longer is recorded as far as it has come. */
const roundMsMax = 75_000
/** What looks different is asked once more after this, so that two measurements decide and not one. */
const againMs = 31 * minuteMs
const againMax = 1_000
/** As often as the budget allows, but nobody's position changes by the hour, and once a day it has to be known. */
const everyHoursMin = 6
const everyHoursMax = 24
/** A move of so many positions is worth a second look. */
const differentBy = 2

/** A search that failed is tried again after this. */
const retryMs = hourMs

/** Keywords that are asked again, so that a first look is followed by its second; and when each was last asked in vain. */
const State = z.object({
  again: z.array(KeywordId).max(againMax).default([]),
  againAt: z.iso.datetime().nullable().default(null),
  failed: z.record(z.string(), z.iso.datetime()).default({}),
})
type State = z.infer<typeof State>

/** Both providers are asked keyword by keyword, those first that have waited longest; a round is a list of positions like a pushed one. */
export function serpAdapter<Of extends Kind>(kind: Of, provider: SerpProvider): SourceAdapter<Of> {
  // Both kinds have the same settings and credentials, which the compiler cannot see through the parameter.
  const own = (connection: Connection<Of>) => connection as unknown as Mine
  return {
    kind,
    agent: 'ranking',
    everySeconds: (everyHoursMin * hourMs) / 1_000,
    fetch: (deps, connection, signal) => fetchRound(kind, provider, deps, own(connection), signal),
    test: (deps, connection, signal) => tryOut(provider, deps, own(connection), signal),
  }
}

async function fetchRound(
  kind: Kind,
  provider: SerpProvider,
  deps: SourceDeps,
  connection: Mine,
  signal: AbortSignal,
): Promise<Fetched> {
  const { orgId, siteId, siteUrl, now, requestsLeft } = connection
  const tracked = await deps.read(orgId, (sql) => trackedKeywords(sql, siteId))
  const keywords = tracked.filter((keyword) => provider.devices.includes(keyword.device))
  const state = State.safeParse(connection.state)
  const before: State = state.success ? state.data : { again: [], againAt: null, failed: {} }
  const isAgain = before.againAt !== null && Date.parse(before.againAt) <= now.getTime()
  const due = dueKeywords(keywords, { again: new Set(isAgain ? before.again : []), failed: before.failed }, connection)
  const asked = due.slice(0, Math.min(keywordsPerRound, requestsLeft))
  const round = await askAll(provider, deps, connection, asked, signal)
  const { measured, fault, requestsUsed } = round
  if (fault && measured.length === 0) return { ...fault, requestsUsed }
  if (requestsUsed > 0 && measured.every(({ answer }) => answer.kind === 'failed'))
    return { ok: false, reason: 'bad_answer', detail: firstDetail(measured), retryAt: null, requestsUsed }
  const waiting = isAgain ? [] : before.again
  const again = [
    ...new Set([...waiting, ...measured.filter((each) => !isAgain && isDifferent(each, siteUrl)).map((each) => each.keyword.id)]),
  ]
  const againAt =
    again.length === 0 ? null : waiting.length > 0 ? before.againAt : new Date(now.getTime() + againMs).toISOString()
  const entries = measured.map((each) => entryOf(each, siteUrl, connection.config.depth))
  const failed = failedNow(before.failed, measured, now)
  return {
    ok: true,
    async record(change) {
      if (entries.length > 0) await recordRankings(change, { siteId, source: kind, checkedAt: now.toISOString(), entries })
    },
    state: { again: again.slice(0, againMax), againAt, failed },
    nextAt: nextRound({
      now,
      fault,
      againAt,
      hasFailed: Object.keys(failed).length > 0,
      isMore: due.length > measured.length && requestsLeft > requestsUsed,
    }),
    requestsUsed,
  }
}

/** Those that are asked again, then those whose time has come, the longest unmeasured first. */
function dueKeywords(
  keywords: readonly TrackedKeyword[],
  { again, failed }: { again: ReadonlySet<string>; failed: State['failed'] },
  { config, now }: Mine,
): TrackedKeyword[] {
  const perDay = (24 * keywords.length) / config.requestsPerDay
  const everyHours = Math.min(everyHoursMax, Math.max(everyHoursMin, perDay))
  // A little early is on time: rounds are hours apart.
  const oldest = now.getTime() - everyHours * hourMs + 10 * minuteMs
  const at = ({ latest }: TrackedKeyword) => (latest ? Date.parse(latest.checkedAt) : 0)
  const mayTry = ({ id }: TrackedKeyword) => now.getTime() - Date.parse(failed[id] ?? '1970-01-01') >= retryMs
  const usual = keywords.filter((keyword) => !again.has(keyword.id) && at(keyword) <= oldest && mayTry(keyword))
  return [...keywords.filter((keyword) => again.has(keyword.id)), ...usual.toSorted((a, b) => at(a) - at(b))]
}

/** Those of this round, and earlier ones that have not been tried again yet. */
function failedNow(before: State['failed'], measured: readonly Measured[], now: Date): State['failed'] {
  const tried = new Map(measured.map(({ keyword, answer }) => [keyword.id as string, answer.kind]))
  const waiting = Object.entries(before).filter(([id, at]) => !tried.has(id) && now.getTime() - Date.parse(at) < retryMs)
  const failed = [...tried].filter(([, kind]) => kind === 'failed').map(([id]) => [id, now.toISOString()])
  return Object.fromEntries([...waiting, ...failed])
}

interface Measured {
  readonly keyword: TrackedKeyword
  readonly answer: Exclude<SerpAnswer, { kind: 'fault' }>
}

interface Round {
  readonly measured: readonly Measured[]
  readonly fault: AskFault | null
  readonly requestsUsed: number
}

async function askAll(
  provider: SerpProvider,
  deps: SourceDeps,
  { credentials, config }: Mine,
  keywords: readonly TrackedKeyword[],
  signal: AbortSignal,
): Promise<Round> {
  const measured: Measured[] = []
  const endsAt = deps.clock.now().getTime() + roundMsMax
  const waiting = [...keywords]
  let fault: AskFault | null = null
  let requestsUsed = 0
  async function askOn(): Promise<void> {
    while (fault === null && !signal.aborted && deps.clock.now().getTime() < endsAt) {
      const keyword = waiting.shift()
      if (!keyword) return
      requestsUsed += 1
      const answer = await provider.search(deps, { apiKey: credentials.apiKey, keyword, depth: config.depth }, signal)
      if (answer.kind === 'fault') fault = answer.fault
      else measured.push({ keyword, answer })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, askOn))
  return { measured, fault, requestsUsed }
}

const firstDetail = (measured: readonly Measured[]): string =>
  measured.map(({ answer }) => (answer.kind === 'failed' ? answer.detail : '')).find((detail) => detail !== '') ?? 'No results.'

/** The best place of the site: any host of its domain is the site. */
function ownResult(results: readonly SerpResult[], siteUrl: string): SerpResult | null {
  const domain = registrableDomain(siteUrl)
  const host = new URL(siteUrl).host
  const isOwn = ({ url }: SerpResult) => (domain === null ? URL.parse(url)?.host === host : registrableDomain(url) === domain)
  return results
    .filter(isOwn)
    .reduce<SerpResult | null>((best, each) => (best && best.position <= each.position ? best : each), null)
}

function isDifferent({ keyword, answer }: Measured, siteUrl: string): boolean {
  if (answer.kind === 'failed' || !keyword.latest || keyword.latest.missing === 'failed') return false
  const now = ownResult(answer.results, siteUrl)?.position ?? null
  const before = keyword.latest.position
  return now === null || before === null ? now !== before : Math.abs(now - before) > differentBy
}

/** Providers often answer fewer results than were asked for: then only so far has been looked. */
const depthShare = 0.8

function entryOf({ keyword, answer }: Measured, siteUrl: string, wanted: number): RankingEntry {
  const { phrase, country, language, device } = keyword
  const named = { keyword: phrase, country, device, ...(language === '' ? {} : { language }) }
  if (answer.kind === 'failed') return { ...named, position: null, missing: 'failed', depth: wanted }
  const own = ownResult(answer.results, siteUrl)
  const deepest = Math.max(...answer.results.map((result) => result.position))
  const depth = Math.max(deepest, deepest >= depthShare * wanted ? wanted : 0)
  return {
    ...named,
    position: own?.position ?? null,
    depth,
    ...(own ? { url: own.url } : {}),
    results: answer.results.map(({ position, url }) => ({ position, url })),
  }
}

/** Null: when the usual time has passed. */
function nextRound(of: {
  now: Date
  fault: AskFault | null
  againAt: string | null
  hasFailed: boolean
  isMore: boolean
}): Date | null {
  const { now, fault, againAt, hasFailed, isMore } = of
  const later = (ms: number) => new Date(now.getTime() + ms)
  if (fault) return fault.retryAt ?? later(15 * minuteMs)
  if (isMore) return later(minuteMs)
  return againAt !== null ? new Date(againAt) : hasFailed ? later(retryMs) : null
}

async function tryOut(
  provider: SerpProvider,
  deps: SourceDeps,
  { siteUrl, credentials }: Mine,
  signal: AbortSignal,
): Promise<Tested> {
  const phrase = new URL(siteUrl).hostname
  const keyword = { phrase, country: 'US', language: '', device: 'desktop' } as const
  const answer = await provider.search(deps, { apiKey: credentials.apiKey, keyword, depth: 10 }, signal)
  if (answer.kind === 'fault') return { ok: false, reason: answer.fault.reason, detail: answer.fault.detail, requestsUsed: 1 }
  // That nothing is found for the name of a new site is an answer too.
  const count = answer.kind === 'results' ? answer.results.length : 0
  return { ok: true, detail: `The key works: ${count} results for “${phrase}”.`, requestsUsed: 1 }
}
