import { type ReactNode, useId } from 'react'

export interface Choice<Value extends string> {
  value: Value
  label: ReactNode
}

interface ChoicesProps<Value extends string> {
  label: string
  options: readonly Choice<Value>[]
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
  hint?: ReactNode
  error?: string | undefined
}

/** Any number of a few things. A long list scrolls within itself. */
export function Choices<Value extends string>({ label, options, chosen, onChange, hint, error }: ChoicesProps<Value>) {
  const id = useId()
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined
  return (
    <fieldset className="field choices" aria-describedby={describedBy}>
      <legend>{label}</legend>
      <div className="choice-list">
        {options.map((option, index) => (
          <label key={option.value}>
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              aria-invalid={error && index === 0 ? true : undefined}
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, option.value] : chosen.filter((value) => value !== option.value))
              }
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </fieldset>
  )
}

/** Yes or no. */
export function Switch(props: { label: ReactNode; checked: boolean; onChange: (checked: boolean) => void; hint?: ReactNode }) {
  const id = useId()
  return (
    <div className="field switch">
      <label>
        <input
          type="checkbox"
          checked={props.checked}
          aria-describedby={props.hint ? id : undefined}
          onChange={({ target }) => props.onChange(target.checked)}
        />
        <span>{props.label}</span>
      </label>
      {props.hint && (
        <p className="field-hint" id={id}>
          {props.hint}
        </p>
      )}
    </div>
  )
}
