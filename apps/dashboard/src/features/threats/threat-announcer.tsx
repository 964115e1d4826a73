import { Link } from '@tanstack/react-router'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { useEffect } from 'react'
import { useStream } from '../../live/live-provider.tsx'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { toast } from '../../ui/toasts.tsx'

type ThreatNews = Extract<OrgEvent, { type: 'threat.detected' | 'threat.resolved' }>

/** What comes this close together is told together: one page that breaks often breaks in several ways. */
const gatherMs = 1_000
const newsMs = 60_000

/** Says aloud, on every screen, what broke and what is repaired. What happened before the page was opened is no news, nor what one did oneself. */
export function ThreatAnnouncer() {
  const { stream } = useStream()
  const userId = useSigned().session.user.id
  useEffect(() => {
    if (!stream) return
    let gathered: ThreatNews[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    function tell() {
      timer = undefined
      for (const news of bySiteAndType(gathered))
        toast(<News news={news} />, news[0]?.type === 'threat.resolved' ? 'good' : 'news')
      gathered = []
    }
    function hear(event: ThreatNews) {
      if (Date.now() - Date.parse(event.at) > newsMs || event.actor.id === userId) return
      gathered.push(event)
      timer ??= setTimeout(tell, gatherMs)
    }
    const stops = [stream.on('threat.detected', hear), stream.on('threat.resolved', hear)]
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }, [stream, userId])
  return null
}

const bySiteAndType = (news: readonly ThreatNews[]): ThreatNews[][] =>
  Object.values(Object.groupBy(news, (event) => `${event.type} ${event.data.site.id}`)).filter((group) => group !== undefined)

const severityWords = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } as const

function News({ news: [first, ...others] }: { news: readonly ThreatNews[] }) {
  if (!first) return null
  const { threat, site } = first.data
  const isResolved = first.type === 'threat.resolved'
  if (others.length > 0) {
    return (
      <Link to={paths.site} params={{ siteId: site.id }}>
        <strong>
          {others.length + 1} {isResolved ? 'threats are resolved' : 'new threats'}
        </strong>
        <span className="address">{site.name}</span>
      </Link>
    )
  }
  return (
    <Link to={paths.threat} params={{ siteId: site.id, threatId: threat.id }}>
      <strong>
        {isResolved ? 'Resolved' : severityWords[threat.severity]}: {threat.title}
      </strong>
      <span className="address">
        {site.name} · {threat.subject}
      </span>
    </Link>
  )
}
