import { useQuery, useQueryClient } from '@tanstack/react-query'
import { listNotifications } from '@tocsin/contract/api/notifications'
import { useEffect } from 'react'
import { useStream } from '../../live/live-provider.tsx'
import { useSigned } from '../../session.tsx'

/** As many as one looks through. */
const glance = 50

/**
 * What one was told, newest first. Its events say only that there is something new, to whom, and how much is unread: a page follows those of
 * its own person, and asks for what is new.
 */
export function useMyFeed() {
  const { client, org, session } = useSigned()
  const { stream, status } = useStream()
  const queries = useQueryClient()
  const feed = useQuery({
    queryKey: ['myFeed', org.id],
    queryFn: ({ signal }) => client.call(listNotifications, { query: { limit: glance }, signal }),
    staleTime: Number.POSITIVE_INFINITY, // Events keep it fresh.
  })
  const userId = session.user.id
  useEffect(() => {
    if (!stream) return
    const askAgain = () => void queries.invalidateQueries({ queryKey: ['myFeed', org.id] })
    const hear = ({ data }: { data: { userId: string } }) => {
      if (data.userId === userId) askAgain()
    }
    const stops = [stream.on('notification.created', hear), stream.on('notification.read', hear)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [stream, queries, org.id, userId])
  // What was told between the answer and the place where the stream begins has no event any more.
  const asOf = feed.data?.asOf
  useEffect(() => {
    const streamIsAt = stream?.seq ?? null
    if (status === 'connected' && asOf !== undefined && streamIsAt !== null && asOf < streamIsAt)
      void queries.invalidateQueries({ queryKey: ['myFeed', org.id] })
  }, [status, stream, asOf, queries, org.id])
  return feed
}
