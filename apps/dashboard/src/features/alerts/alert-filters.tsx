import type { Alert, AlertState } from '@tocsin/contract/api/alerts'
import { severities } from '@tocsin/contract/rule'
import type { ReactNode } from 'react'
import { useAlertRules, useSites } from '../../live/lists.ts'
import type { AlertFilter, Page } from '../../live/snapshot.ts'
import { Icon } from '../../ui/icon.tsx'
import { severityWords } from './alert-words.ts'

interface FilterProps {
  filter: AlertFilter
  onChange: (filter: AlertFilter) => void
}

/** How much is open, by severity; each count is also the way to what it counts. */
export function Counts({ page, filter, onChange }: FilterProps & { page: Page<Alert> }) {
  const count = (passes: (alert: Alert) => boolean) => `${page.data.filter(passes).length}${page.nextCursor ? '+' : ''}`
  return (
    <ul className="alert-counts" aria-label="Open alerts">
      {severities.map((severity) => (
        <li key={severity}>
          <button
            type="button"
            className="alert-count"
            data-severity={severity}
            aria-pressed={filter.severity === severity}
            onClick={() => onChange({ ...filter, severity: filter.severity === severity ? null : severity })}
          >
            <b>{count((alert) => alert.severity === severity)}</b>
            <span className="severity" data-severity={severity}>
              <Icon name={severity} />
              {severityWords[severity]}
            </span>
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className="alert-count"
          aria-pressed={filter.state === 'acknowledged'}
          onClick={() => onChange({ ...filter, state: filter.state === 'acknowledged' ? 'open' : 'acknowledged' })}
        >
          <b>{count(({ state }) => state === 'acknowledged')}</b>
          <span className="severity">
            <Icon name="check" />
            Taken on
          </span>
        </button>
      </li>
    </ul>
  )
}

const states = [
  { value: 'open', label: 'All that are open' },
  { value: 'triggered', label: 'Nobody is on it' },
  { value: 'acknowledged', label: 'Somebody is on it' },
  { value: 'resolved', label: 'Over' },
] as const satisfies readonly { value: AlertState | 'open'; label: string }[]

export function AlertFilters({ filter, onChange, children }: FilterProps & { children: ReactNode }) {
  const sites = useSites().data?.data ?? []
  const rules = useAlertRules().data?.data ?? []
  return (
    <div className="filters alert-filters">
      {children}
      <select
        className="inline-choice"
        aria-label="State"
        value={filter.state ?? ''}
        onChange={({ target }) =>
          onChange({ ...filter, state: states.find(({ value }) => value === target.value)?.value ?? null })
        }
      >
        {states.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        <option value="">Open and over</option>
      </select>
      <select
        className="inline-choice"
        aria-label="Severity"
        value={filter.severity ?? ''}
        onChange={({ target }) => onChange({ ...filter, severity: severities.find((each) => each === target.value) ?? null })}
      >
        <option value="">Every severity</option>
        {severities.map((severity) => (
          <option key={severity} value={severity}>
            {severityWords[severity]}
          </option>
        ))}
      </select>
      <select
        className="inline-choice"
        aria-label="Site"
        value={filter.siteId ?? ''}
        onChange={({ target }) => onChange({ ...filter, siteId: sites.find(({ id }) => id === target.value)?.id ?? null })}
      >
        <option value="">Every site</option>
        {sites.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="inline-choice"
        aria-label="Rule"
        value={filter.alertRuleId ?? ''}
        onChange={({ target }) => onChange({ ...filter, alertRuleId: rules.find(({ id }) => id === target.value)?.id ?? null })}
      >
        <option value="">Every rule</option>
        {rules.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
