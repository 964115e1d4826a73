import type { ComponentStatus } from '@tocsin/contract/api/components'
import type { IncidentImpact, IncidentStatus } from '@tocsin/contract/api/incidents'
import type { MaintenanceStatus } from '@tocsin/contract/api/maintenances'

/** As readers of a status page know them. */
export const componentWords = {
  operational: 'Operational',
  under_maintenance: 'Under maintenance',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
} as const satisfies Record<ComponentStatus, string>

export const incidentWords = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
} as const satisfies Record<IncidentStatus, string>

export const impactWords = {
  none: 'No impact',
  minor: 'Minor impact',
  major: 'Major impact',
  critical: 'Critical impact',
} as const satisfies Record<IncidentImpact, string>

export const maintenanceWords = {
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  verifying: 'Verifying',
  completed: 'Completed',
  cancelled: 'Cancelled',
} as const satisfies Record<MaintenanceStatus, string>

/** `2026-03-01T10:00:00.000Z` → `1 March 2026 at 10:00 UTC`: readers are anywhere. */
export const utcTime = (at: string): string => `${format.format(new Date(at))} UTC`

const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
