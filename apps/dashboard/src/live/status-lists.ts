import { type QueryFunctionContext, useQuery } from '@tanstack/react-query'
import { listComponentGroups, listComponents } from '@tocsin/contract/api/components'
import { listIncidents } from '@tocsin/contract/api/incidents'
import { listMaintenances } from '@tocsin/contract/api/maintenances'
import { listStatusPages } from '@tocsin/contract/api/status-pages'
import { useSigned } from '../session.tsx'
import { byOrder } from './component-order.ts'
import type { Refetched } from './refetches.ts'

/** The longest page the API gives. */
const limit = 200
/** An org lists 1,000 components at most. */
const pagesMax = 5

/** What the status page shows moves seldom: each list is asked for again when an event says that something is new. */
export function useComponents() {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['components' satisfies Refetched, org.id],
    queryFn: async ({ signal }: QueryFunctionContext) =>
      (await everyPage((cursor) => client.call(listComponents, { query: { limit, ...cursor }, signal }))).sort(byOrder),
  })
}

export function useComponentGroups() {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['components' satisfies Refetched, org.id, 'groups'],
    queryFn: async ({ signal }: QueryFunctionContext) =>
      (await everyPage((cursor) => client.call(listComponentGroups, { query: { limit, ...cursor }, signal }))).sort(byOrder),
  })
}

export function useIncidents(state: 'open' | 'resolved') {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['incidents' satisfies Refetched, org.id, state],
    queryFn: ({ signal }) => client.call(listIncidents, { query: { state, limit: state === 'open' ? limit : 50 }, signal }),
  })
}

export function useMaintenances() {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['maintenances' satisfies Refetched, org.id],
    queryFn: ({ signal }) => client.call(listMaintenances, { query: { limit: 100 }, signal }),
  })
}

export function useStatusPages() {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['statusPages' satisfies Refetched, org.id],
    queryFn: ({ signal }) => client.call(listStatusPages, { query: { limit }, signal }),
  })
}

async function everyPage<Item>(
  ask: (cursor: { cursor?: string }) => Promise<{ data: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    const { data, nextCursor }: { data: Item[]; nextCursor: string | null } = await ask(cursor === null ? {} : { cursor })
    items.push(...data)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return items
}
