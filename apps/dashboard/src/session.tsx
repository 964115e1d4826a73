import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { getSession, type SessionView } from '@tocsin/contract/api/auth'
import type { Scope } from '@tocsin/contract/api/orgs'
import type { OrgId } from '@tocsin/contract/ids'
import { ApiError } from '@tocsin/sdk/api-error'
import { type Client, createClient } from '@tocsin/sdk/client'
import { createContext, type ReactNode, use, useMemo, useState } from 'react'

/** For what needs no session: signing in, signing up, asking who is signed in. */
export const anonymous: Client = createClient({ url: '', credential: null })

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return await anonymous.call(getSession, { signal })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
})

/** What a sign-in or sign-up answered. Nothing that another account has seen stays behind. */
export function startSession(queries: QueryClient, session: SessionView | null) {
  queries.clear()
  queries.setQueryData(sessionQuery.queryKey, session)
}

export interface Signed {
  session: SessionView
  org: SessionView['orgs'][number]
  client: Client
  may: (scope: Scope) => boolean
  chooseOrg: (orgId: OrgId) => void
}

const SignedContext = createContext<Signed | null>(null)
const orgStorageKey = 'tocsin:org'
const scopesOfRole = { viewer: 0, editor: 1, admin: 2, owner: 3 } as const
const scopes = { read: 0, write: 1, admin: 2 } as const

export function SignedProvider({ session, children }: { session: SessionView; children: ReactNode }) {
  const [chosen, setChosen] = useState(() => localStorage.getItem(orgStorageKey))
  const org = session.orgs.find(({ id }) => id === chosen) ?? session.orgs[0]
  const signed = useMemo(() => {
    if (!org) return null
    return {
      session,
      org,
      client: createClient({ url: '', credential: { csrfToken: session.csrfToken }, orgId: org.id }),
      may: (scope: Scope) => scopesOfRole[org.role] >= scopes[scope],
      chooseOrg(orgId: OrgId) {
        localStorage.setItem(orgStorageKey, orgId)
        setChosen(orgId)
      },
    }
  }, [session, org])
  if (!signed) return <p className="lonely">Your account belongs to no organisation any more. Ask somebody to invite you.</p>
  return <SignedContext value={signed}>{children}</SignedContext>
}

/** Who is signed in, for which org, and how to ask for things in their name. Only below the signed-in layout. */
export function useSigned(): Signed {
  const signed = use(SignedContext)
  if (!signed) throw new Error('useSigned is for screens of somebody who is signed in.')
  return signed
}

export const useSession = () => useQuery(sessionQuery)
