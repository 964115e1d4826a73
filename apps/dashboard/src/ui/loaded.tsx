import type { ReactNode } from 'react'
import { ProblemNote } from './problem-note.tsx'

interface Asked<Data> {
  data: Data | undefined
  error: Error | null
  refetch: () => unknown
}

/** A list that goes on beyond its page says so. */
export function Newest({ of: { data, nextCursor } }: { of: { data: readonly unknown[]; nextCursor: string | null } }) {
  return nextCursor && <p className="muted list-end">These are the newest {data.length}. The API lists them all.</p>
}

/** Shows what was asked for, or that it is on its way, or why it did not come. What is already there stays when asking again fails. */
export function Loaded<Data>({
  query,
  what,
  children,
}: {
  query: Asked<Data>
  what: string
  children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what}…</span>
      <span className="skeleton" aria-hidden="true" />
      <span className="skeleton" aria-hidden="true" />
      <span className="skeleton" aria-hidden="true" />
    </div>
  )
}
