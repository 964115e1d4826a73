import type { Threat } from '@tocsin/contract/api/threats'
import { severities, ThreatType } from '@tocsin/contract/rule'

export interface Filter {
  type: '' | Threat['type']
  severity: '' | Threat['severity']
}

export const passes = (threat: Threat, { type, severity }: Filter): boolean =>
  (type === '' || threat.type === type) && (severity === '' || threat.severity === severity)

const typeNames = {
  ranking_drop: 'Rankings',
  cwv_degradation: 'Web vitals',
  technical_error: 'Technical errors',
  competitor_surge: 'Competitors',
  security_issue: 'Security',
  indexation_problem: 'Indexation',
} satisfies Record<Threat['type'], string>
const severityNames = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } satisfies Record<
  Threat['severity'],
  string
>

/** So many are read at a glance. */
const glance = 6

/** For a site on which much is open: only what one looks for, and only choices that there are. */
export function ThreatFilter(props: { threats: readonly Threat[]; filter: Filter; onChange: (filter: Filter) => void }) {
  const { threats, filter, onChange } = props
  if (threats.length <= glance && filter.type === '' && filter.severity === '') return null
  const count = (own: Partial<Filter>) => threats.filter((threat) => passes(threat, { ...filter, ...own })).length
  return (
    <div className="filters">
      <select
        className="inline-choice"
        aria-label="Type of threat"
        value={filter.type}
        onChange={({ target }) => onChange({ ...filter, type: ThreatType.options.find((type) => type === target.value) ?? '' })}
      >
        <option value="">Every type</option>
        {ThreatType.options.map((type) => (
          <option key={type} value={type}>
            {typeNames[type]} ({count({ type })})
          </option>
        ))}
      </select>
      <select
        className="inline-choice"
        aria-label="Severity"
        value={filter.severity}
        onChange={({ target }) =>
          onChange({ ...filter, severity: severities.find((severity) => severity === target.value) ?? '' })
        }
      >
        <option value="">Every severity</option>
        {severities.map((severity) => (
          <option key={severity} value={severity}>
            {severityNames[severity]} ({count({ severity })})
          </option>
        ))}
      </select>
    </div>
  )
}
