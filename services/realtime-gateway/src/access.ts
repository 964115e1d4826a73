import type { IncomingHttpHeaders } from 'node:http'
import { OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import { apiKeyPrefix } from '@tocsin/domain/api-keys/api-keys'
import {
  type Person,
  type Principal,
  personOfSession,
  principalOfApiKey,
  principalOfPerson,
  sessionCookie,
} from '@tocsin/domain/members/authenticate'
import { realtimeTokenSeconds, verifyRealtimeToken } from '@tocsin/domain/members/realtime-token'
import { actorKey } from './revocations.ts'

/** A request as every door tells it. */
export interface StreamRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly remoteAddress: string
}

/** Whose stream it will be. */
export interface Holder {
  readonly orgId: OrgId
  /** `user:…` or `api_key:…` */
  readonly actor: string
  /** A revocation at or after this moment makes the credential void. */
  readonly validFromMs: number
  /** Only tokens end by themselves and may be limited to patterns. */
  readonly token: { expiresAt: Date; patterns: readonly string[] | null } | null
}

export interface AccessDeps {
  readonly db: Database
  readonly tokenKey: Uint8Array
  /** Origins whose pages may use a visitor's cookie, besides our own. */
  readonly origins: ReadonlySet<string>
}

export async function holderOf(
  deps: AccessDeps,
  request: StreamRequest,
  asked: { orgId: string | null; token: string | null },
  now: Date,
): Promise<Holder> {
  const orgId = orgOf(asked.orgId)
  const secret = bearerOf(request) ?? asked.token
  if (secret === null) return holderOfPerson(await personOf(deps, request, now), orgId, now)
  const holder = secret.startsWith(apiKeyPrefix) ? await holderOfKey(deps, secret, now) : await holderOfToken(deps, secret, now)
  if (orgId !== null && holder.orgId !== orgId) throw noSuchOrg()
  return holder
}

/** An id that cannot be one is as unknown as one that is not ours. */
function orgOf(text: string | null): OrgId | null {
  if (text === null) return null
  const parsed = OrgId.safeParse(text)
  if (!parsed.success) throw noSuchOrg()
  return parsed.data
}

function bearerOf(request: StreamRequest): string | null {
  const { authorization } = request.headers
  if (authorization === undefined) return null
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (secret === undefined)
    throw new Refusal('unauthenticated', 'The Authorization header must be "Bearer" and an API key or a realtime token.')
  return secret
}

async function holderOfKey(deps: AccessDeps, key: string, now: Date): Promise<Holder> {
  const principal = await principalOfApiKey(deps.db, key, now)
  if (!principal) throw new Refusal('unauthenticated', 'The API key is not known, or it is revoked or expired.')
  return holderOfPrincipal(principal, now)
}

async function holderOfToken(deps: AccessDeps, token: string, now: Date): Promise<Holder> {
  const claims = await verifyRealtimeToken(deps.tokenKey, token, now)
  if (!claims)
    throw new Refusal('unauthenticated', 'The token is not valid or has expired. POST /v1/realtime/token gives another.')
  return {
    orgId: claims.orgId,
    actor: actorKey(claims.actor),
    validFromMs: claims.expiresAt.getTime() - realtimeTokenSeconds * 1000,
    token: { expiresAt: claims.expiresAt, patterns: claims.events ?? null },
  }
}

async function personOf(deps: AccessDeps, request: StreamRequest, now: Date): Promise<Person> {
  const token = new RegExp(`(?:^|;\\s*)${sessionCookie}=([\\w-]+)(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
  const person = token === undefined ? null : await personOfSession(deps.db, token, now)
  if (!person) throw new Refusal('unauthenticated', 'Sign in, or send an API key or a realtime token.')
  if (isFromElsewhere(request, deps.origins)) throw new Refusal('forbidden', 'Pages of this origin may not use your session.')
  return person
}

function holderOfPerson(person: Person, orgId: OrgId | null, now: Date): Holder {
  const principal = principalOfPerson(person, orgId)
  if (principal) return holderOfPrincipal(principal, now)
  throw orgId === null ? new Refusal('forbidden', 'You are a member of no org.') : noSuchOrg()
}

const holderOfPrincipal = (principal: Principal, now: Date): Holder => ({
  orgId: principal.orgId,
  actor: actorKey(principal.actor),
  validFromMs: now.getTime(),
  token: null,
})

/** A browser sends the cookie for whichever page asks, and says which. */
function isFromElsewhere(request: StreamRequest, origins: ReadonlySet<string>): boolean {
  const { origin, host } = request.headers
  return origin !== undefined && !origins.has(origin) && URL.parse(origin)?.host !== host
}

const noSuchOrg = () => new Refusal('not_found', 'No such org.')

/** Who is at the other end; the proxies in front of us each add whom they saw to the end of the header. */
export function addressOf(request: StreamRequest, trustedProxies: number): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  const said = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined
  return (said || request.remoteAddress).replace(/^::ffff:/, '')
}
