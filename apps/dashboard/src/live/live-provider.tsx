import { useQueryClient } from '@tanstack/react-query'
import { createRealtimeToken } from '@tocsin/contract/api/auth'
import { connect } from '@tocsin/sdk/stream'
import type { Stream, StreamStatus } from '@tocsin/sdk/stream-types'
import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import { useSigned } from '../session.tsx'
import { createLiveCache } from './live-cache.ts'

interface Live {
  status: StreamStatus
  stream: Stream | null
}

const LiveContext = createContext<Live>({ status: 'connecting', stream: null })

/** One stream per tab and org: it feeds the lists in the query cache, and whoever wants to hear events themselves. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { client, org } = useSigned()
  const queries = useQueryClient()
  const [live, setLive] = useState<Live>({ status: 'connecting', stream: null })

  useEffect(() => {
    const cache = createLiveCache(queries, org.id)
    const stream = connect({ url: '', orgId: org.id, token: () => client.call(createRealtimeToken) })
    const tell = (status: StreamStatus) => {
      if (stream.seq !== null) cache.startsAt(stream.seq)
      setLive({ status, stream })
    }
    stream.onStatus(tell)
    stream.onAny((event) => cache.apply(event))
    stream.onReset((_reason, seq) => cache.reset(seq))
    tell(stream.status)
    return () => {
      stream.close()
      cache.close()
    }
  }, [client, org.id, queries])

  return <LiveContext value={live}>{children}</LiveContext>
}

export const useStream = () => use(LiveContext)
