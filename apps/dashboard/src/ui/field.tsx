import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react'

interface Common {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

/** A label, a control, and what is wrong with it, tied together for eyes and for screen readers alike. */
function useFieldIds({ hint, error }: Common) {
  const id = useId()
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined
  return { id, control: { id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined } as const }
}

function Frame({ id, label, hint, error, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
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
    </div>
  )
}

export function TextField({ label, hint, error, ...input }: Common & InputHTMLAttributes<HTMLInputElement>) {
  const { id, control } = useFieldIds({ label, hint, error })
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input type="text" autoComplete="off" {...input} {...control} />
    </Frame>
  )
}

export function AreaField({ label, hint, error, ...area }: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const { id, control } = useFieldIds({ label, hint, error })
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea rows={3} {...area} {...control} />
    </Frame>
  )
}

export function SelectField({ label, hint, error, children, ...select }: Common & SelectHTMLAttributes<HTMLSelectElement>) {
  const { id, control } = useFieldIds({ label, hint, error })
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select {...select} {...control}>
        {children}
      </select>
    </Frame>
  )
}
