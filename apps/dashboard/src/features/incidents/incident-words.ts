import type { Incident, IncidentImpact, IncidentStatus } from '@tocsin/contract/api/incidents'

export const statusWords = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
} satisfies Record<IncidentStatus, string>

export const statusTones = {
  investigating: 'bad',
  identified: 'warn',
  monitoring: 'info',
  resolved: 'good',
} satisfies Record<IncidentStatus, string>

export const impactWords = {
  none: 'No impact',
  minor: 'Minor impact',
  major: 'Major impact',
  critical: 'Critical impact',
} satisfies Record<IncidentImpact, string>

/** What one says next, most often. */
export const nextStatus = {
  investigating: 'identified',
  identified: 'monitoring',
  monitoring: 'resolved',
  resolved: 'resolved',
} satisfies Record<IncidentStatus, IncidentStatus>

export const namesOf = ({ components }: Pick<Incident, 'components'>): string =>
  components.length === 0 ? 'No component' : components.map(({ name }) => name).join(', ')
