import * as api from '@tocsin/contract/api/auth'
import type { EventDefinition } from '@tocsin/contract/event'
import { passwordChanged, sessionCreated } from '@tocsin/contract/events/people'
import { newId, type OrgId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { changePassword, createAccount, endSession, signIn, startSession } from '@tocsin/domain/accounts/accounts'
import type { PasswordHasher } from '@tocsin/domain/accounts/password'
import { type Person, personOfSession } from '@tocsin/domain/members/authenticate'
import { signRealtimeToken } from '@tocsin/domain/members/realtime-token'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import type { Foundation } from '@tocsin/journal/foundation'
import { type OrgCall, open, org, person, type Route, type SessionDoor } from '../http/route.ts'

export interface AuthRoutesDeps extends Pick<Foundation, 'db' | 'journal' | 'clock'> {
  hasher: PasswordHasher
  realtimeKey: Uint8Array
  streamUrl: string | null
}

export const authRoutes = (deps: AuthRoutesDeps): Route[] => [
  open(api.signUp, async ({ body, session }) => {
    const passwordHash = await deps.hasher.hash(body.password)
    const userId = newId('user')
    const token = await deps.journal.change(newId('org'), { kind: 'user', id: userId }, async (change) => {
      await createAccount(change.tx, { userId, email: body.email, name: body.name, passwordHash, now: change.now })
      await createOrg(change, { name: body.orgName ?? body.name, ownerId: userId })
      return startSession(change.tx, userId, change.now)
    })
    return beginSession(deps, session, token)
  }),
  open(api.signIn, async ({ body, session }) => {
    const token = await signIn(accountDeps(deps), body)
    // Before the caller has it: nobody is signed in without the account's owner being told.
    await tellAtHome(deps, await personOf(deps, token), sessionCreated)
    return beginSession(deps, session, token)
  }),
  person(api.signOut, async ({ session, sessionToken }) => {
    await endSession(deps.db, sessionToken)
    session.end()
  }),
  person(api.getSession, async ({ person, session, sessionToken }) => sessionView(person, session, sessionToken)),
  person(api.changePassword, ({ body, person, sessionToken }) =>
    changePassword(
      { ...accountDeps(deps), write: (work) => tellAtHome(deps, person, passwordChanged, work) },
      { account: person, current: body.current, next: body.next, sessionToken },
    ),
  ),
  org(api.createRealtimeToken, (call) => realtimeToken(deps, call, call.body.events)),
  org(api.createRealtimeTokenAsFirstSpecified, (call) => realtimeToken(deps, call, call.body.events)),
]

const accountDeps = ({ db, hasher, clock }: AuthRoutesDeps) => ({ db, hasher, now: clock.now() })

/** An account belongs to no org, but what happens to it is told somewhere: in the org that its owner joined first, if there is one. */
function tellAtHome(
  { db, journal }: AuthRoutesDeps,
  person: Pick<Person, 'userId' | 'memberships'>,
  event: EventDefinition<string, typeof sessionCreated.data>,
  work: (sql: Sql) => Promise<void> = async () => {},
): Promise<void> {
  const [home] = person.memberships
  const { userId } = person
  if (!home) return db.transaction('installation', work)
  return journal.change(home.orgId, { kind: 'user', id: userId }, async (change) => {
    await work(change.tx)
    change.emit(event, { userId })
  })
}

async function personOf({ db, clock }: AuthRoutesDeps, token: string): Promise<Person> {
  const person = await personOfSession(db, token, clock.now())
  if (!person) throw new Error('A session that was just begun is not there.')
  return person
}

async function beginSession(deps: AuthRoutesDeps, session: SessionDoor, token: string): Promise<api.SessionView> {
  const person = await personOf(deps, token)
  session.begin(token)
  return sessionView(person, session, token)
}

function sessionView(person: Person, session: SessionDoor, token: string): api.SessionView {
  return {
    user: { id: person.userId, email: person.email, name: person.name },
    orgs: person.memberships.map(({ org, role }) => ({ ...org, role })),
    csrfToken: session.csrfToken(token),
  }
}

async function realtimeToken(
  deps: AuthRoutesDeps,
  call: Pick<OrgCall, 'actor' | 'scope' | 'origin'> & { orgId: OrgId },
  events: string[] | undefined,
) {
  const { orgId, actor, scope } = call
  const claims = { orgId, actor, scope, ...(events ? { events } : {}) }
  const signed = await signRealtimeToken(deps.realtimeKey, claims, deps.clock.now())
  return { ...signed, orgId, streamUrl: deps.streamUrl ?? `${call.origin}/v1/stream` }
}
