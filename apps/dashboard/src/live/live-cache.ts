import type { Query, QueryClient } from '@tanstack/react-query'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'
import { reduce } from './reduce.ts'
import { refetches } from './refetches.ts'
import type { Snapshot } from './snapshot.ts'

/** The first part of the key of every query whose data is a Snapshot; the second is its org. */
export const liveKey = 'live'

export interface LiveCache {
  /** The stream has found its place: it brings every event after `seq`. */
  startsAt(seq: number): void
  apply(event: OrgEvent): void
  /** What lies between is lost: everything is asked for again. */
  reset(seq: number | null): void
  close(): void
}

/** Events kept for lists that are still on their way. A list older than all of them is asked for again. */
const eventsMax = 2_000

/**
 * Keeps every list in the query cache at the state the stream has reached. Invariant: once a list is in the cache and the stream knows its
 * place, the list shows exactly the events up to its `asOf`, and none between that and the last event is missing.
 */
export function createLiveCache(queries: QueryClient, orgId: OrgId): LiveCache {
  /** Every durable event after `floor`, in order; null until the stream knows where it is. */
  let floor: number | null = null
  let events: OrgEvent[] = []
  /** Lists that were too old once at this floor: asking for them again and again would not make them newer. */
  const askedAgain = new Set<string>()

  const cached = () => queries.getQueryCache().findAll({ queryKey: [liveKey, orgId] })

  function catchUp({ queryKey, queryHash, state }: Query) {
    const snapshot = queries.getQueryData<Snapshot>(queryKey)
    if (!snapshot || floor === null) return
    if (snapshot.page.asOf < floor) {
      if (state.fetchStatus === 'fetching' || askedAgain.has(queryHash)) return // What is on its way is looked at when it arrives.
      askedAgain.add(queryHash)
      void queries.invalidateQueries({ queryKey, exact: true, refetchType: 'all' })
      return
    }
    const missing = events.filter((event) => (event.seq ?? 0) > snapshot.page.asOf)
    if (missing.length > 0) queries.setQueryData<Snapshot>(queryKey, missing.reduce(reduce, snapshot))
  }

  // A list that arrives may be behind the events that have come while it was on its way.
  const unsubscribe = queries.getQueryCache().subscribe(({ type, query }) => {
    const isOurs = query.queryKey[0] === liveKey && query.queryKey[1] === orgId
    if (isOurs && type === 'updated' && query.state.status === 'success') catchUp(query)
  })

  function startsAt(seq: number) {
    if (floor !== null) return
    floor = seq
    for (const query of cached()) catchUp(query)
  }

  return {
    startsAt,
    apply(event) {
      if (event.seq !== null) {
        floor ??= event.seq - 1
        events.push(event)
        const dropped = events.length > eventsMax ? events.shift() : undefined
        if (dropped?.seq) floor = dropped.seq
      }
      for (const query of cached()) {
        // Always through the events that are kept: the list may be one that has just arrived and is further behind than this event.
        if (event.seq !== null) catchUp(query)
        else queries.setQueryData<Snapshot>(query.queryKey, (snapshot) => snapshot && reduce(snapshot, event))
      }
      for (const name of refetches[event.type]) {
        const predicate = ({ queryKey }: Query) => queryKey.includes(name)
        // What nobody looks at is forgotten, not only marked: the next event that is applied to it would make it pass for fresh.
        queries.removeQueries({ type: 'inactive', predicate })
        void queries.invalidateQueries({ predicate })
      }
    },
    reset(seq) {
      floor = seq
      events = []
      askedAgain.clear()
      for (const { queryHash } of cached()) askedAgain.add(queryHash)
      void queries.invalidateQueries()
    },
    close: unsubscribe,
  }
}
