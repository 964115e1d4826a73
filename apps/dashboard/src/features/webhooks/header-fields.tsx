import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

export interface HeaderLine {
  /** For as long as the form is open. */
  key: number
  name: string
  value: string
}

/** As the API takes them; lines that nobody filled in are none. */
export const headersOf = (lines: readonly HeaderLine[]): Record<string, string> =>
  Object.fromEntries(lines.map(({ name, value }) => [name.trim(), value.trim()]).filter(([name, value]) => name || value))

/** Headers of the receiver's own. Their values are covered while they are typed, as they are often keys. */
export function HeaderFields(props: {
  lines: readonly HeaderLine[]
  onChange: (lines: HeaderLine[]) => void
  error: string | undefined
}) {
  const { lines, onChange, error } = props
  const change = (key: number, more: Partial<HeaderLine>) =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...more } : line)))
  return (
    <fieldset className="field header-lines">
      <legend>Headers of your own (optional)</legend>
      {lines.map(({ key, name, value }, index) => (
        <div className="header-line" key={key}>
          <input
            type="text"
            aria-label={`Name of header ${index + 1}`}
            placeholder="authorization"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-invalid={error && index === 0 ? true : undefined}
            value={name}
            onChange={({ target }) => change(key, { name: target.value })}
          />
          <input
            type="password"
            aria-label={`Value of header ${index + 1}`}
            placeholder="Bearer …"
            autoComplete="new-password"
            value={value}
            onChange={({ target }) => change(key, { value: target.value })}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={`Remove header ${index + 1}`}
            onClick={() => onChange(lines.filter((line) => line.key !== key))}
          >
            <Icon name="cross" />
          </button>
        </div>
      ))}
      <Button
        icon="plus"
        onClick={() => onChange([...lines, { key: Math.max(0, ...lines.map((line) => line.key)) + 1, name: '', value: '' }])}
      >
        Add a header
      </Button>
      {error && <p className="field-error">{error}</p>}
      <p className="field-hint">Sent with every message. Values are sealed when they arrive, and never shown again.</p>
    </fieldset>
  )
}
