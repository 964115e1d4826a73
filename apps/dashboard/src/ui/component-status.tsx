import type { ComponentStatus } from '@tocsin/contract/api/components'
import { Icon, type IconName } from './icon.tsx'

export const componentStatusWords = {
  operational: 'Operational',
  under_maintenance: 'Under maintenance',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
} satisfies Record<ComponentStatus, string>

const icons = {
  operational: 'check',
  under_maintenance: 'wrench',
  degraded_performance: 'medium',
  partial_outage: 'high',
  major_outage: 'critical',
} satisfies Record<ComponentStatus, IconName>

/** Shape, word and colour say the same. */
export function ComponentStatusMark({ status }: { status: ComponentStatus }) {
  return (
    <span className="component-status" data-status={status}>
      <Icon name={icons[status]} />
      {componentStatusWords[status]}
    </span>
  )
}
