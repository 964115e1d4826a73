import { useEffect } from 'react'
import { useStream } from '../../live/live-provider.tsx'
import { toast } from '../../ui/toasts.tsx'

const newsMs = 60_000
/** What a page learns when it comes back after an hour is no news. */
const isNews = (at: string) => Date.now() - Date.parse(at) < newsMs

/** Says on every screen when Tocsin doubts what it sees, so that nobody wonders where the threats are, and when it trusts it again. */
export function SystemAnnouncer() {
  const { stream } = useStream()
  useEffect(() => {
    if (!stream) return
    const stops = [
      stream.on('system.degraded', ({ at, data }) => {
        if (!isNews(at)) return
        toast(
          <>
            <strong>Tocsin doubts what it sees and looks again.</strong> <span className="muted">{data.detail}</span>
          </>,
          'news',
        )
      }),
      stream.on('system.recovered', ({ at }) => {
        if (isNews(at)) toast('What was held back has been looked at again.')
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [stream])
  return null
}
