import { type ListedHost, recordListings } from '@tocsin/domain/listings/listings'
import { z } from 'zod'
import { askJson } from '../ask-json.ts'
import { googleFault } from '../google-fault.ts'
import { hostsNamed, hostsToCheck } from '../hosts-to-check.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from '../source.ts'

type Mine = Connection<'safe_browsing'>

const hourSeconds = 3_600
/** Answers hold for minutes; nothing is asked for more often than this, nor kept for longer than Google allows. */
const cacheMsMin = 5 * 60_000
const cacheMsMax = 24 * 3_600_000

/** As many as one question may name. */
const hostsPerQuestion = 50

/** How long each host's last answer holds: also that it is not listed. */
const State = z.object({ until: z.record(z.string(), z.iso.datetime()).default({}) })

const Answer = z.object({
  threats: z.array(z.object({ url: z.string(), threatTypes: z.array(z.string()).default([]) })).default([]),
  cacheDuration: z.string().regex(/^\d+(?:\.\d+)?s$/),
})

export const safeBrowsing: SourceAdapter<'safe_browsing'> = {
  kind: 'safe_browsing',
  agent: 'security',
  everySeconds: hourSeconds,
  fetch,
  test,
}

async function fetch(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Fetched> {
  const { siteId, now } = connection
  const before = State.safeParse(connection.state)
  const known = before.success ? before.data.until : {}
  const hosts = await hostsToCheck(deps, connection)
  const due = hosts.filter((host) => !(Date.parse(known[host] ?? '') > now.getTime()))
  // The site's own host each time; of the others those whose answer is the oldest, or that have none.
  const others = due.slice(1).sort((a, b) => (known[a] ?? '').localeCompare(known[b] ?? ''))
  const asked = [...due.slice(0, 1), ...others].slice(0, hostsPerQuestion)
  if (asked.length === 0)
    return { ok: true, record: async () => {}, state: { until: known }, nextAt: soonest(known, now), requestsUsed: 0 }
  const answer = await ask(deps, connection, asked, signal)
  if (!answer.ok) return answer
  const until = new Date(now.getTime() + answer.cacheMs).toISOString()
  const kept = Object.fromEntries(hosts.flatMap((host) => (known[host] === undefined ? [] : [[host, known[host]]])))
  const state = { until: { ...kept, ...Object.fromEntries(asked.map((host) => [host, until])) } }
  const soon = new Date(now.getTime() + cacheMsMin)
  return {
    ok: true,
    record: (change) => recordListings(change, { siteId, source: 'safe_browsing', hosts, asked, listed: answer.listed }),
    state,
    nextAt: asked.length < due.length ? soon : soonest(state.until, now),
    requestsUsed: 1,
  }
}

async function test(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Tested> {
  const host = URL.parse(connection.siteUrl)?.hostname ?? ''
  const answer = await ask(deps, connection, [host], signal)
  if (!answer.ok) return answer
  const word = answer.listed.length > 0 ? 'is listed' : 'is not listed'
  return { ok: true, detail: `Safe Browsing answers: ${host} ${word}.`, requestsUsed: 1 }
}

type Asked = { readonly ok: true; readonly listed: ListedHost[]; readonly cacheMs: number } | (Fetched & { readonly ok: false })

async function ask(deps: SourceDeps, { credentials }: Mine, hosts: readonly string[], signal: AbortSignal): Promise<Asked> {
  const query = hosts.map((host) => `urls=${encodeURIComponent(`${host}/`)}`).join('&')
  const headers = { 'x-goog-api-key': credentials.apiKey }
  const answer = await askJson(deps, `${deps.urls.SAFE_BROWSING_URL}/v5/urls:search?${query}`, { signal, headers })
  if (!answer.ok) return { ...answer, requestsUsed: 1 }
  if (answer.status !== 200) return { ...googleFault(answer), requestsUsed: 1 }
  const parsed = Answer.safeParse(answer.body)
  if (!parsed.success)
    return { ok: false, reason: 'bad_answer', detail: 'Not an answer of Safe Browsing.', retryAt: null, requestsUsed: 1 }
  const { threats, cacheDuration } = parsed.data
  const listed = threats.flatMap(({ url, threatTypes }) =>
    hostsNamed(url, hosts).flatMap((host) =>
      (threatTypes.length === 0 ? ['UNKNOWN'] : threatTypes).map((threat) => ({ host, threat })),
    ),
  )
  const cacheMs = Math.min(cacheMsMax, Math.max(cacheMsMin, Number.parseFloat(cacheDuration) * 1_000))
  return { ok: true, listed: unique(listed), cacheMs }
}

const unique = (listed: readonly ListedHost[]): ListedHost[] => [
  ...new Map(listed.map((each) => [`${each.host} ${each.threat}`, each])).values(),
]

const soonest = (until: Readonly<Record<string, string>>, now: Date): Date =>
  new Date(
    Math.min(
      now.getTime() + cacheMsMax,
      ...Object.values(until).map((each) => Math.max(Date.parse(each), now.getTime() + cacheMsMin)),
    ),
  )
