import { timingSafeEqual } from 'node:crypto'
import { listEvents } from '@tocsin/contract/api/events'
import type { Needs } from '@tocsin/contract/endpoint'
import { OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import {
  type Person,
  type Principal,
  personOfSession,
  principalOfApiKey,
  principalOfPerson,
  principalOfRealtimeToken,
} from '@tocsin/domain/members/authenticate'
import { allows } from '@tocsin/domain/members/members'
import type { SecretBox } from '@tocsin/process/secret-box'
import type { Request } from 'express'
import { refuseCrossSite } from './cross-site.ts'
import { sessionTokenOf } from './session-cookie.ts'

export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'key'; readonly principal: Principal }
  | { readonly kind: 'person'; readonly person: Person; readonly sessionToken: string }

export interface AuthDeps {
  readonly db: Database
  readonly csrf: SecretBox
  readonly ownOrigin: string | null
  readonly realtimeKey: Uint8Array
}

const changesNothing = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Who calls. A bad key is refused even where nobody need be known; an ended session only makes a nobody. */
export async function authenticate(deps: AuthDeps, request: Request, now: Date): Promise<Caller> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const [, key] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
    const principal = key ? await principalOfBearer(deps, request, key, now) : null
    if (!principal) throw new Refusal('unauthenticated', 'The API key is not known, or it is revoked or expired.')
    return { kind: 'key', principal }
  }
  const sessionToken = sessionTokenOf(request.headers.cookie)
  const person = sessionToken && (await personOfSession(deps.db, sessionToken, now))
  if (!sessionToken || !person) return { kind: 'nobody' }
  if (!changesNothing.has(request.method)) {
    refuseCrossSite(request, deps.ownOrigin)
    refuseWithoutCsrfToken(request, csrfToken(deps.csrf, sessionToken))
  }
  return { kind: 'person', person, sessionToken }
}

/** A realtime token opens streams, and reads events where a stream cannot be had; nothing else. */
function principalOfBearer(deps: AuthDeps, request: Request, key: string, now: Date): Promise<Principal | null> {
  const readsEvents = request.method === 'GET' && request.path === listEvents.path
  const isJwt = key.split('.').length === 3
  return readsEvents && isJwt
    ? principalOfRealtimeToken(deps.db, deps.realtimeKey, key, now)
    : principalOfApiKey(deps.db, key, now)
}

/** A page of another site cannot read it, so whoever sends it has read our answer. */
export const csrfToken = (csrf: SecretBox, sessionToken: string): string => csrf.mac(sessionToken)

function refuseWithoutCsrfToken(request: Request, expected: string): void {
  const given = Buffer.from(request.get('x-csrf-token') ?? '')
  const wanted = Buffer.from(expected)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new Refusal('forbidden', 'The X-CSRF-Token header is missing or wrong. GET /v1/auth/session answers it.')
}

export function requirePerson(caller: Caller): Extract<Caller, { kind: 'person' }> {
  if (caller.kind === 'nobody') throw noCredential()
  if (caller.kind === 'key') throw new Refusal('forbidden', 'Only a signed-in person may do this, not an API key.')
  return caller
}

/** The org of a call: the one in the path, or the one of the header Tocsin-Org, or the credential's first. Of others nothing is told. */
export function requirePrincipal(caller: Caller, request: Request, needs: Exclude<Needs, 'nothing' | 'person'>): Principal {
  if (caller.kind === 'nobody') throw noCredential()
  const orgId = orgAskedFor(request)
  const principal = caller.kind === 'person' ? principalOfPerson(caller.person, orgId) : caller.principal
  if (!principal && orgId === null) throw new Refusal('forbidden', 'You are a member of no org. POST /v1/orgs makes one.')
  if (!principal || (orgId !== null && principal.orgId !== orgId)) throw new Refusal('not_found', 'No such org.')
  if (needs === 'member') {
    if (caller.kind === 'key') throw new Refusal('forbidden', 'This is about a person, and an API key is none: sign in.')
    return principal
  }
  if (!allows(principal.scope, needs)) throw new Refusal('forbidden', `This needs ${needs} rights; yours are ${principal.scope}.`)
  return principal
}

function orgAskedFor(request: Request): OrgId | null {
  const asked = request.params['orgId'] ?? request.get('tocsin-org')
  if (asked === undefined) return null
  const parsed = OrgId.safeParse(asked)
  if (!parsed.success) throw new Refusal('not_found', 'No such org.')
  return parsed.data
}

const noCredential = () => new Refusal('unauthenticated', 'Sign in, or send an API key as "Authorization: Bearer tcn_…".')
