import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { listSubscribers, type SubscriberState } from '@tocsin/contract/api/subscribers'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'

const pageLength = 50

/** A page of them: which one, and narrowed to what. Whoever narrows begins at the first page. */
export function useSubscribers() {
  const { client, org } = useSigned()
  const [state, setState] = useState<SubscriberState | null>(null)
  const [address, setAddress] = useState('')
  /** The cursors of the pages before the one shown, and its own last. */
  const [cursors, setCursors] = useState<readonly string[]>([])
  const cursor = cursors.at(-1)
  const query = { ...(state === null ? {} : { state }), ...(address.trim() === '' ? {} : { address: address.trim() }) }
  const subscribers = useQuery({
    queryKey: ['subscribers' satisfies Refetched, org.id, query, cursor ?? null],
    queryFn: ({ signal }) =>
      client.call(listSubscribers, { query: { ...query, limit: pageLength, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  })
  const next = subscribers.data?.nextCursor ?? null
  return {
    subscribers,
    state,
    address,
    isFiltered: state !== null || address.trim() !== '',
    /** Of the first one shown. */
    first: cursors.length * pageLength + 1,
    narrow(to: { state?: SubscriberState | null; address?: string }) {
      if (to.state !== undefined) setState(to.state)
      if (to.address !== undefined) setAddress(to.address)
      setCursors([])
    },
    back: cursors.length === 0 ? null : () => setCursors(cursors.slice(0, -1)),
    on: next === null ? null : () => setCursors([...cursors, next]),
    csv: () => client.csvOf(listSubscribers, { query }),
  }
}

/** Who was invited, imported or forgotten has no event. */
export function useSubscribersChanged(): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['subscribers' satisfies Refetched] })
}
