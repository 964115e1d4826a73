import { Link } from '@tanstack/react-router'
import type { Threat } from '@tocsin/contract/api/threats'
import type { Envelope } from '@tocsin/contract/event'
import { useEffect } from 'react'
import { useStream } from '../../live/live-provider.tsx'
import { paths } from '../../paths.ts'
import { toast } from '../../ui/toasts.tsx'

/** Says aloud, on every screen, what broke and what is repaired. What happened before the page was opened is no news. */
export function ThreatAnnouncer() {
  const { stream } = useStream()
  useEffect(() => {
    const stops = [
      stream?.on(
        'threat.detected',
        (event) => isNews(event) && toast(<News event={event} what={severityWords[event.data.threat.severity]} />, 'bad'),
      ),
      stream?.on('threat.resolved', (event) => isNews(event) && toast(<News event={event} what="Resolved" />)),
    ]
    return () => {
      for (const stop of stops) stop?.()
    }
  }, [stream])
  return null
}

const severityWords = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } as const
const newsMs = 60_000
const isNews = ({ at }: Envelope) => Date.now() - Date.parse(at) < newsMs

function News({ event, what }: { event: { data: { threat: Threat; site: { name: string } } }; what: string }) {
  const { threat, site } = event.data
  return (
    <Link to={paths.threat} params={{ siteId: threat.siteId, threatId: threat.id }}>
      <strong>
        {what}: {threat.title}
      </strong>
      <span className="address">
        {site.name} · {threat.subject}
      </span>
    </Link>
  )
}
