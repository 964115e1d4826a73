import { registrableDomain } from '@tocsin/domain/registrable-domain'
import { recordRegistration } from '@tocsin/domain/registrations/registrations'
import { z } from 'zod'
import { retryAfterSeconds } from '../../judges/retry-after.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from '../source.ts'
import { type RegistryWord, registryWord } from './answer.ts'

type Mine = Connection<'rdap'>

const daySeconds = 86_400
/** A date that is new to us is asked for once more before anybody is told, not a day later. */
const againMs = 10 * 60_000
const redirectsMax = 5
const timeoutMs = 20_000
/** Answers have a few kilobytes; registrars with much to say about themselves some tens. */
const maxBytes = 1024 * 1024

/** What the last answer was, so that the second of two is asked for soon when they differ. */
const State = z.object({ last: z.string().nullable().default(null), agreed: z.boolean().default(false) })

export const rdap: SourceAdapter<'rdap'> = { kind: 'rdap', agent: 'technical', everySeconds: daySeconds, fetch, test }

async function fetch(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Fetched> {
  const { siteId, now } = connection
  const asked = await ask(deps, connection, signal)
  if (!asked.ok) return asked
  const { domain, word, requestsUsed } = asked
  const before = State.safeParse(connection.state)
  const said = JSON.stringify(word)
  const agreed = before.success && before.data.last === said
  return {
    ok: true,
    record: (change) => recordRegistration(change, { siteId, domain, ...word }),
    state: { last: said, agreed },
    nextAt: agreed ? null : new Date(now.getTime() + againMs),
    requestsUsed,
  }
}

async function test(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Tested> {
  const asked = await ask(deps, connection, signal)
  if (!asked.ok) return asked
  const { domain, word, requestsUsed } = asked
  const end = word.expiresAt?.toISOString().slice(0, 10)
  return {
    ok: true,
    detail: end ? `${domain} is registered until ${end}.` : `The registry does not say when ${domain} ends.`,
    requestsUsed,
  }
}

type Asked =
  | { readonly ok: true; readonly domain: string; readonly word: RegistryWord; readonly requestsUsed: number }
  | (Fetched & { readonly ok: false })

/** One question, redirected by the bootstrap service to the registry that answers for the domain. */
async function ask(deps: SourceDeps, { siteUrl, now }: Mine, signal: AbortSignal): Promise<Asked> {
  let requestsUsed = 0
  const fault = (reason: (Fetched & { ok: false })['reason'], detail: string, retryAt: Date | null = null) =>
    ({ ok: false, reason, detail, retryAt, requestsUsed }) as const
  const domain = registrableDomain(siteUrl)
  if (domain === null) return fault('not_found', 'The site has no domain that could be registered.')
  let url = `${deps.urls.RDAP_URL}/domain/${encodeURIComponent(domain)}`
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    requestsUsed += 1
    const answer = await deps.outbound.request(url, {
      headers: { accept: 'application/rdap+json, application/json', 'user-agent': deps.userAgent },
      totalTimeoutMs: timeoutMs,
      maxBytes,
      signal,
    })
    if (!answer.ok) return fault('unavailable', `No answer (${answer.fault}).`)
    const { status, headers, body, truncated } = answer
    if (status >= 300 && status < 400) {
      const location = headers['location']
      const next = typeof location === 'string' ? URL.parse(location, url) : null
      if (!next || !/^https?:$/.test(next.protocol)) return fault('bad_answer', 'A redirect that leads nowhere.')
      url = next.href
      continue
    }
    const seconds = retryAfterSeconds(headers['retry-after'], now)
    const retryAt = seconds === null ? null : new Date(now.getTime() + seconds * 1_000)
    if (status === 404) return fault('not_found', `No registry answers for ${domain}, or it does not know the domain.`)
    if (status === 429) return fault('quota', 'The registry is asked too often.', retryAt)
    if (status === 401 || status === 403) return fault('forbidden', `The registry answered ${status}.`, retryAt)
    if (status !== 200) return fault(status >= 500 ? 'unavailable' : 'bad_answer', `The registry answered ${status}.`, retryAt)
    const word = truncated ? null : registryWord(jsonOf(body), domain)
    return word ? { ok: true, domain, word, requestsUsed } : fault('bad_answer', 'Not an answer about the domain.', retryAt)
  }
  return fault('bad_answer', 'The redirects do not end.')
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
