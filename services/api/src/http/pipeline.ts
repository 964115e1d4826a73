import { redeliver } from '@tocsin/contract/api/deliveries'
import { testDestination } from '@tocsin/contract/api/destinations'
import { testWebhook } from '@tocsin/contract/api/webhooks'
import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import { Refusal } from '@tocsin/contract/refusal'
import { answerGiven, once } from '@tocsin/domain/idempotency/idempotency'
import type { Principal } from '@tocsin/domain/members/authenticate'
import type { Change } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import type { SecretBox } from '@tocsin/process/secret-box'
import type { Request, RequestHandler, Response } from 'express'
import { type AuthDeps, authenticate, type Caller, csrfToken, requirePerson, requirePrincipal } from './auth.ts'
import { isCrossSite, originAsked, refuseCrossSite } from './cross-site.ts'
import { etagOf, ifMatchVersion, isNotModified } from './etag.ts'
import { addressKey, type RateLimit } from './rate-limit.ts'
import { readBody } from './read-body.ts'
import type { Input, OrgCall, Route, SessionDoor } from './route.ts'
import { sendCsv, wantsCsv } from './send-csv.ts'
import { clearSessionCookie, setSessionCookie } from './session-cookie.ts'
import { validBody, validParams, validQuery, withLines } from './validate.ts'

export interface PipelineDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'metrics'>, AuthDeps {
  /** Seals the answers kept for repeated requests. */
  answers: SecretBox
  limits: { credential: RateLimit; anonymous: RateLimit; signIn: RateLimit; sends: RateLimit }
  secureCookies: boolean
}

/** Each of these sends a message outside of every schedule and limit of alerts. */
const sendingEndpoints: ReadonlySet<string> = new Set([testWebhook.id, testDestination.id, redeliver.id])

/** What every request goes through: who → how often → what → the route → the answer, as the contract has it. */
export function createPipeline(deps: PipelineDeps): (route: Route) => RequestHandler {
  const seconds = deps.metrics.histogram('http_request_seconds', 'Time to answer a request', ['endpoint', 'status'])
  return (route) => async (request, response, next) => {
    const stop = seconds.startTimer({ endpoint: route.endpoint.id })
    response.once('close', () => stop({ status: String(response.statusCode) }))
    try {
      const { answer, replayed, rows } = await answerRoute(deps, route, request, response)
      if (replayed) response.set('Idempotency-Replayed', 'true')
      if (rows && route.endpoint.csvAnswer) await sendCsv(route.endpoint.csvAnswer, rows, response)
      else send(route.endpoint, request, response, answer)
    } catch (error) {
      next(error)
    }
  }
}

interface Answered {
  answer: unknown
  replayed: boolean
  /** Instead of the answer, for whoever asks for CSV. */
  rows?: AsyncIterable<readonly object[]>
}

async function answerRoute(deps: PipelineDeps, route: Route, request: Request, response: Response): Promise<Answered> {
  if (route.kind === 'open') {
    await deps.limits.signIn.count(response, addressKey(request.ip))
    refuseCrossSite(request, deps.ownOrigin)
    const input = await inputOf(route.endpoint, request, response)
    return { answer: await route.answer({ ...input, session: sessionDoor(deps, response) }), replayed: false }
  }
  const caller = await knownCaller(deps, request, response)
  return route.kind === 'person'
    ? answerPerson(deps, route, caller, request, response)
    : answerOrg(deps, route, caller, request, response)
}

/** Requests without a good credential are counted by address, the others by credential: neighbours do not pay for each other. */
async function knownCaller(deps: PipelineDeps, request: Request, response: Response): Promise<Caller> {
  const caller = await authenticate(deps, request, deps.clock.now()).catch(async (error: unknown) => {
    if (error instanceof Refusal) await deps.limits.anonymous.count(response, addressKey(request.ip))
    throw error
  })
  if (caller.kind === 'nobody') await deps.limits.anonymous.count(response, addressKey(request.ip))
  else await deps.limits.credential.count(response, credentialOf(caller))
  return caller
}

const credentialOf = (caller: Exclude<Caller, { kind: 'nobody' }>): string =>
  caller.kind === 'key' ? caller.principal.actor.id : caller.person.userId

async function answerPerson(
  deps: PipelineDeps,
  route: Extract<Route, { kind: 'person' }>,
  caller: Caller,
  request: Request,
  response: Response,
): Promise<Answered> {
  const { person, sessionToken } = requirePerson(caller)
  const input = await inputOf(route.endpoint, request, response)
  const key = idempotencyKeyOf(route.endpoint, request)
  const actor = { kind: 'user', id: person.userId } as const
  const answer = await route.answer({
    ...input,
    person,
    sessionToken,
    session: sessionDoor(deps, response),
    idempotencyKey: key,
    change: (orgId, work) =>
      changeOnce(
        deps,
        { orgId, actor, scope: 'owner' },
        key === null ? null : repeatable(orgId, actor.id, key, route, input),
        work,
      ),
  })
  return { answer, replayed: false }
}

