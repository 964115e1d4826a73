import { useQuery } from '@tanstack/react-query'
import { demoConsole } from './paths.ts'

/** Whether this installation was started with a site to break. Nobody else serves these addresses, and it stays so while it runs. */
export function useIsDemo(): boolean {
  const { data } = useQuery({
    queryKey: ['demo'],
    queryFn: async ({ signal }) => {
      const { ok } = await fetch(`${demoConsole}/state`, { signal, headers: { accept: 'application/json' } })
      return ok
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? false
}
