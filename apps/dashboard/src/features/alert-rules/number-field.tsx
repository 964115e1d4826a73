import { type ReactNode, useState } from 'react'
import { TextField } from '../../ui/field.tsx'

interface NumberFieldProps {
  label: string
  value: number | null
  /** NaN while what is there is no number: the schema refuses it and says so at the field. */
  onChange: (value: number) => void
  hint?: ReactNode
  error?: string | undefined
}

/** Keeps what somebody types as they type it: half a number is no number yet. */
export function NumberField({ label, value, onChange, hint, error }: NumberFieldProps) {
  const [typed, setTyped] = useState(value === null || Number.isNaN(value) ? '' : String(value))
  // Set from elsewhere, as when the metric is changed.
  const shown = value !== null && !Number.isNaN(value) && numberOf(typed) !== value ? String(value) : typed
  return (
    <TextField
      label={label}
      inputMode="decimal"
      value={shown}
      hint={hint}
      error={error}
      onChange={({ target }) => {
        setTyped(target.value)
        onChange(numberOf(target.value))
      }}
    />
  )
}

const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')))