async function answerOrg(
  deps: PipelineDeps,
  route: Extract<Route, { kind: 'org' }>,
  caller: Caller,
  request: Request,
  response: Response,
): Promise<Answered> {
  const { needs } = route.endpoint
  if (needs === 'nothing' || needs === 'person') throw new Error(`${route.endpoint.id} is no endpoint of an org.`)
  const principal = requirePrincipal(caller, request, needs)
  response.locals['orgId'] = principal.orgId
  if (sendingEndpoints.has(route.endpoint.id)) await deps.limits.sends.count(response, principal.orgId)
  const input = await inputOf(route.endpoint, request, response)
  const key = idempotencyKeyOf(route.endpoint, request)
  const again = key === null ? null : repeatable(principal.orgId, principal.actor.id, key, route, input)
  const given = again && (await answerGiven(deps.db, deps.answers, again, deps.clock.now()))
  if (given) return { answer: given.answer, replayed: true }
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const call: OrgCall = {
    ...input,
    ...principal,
    person: caller.kind === 'person' ? caller.person : null,
    ifVersion: request.method === 'PATCH' ? ifMatchVersion(request) : null,
    origin: deps.ownOrigin ?? originAsked(request),
    crossSite: isCrossSite(request, deps.ownOrigin),
    gone: gone.signal,
    read: (work) => deps.journal.read(principal.orgId, work),
    change: (work) => changeOnce(deps, principal, again, work),
  }
  if (route.rows && wantsCsv(request, input.query)) return { answer: null, replayed: false, rows: route.rows(call) }
  const answer = await route.answer(call).catch((error: unknown) => {
    throw error instanceof Refusal && input.csv ? withLines(error, input.csv) : error
  })
  return { answer, replayed: false }
}

type Repeatable = ReturnType<typeof repeatable>
const repeatable = (orgId: Principal['orgId'], credentialId: string, key: string, route: Route, input: Input) => ({
  orgId,
  credentialId,
  key,
  request: [route.endpoint.id, input.params, input.query, input.body ?? null],
})

function changeOnce<Result>(
  deps: PipelineDeps,
  principal: Principal,
  again: Repeatable | null,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  return deps.journal.change(principal.orgId, principal.actor, (change) =>
    again ? once(change, deps.answers, again, () => work(change)) : work(change),
  )
}

function idempotencyKeyOf(endpoint: EndpointDefinition, request: Request): string | null {
  const key = request.get('idempotency-key')
  if (key === undefined || endpoint.method !== 'post') return null
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Refusal('malformed', 'An Idempotency-Key is 1 to 255 visible ASCII characters.', {
      issues: [{ path: 'Idempotency-Key', message: 'Must be 1 to 255 visible ASCII characters.' }],
    })
  return key
}

async function inputOf(endpoint: EndpointDefinition, request: Request, response: Response): Promise<Input> {
  const params = validParams(endpoint, request)
  const query = validQuery(endpoint, request)
  // What a DELETE or GET carries has no meaning; Node drains it.
  const reads = endpoint.body !== undefined || endpoint.method === 'post'
  const read = reads ? await readBody(request, response, endpoint.csv) : null
  return { params, query, body: read ? validBody(endpoint, read) : undefined, csv: read?.csv ?? null }
}

function sessionDoor(deps: PipelineDeps, response: Response): SessionDoor {
  return {
    begin: (token) => setSessionCookie(response, token, deps.secureCookies),
    end: () => clearSessionCookie(response, deps.secureCookies),
    csrfToken: (token) => csrfToken(deps.csrf, token),
  }
}

/** What the contract does not know does not leave the house. */
function send(endpoint: EndpointDefinition, request: Request, response: Response, answer: unknown): void {
  response.status(endpoint.status)
  const parsed = endpoint.answer.parse(answer)
  if (endpoint.status === 204) {
    response.end()
    return
  }
  const body = JSON.stringify(parsed)
  const etag = etagOf(parsed, body)
  if (etag) response.set('ETag', etag)
  response.set('Cache-Control', etag && endpoint.method === 'get' ? 'private, no-cache' : 'no-store')
  if (etag && endpoint.method === 'get' && isNotModified(request, etag)) response.status(304).end()
  else response.type('application/json').send(body)
}
