import type { Site, ThreatSummary } from '@tocsin/contract/api/sites'
import { severities } from '@tocsin/contract/rule'
import { Icon } from '../../ui/icon.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time } from '../../ui/time.tsx'

/** One word for how a site is. */
export function SiteState({ site }: { site: Site }) {
  if (site.pausedAt) return <Chip tone="off" icon="pause" label="Paused" />
  if (!site.baselineAt) return <Chip tone="info" icon="clock" label="First check" />
  const { critical, high, medium, low } = site.threats
  if (critical + high > 0) return <Chip tone="bad" icon="critical" label="Needs you" />
  if (medium + low > 0) return <Chip tone="warn" icon="medium" label="Minor issues" />
  return <Chip tone="good" icon="check" label="All clear" />
}

function Chip({ tone, icon, label }: { tone: string; icon: 'pause' | 'clock' | 'critical' | 'medium' | 'check'; label: string }) {
  return (
    <span className="chip" data-tone={tone}>
      <Icon name={icon} size={13} />
      {label}
    </span>
  )
}

export function ThreatCounts({ threats }: { threats: ThreatSummary }) {
  const present = severities.filter((severity) => threats[severity] > 0)
  if (present.length === 0) return <span className="muted">No open threats</span>
  return (
    <span className="counts">
      {present.map((severity) => (
        <span key={severity} className="count">
          <b>{threats[severity]}</b> <SeverityMark severity={severity} />
        </span>
      ))}
    </span>
  )
}

export function NextCheck({ site }: { site: Site }) {
  if (site.pausedAt) {
    return (
      <>
        Paused <Time at={site.pausedAt} />
      </>
    )
  }
  if (!site.nextScanAt || new Date(site.nextScanAt).getTime() <= Date.now()) return <>Next check is due</>
  return (
    <>
      Next check <Time at={site.nextScanAt} />
    </>
  )
}
