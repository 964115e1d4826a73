import type { Alert, AlertState, AlertStep } from '@tocsin/contract/api/alerts'
import { SiteId, ThreatId } from '@tocsin/contract/ids'
import { type Severity, severities } from '@tocsin/contract/rule'
import type { IconName } from '../../ui/icon.tsx'

export const stateWords = {
  triggered: 'Open',
  resolved: 'Over',
} satisfies Record<Exclude<AlertState, 'acknowledged'>, string>

export const stateTones = { triggered: 'bad', acknowledged: 'warn', resolved: 'good' } satisfies Record<AlertState, string>

export const severityWords = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } satisfies Record<
  Severity,
  string
>

export const stepWords = {
  triggered: { what: 'It began', icon: 'bell' },
  retriggered: { what: 'It came back', icon: 'repeat' },
  worsened: { what: 'It became worse', icon: 'up' },
  eased: { what: 'It became milder', icon: 'down' },
  acknowledged: { what: 'Taken on', icon: 'check' },
  snoozed: { what: 'Snoozed', icon: 'clock' },
  resolved: { what: 'Over', icon: 'check' },
  flapping_started: { what: 'It began to come and go', icon: 'repeat' },
  flapping_stopped: { what: 'It is steady again', icon: 'check' },
} satisfies Record<AlertStep['step'], { what: string; icon: IconName }>

/** Worst first, among equals the latest first. */
export const worstFirst = (alerts: readonly Alert[]): Alert[] =>
  alerts.toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      (a.triggeredAt === b.triggeredAt ? 0 : a.triggeredAt < b.triggeredAt ? 1 : -1),
  )

export const isSnoozed = ({ snoozedUntil, state }: Alert, nowMs: number): boolean =>
  state !== 'resolved' && snoozedUntil !== null && Date.parse(snoozedUntil) > nowMs

/** Whether the words somebody types are about it. */
export const isFound = ({ title, ruleName, labels, tags }: Alert, search: string): boolean =>
  [title, ruleName, ...Object.values(labels), ...tags].join(' ').toLowerCase().includes(search.trim().toLowerCase())

/** The place in the dashboard that an alert is about, where it has one of its own. */
export function threatOf({ path }: { path: string }): { siteId: SiteId; threatId: ThreatId } | null {
  const [, site, threat] = /^\/sites\/([^/]+)\/threats\/([^/]+)$/.exec(path) ?? []
  const siteId = SiteId.safeParse(site)
  const threatId = ThreatId.safeParse(threat)
  return siteId.success && threatId.success ? { siteId: siteId.data, threatId: threatId.data } : null
}
