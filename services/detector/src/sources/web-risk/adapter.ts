import { type ListedHost, recordListings } from '@tocsin/domain/listings/listings'
import { z } from 'zod'
import { askJson } from '../ask-json.ts'
import { googleFault } from '../google-fault.ts'
import { hostsToCheck } from '../hosts-to-check.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from '../source.ts'

type Mine = Connection<'web_risk'>

const sixHours = 6 * 3_600
/** One question names one address. */
const requestsMax = 20
const threatTypes = ['MALWARE', 'SOCIAL_ENGINEERING', 'UNWANTED_SOFTWARE']

/** When a listing may be asked for again. What is not listed has no such time, and is asked for in turn. */
const State = z.object({ until: z.record(z.string(), z.iso.datetime()).default({}), next: z.number().int().min(0).default(0) })
const Answer = z.object({
  threat: z
    .object({ threatTypes: z.array(z.string()).min(1), expireTime: z.iso.datetime({ offset: true }).optional() })
    .optional(),
})

export const webRisk: SourceAdapter<'web_risk'> = { kind: 'web_risk', agent: 'security', everySeconds: sixHours, fetch, test }

async function fetch(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Fetched> {
  const { siteId, now, requestsLeft } = connection
  const before = State.safeParse(connection.state)
  const { until, next } = before.success ? before.data : { until: {}, next: 0 }
  const all = await hostsToCheck(deps, connection)
  const due = all.filter((host) => !(Date.parse(until[host] ?? '') > now.getTime()))
  // The site itself each time, the others in turn.
  const [own, ...others] = due
  const turned = [...others.slice(next % Math.max(1, others.length)), ...others.slice(0, next % Math.max(1, others.length))]
  const asked = (own === undefined ? [] : [own, ...turned]).slice(0, Math.min(requestsMax, requestsLeft))
  const listed: ListedHost[] = []
  const expiries = { ...until }
  let requestsUsed = 0
  for (const host of asked) {
    requestsUsed += 1
    const answer = await ask(deps, connection, host, signal)
    if (!answer.ok) return { ...answer, requestsUsed }
    listed.push(...answer.threats.map((threat) => ({ host, threat })))
    if (answer.until === null) delete expiries[host]
    else expiries[host] = answer.until.toISOString()
  }
  return {
    ok: true,
    record: (change) => recordListings(change, { siteId, source: 'web_risk', hosts: all, asked, listed }),
    state: { until: expiries, next: next + Math.max(0, asked.length - 1) },
    nextAt: null,
    requestsUsed,
  }
}

async function test(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Tested> {
  const host = URL.parse(connection.siteUrl)?.hostname ?? ''
  const answer = await ask(deps, connection, host, signal)
  if (!answer.ok) return { ...answer, requestsUsed: 1 }
  const word = answer.threats.length > 0 ? 'is listed' : 'is not listed'
  return { ok: true, detail: `Web Risk answers: ${host} ${word}.`, requestsUsed: 1 }
}

async function ask(deps: SourceDeps, { credentials }: Mine, host: string, signal: AbortSignal) {
  const types = threatTypes.map((type) => `threatTypes=${type}`).join('&')
  const url = `${deps.urls.WEB_RISK_URL}/v1/uris:search?${types}&uri=${encodeURIComponent(`https://${host}/`)}`
  const answer = await askJson(deps, url, { signal, headers: { 'x-goog-api-key': credentials.apiKey } })
  if (!answer.ok) return answer
  if (answer.status !== 200) return googleFault(answer)
  const parsed = Answer.safeParse(answer.body)
  if (!parsed.success) return { ok: false, reason: 'bad_answer', detail: 'Not an answer of Web Risk.', retryAt: null } as const
  const { threat } = parsed.data
  const until = threat?.expireTime === undefined ? null : new Date(threat.expireTime)
  return { ok: true, threats: threat?.threatTypes ?? [], until } as const
}
