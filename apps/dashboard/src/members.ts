import { useQuery } from '@tanstack/react-query'
import type { Actor } from '@tocsin/contract/actor'
import { listMembers } from '@tocsin/contract/api/orgs'
import type { Refetched } from './live/refetches.ts'
import { useSigned } from './session.tsx'

export function useMembers() {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['members' satisfies Refetched, org.id],
    queryFn: ({ signal }) => client.call(listMembers, { params: { orgId: org.id }, signal }),
  })
}

/** Whoever did something, as one speaks of them. */
export function useActorName(): (actor: Actor) => string {
  const members = useMembers().data?.data
  const { session } = useSigned()
  return (actor) => {
    if (actor.kind === 'system') return 'Tocsin'
    if (actor.kind === 'api_key') return 'an API key'
    if (actor.id === session.user.id) return 'you'
    const member = members?.find(({ userId }) => userId === actor.id)
    return member ? member.name || member.email : 'a former member'
  }
}
