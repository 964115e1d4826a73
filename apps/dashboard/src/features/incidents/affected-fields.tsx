import { type ComponentStatus, componentStatuses } from '@tocsin/contract/api/components'
import type { ComponentId } from '@tocsin/contract/ids'
import { useComponents } from '../../live/status-lists.ts'
import { componentStatusWords } from '../../ui/component-status.tsx'

export interface Affected {
  componentId: ComponentId
  status: ComponentStatus
}

/** What an incident affects, and how. */
export function AffectedFields(props: {
  affected: readonly Affected[]
  onChange: (affected: Affected[]) => void
  error: string | undefined
}) {
  const components = useComponents().data ?? []
  const { affected, onChange } = props
  if (components.length === 0) return null
  const set = (componentId: ComponentId, status: ComponentStatus | undefined) => {
    const others = affected.filter((each) => each.componentId !== componentId)
    onChange(status ? [...others, { componentId, status }] : others)
  }
  return (
    <fieldset className="field affected">
      <legend>What it affects</legend>
      <div className="affected-list">
        {components.map(({ id, name }) => (
          <label key={id}>
            <span className="anywhere">{name}</span>
            <select
              value={affected.find(({ componentId }) => componentId === id)?.status ?? ''}
              onChange={({ target }) =>
                set(
                  id,
                  componentStatuses.find((status) => status === target.value),
                )
              }
            >
              <option value="">Not affected</option>
              {componentStatuses.map((status) => (
                <option key={status} value={status}>
                  {componentStatusWords[status]}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      {props.error && <p className="field-error">{props.error}</p>}
      <p className="field-hint">
        As long as it is open, these show at least so bad a status. When it is resolved they are set back.
      </p>
    </fieldset>
  )
}
