import type { Severity } from '@tocsin/contract/rule'
import { Icon } from './icon.tsx'

const words = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } satisfies Record<Severity, string>

/** Shape, word and colour say the same: none of them is needed to understand it. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span className="severity" data-severity={severity}>
      <Icon name={severity} />
      {words[severity]}
    </span>
  )
}
