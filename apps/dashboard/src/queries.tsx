import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from '@tocsin/sdk/api-error'
import { sessionQuery } from './session.tsx'
import { toast } from './ui/toasts.tsx'

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: { shownByForm?: boolean }
  }
}

/** What the server said no to will not be granted on the second try; what did not reach it may be. */
const isWorthAnotherTry = (error: Error) => !(error instanceof ApiError) || error.status === 0 || error.status >= 500
const retriesMax = 2

export function createQueries(): QueryClient {
  /** A session that has ended is noticed by whichever call comes first: the sign-in screen then takes over. */
  const noticeSignedOut = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) queries.setQueryData(sessionQuery.queryKey, null)
  }
  const queries: QueryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A server on this machine is reachable without any network.
        networkMode: 'always',
        retry: (failures, error) => failures < retriesMax && isWorthAnotherTry(error),
      },
      mutations: { networkMode: 'always' },
    },
    queryCache: new QueryCache({ onError: noticeSignedOut }),
    mutationCache: new MutationCache({
      onError(error, _variables, _result, mutation) {
        if (mutation.meta?.shownByForm) return // The form says what is wrong, and a wrong password is no end of a session.
        noticeSignedOut(error)
        toast(error instanceof ApiError ? error.message : 'Something went wrong on this page.', 'bad')
      },
    }),
  })
  return queries
}
