import type { StreamStatus } from '@tocsin/sdk/stream-types'
import { useStream } from './live-provider.tsx'

const words = {
  connecting: { label: 'Connecting…', tone: 'waiting' },
  connected: { label: 'Live', tone: 'good' },
  polling: { label: 'Live, with delay', tone: 'waiting' },
  offline: { label: 'Offline', tone: 'off' },
  error: { label: 'Disconnected', tone: 'bad' },
} satisfies Record<StreamStatus, { label: string; tone: string }>

/** Colour for the eye, words for everybody: said aloud when it changes. */
export function ConnectionStatus() {
  const { status, stream } = useStream()
  const { label, tone } = words[status]
  return (
    <div className="connection" data-tone={tone}>
      <span role="status" title={stream?.error?.message}>
        <span className="connection-dot" aria-hidden="true" />
        <span className="visually-hidden">Live updates: </span>
        {label}
      </span>
      {(status === 'error' || status === 'offline') && (
        <button type="button" className="link-button" onClick={() => stream?.reconnect()}>
          Try again
        </button>
      )}
    </div>
  )
}
