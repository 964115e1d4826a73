import { TextField } from '../../ui/field.tsx'

const hourMs = 3_600_000
const choices = [
  { hours: 1, label: '1 hour' },
  { hours: 4, label: '4 hours' },
  { hours: 24, label: '1 day' },
  { hours: 7 * 24, label: '7 days' },
] as const

/** How long, from now; or until a time by the wall clock. */
export interface Lasting {
  hours: number | null
  until: string
}

export const usualLasting: Lasting = { hours: 1, until: '' }

/** As the API takes it; undefined where nothing was chosen. */
export function endOf({ hours, until }: Lasting, now: Date): string | undefined {
  const end = hours === null ? new Date(until) : new Date(now.getTime() + hours * hourMs)
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString()
}

export function DurationFields(props: { lasting: Lasting; onChange: (lasting: Lasting) => void; error: string | undefined }) {
  const { lasting, onChange, error } = props
  return (
    <>
      <fieldset className="field choices">
        <legend>How long</legend>
        <div className="choice-list" data-lie="row">
          {choices.map(({ hours, label }) => (
            <label key={hours}>
              <input
                type="radio"
                name="hours"
                checked={lasting.hours === hours}
                onChange={() => onChange({ ...lasting, hours })}
              />
              <span>{label}</span>
            </label>
          ))}
          <label>
            <input
              type="radio"
              name="hours"
              checked={lasting.hours === null}
              onChange={() => onChange({ ...lasting, hours: null })}
            />
            <span>Until…</span>
          </label>
        </div>
        {lasting.hours !== null && error && <p className="field-error">{error}</p>}
      </fieldset>
      {lasting.hours === null && (
        <TextField
          label="Until"
          name="until"
          type="datetime-local"
          value={lasting.until}
          error={error}
          hint="Ninety days from now at the latest."
          onChange={({ target }) => onChange({ ...lasting, until: target.value })}
        />
      )}
    </>
  )
}
