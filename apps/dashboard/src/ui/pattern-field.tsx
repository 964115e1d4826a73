import { useState } from 'react'
import { type Choice, Choices } from './choices.tsx'
import { TextField } from './field.tsx'
import { wordsOf } from './words-of.ts'

interface PatternFieldProps {
  label: string
  /** What most people want, by name; anything else is written. */
  usual: readonly Choice<string>[]
  patterns: readonly string[]
  onChange: (patterns: string[]) => void
  hint?: string
  error?: string | undefined
}

/** Kinds of events, chosen or written as patterns. */
export function PatternField({ label, usual, patterns, onChange, hint, error }: PatternFieldProps) {
  const isUsual = (pattern: string) => usual.some(({ value }) => value === pattern)
  const chosen = patterns.filter(isUsual)
  const [written, setWritten] = useState(() => patterns.filter((pattern) => !isUsual(pattern)).join(', '))
  return (
    <>
      <Choices
        label={label}
        options={usual}
        chosen={chosen}
        onChange={(next) => onChange([...next, ...wordsOf(written)])}
        hint={hint}
        error={error}
      />
      <details className="more-fields" open={written !== '' || undefined}>
        <summary>Single events</summary>
        <TextField
          label="Other events, by name"
          value={written}
          placeholder="scan.failed, member.*"
          spellCheck={false}
          autoCapitalize="none"
          hint="Separated by commas. The API reference lists them all."
          onChange={({ target }) => {
            setWritten(target.value)
            onChange([...chosen, ...wordsOf(target.value)])
          }}
        />
      </details>
    </>
  )
}
