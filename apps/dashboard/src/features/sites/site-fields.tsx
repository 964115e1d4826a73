import type { Site } from '@tocsin/contract/api/sites'
import { SelectField, TextField } from '../../ui/field.tsx'
import { text } from '../../ui/use-form.ts'

type ErrorOf = (name: string) => string | undefined
type Pace = Pick<Site, 'scanIntervalHours' | 'pageBudget' | 'connections'>

export const usualPace: Pace = { scanIntervalHours: 6, pageBudget: 500, connections: 2 }

/** How often and how hard a site is looked at: the same when it is added and later. */
export function PaceFields({ pace, errorOf }: { pace: Pace; errorOf: ErrorOf }) {
  return (
    <>
      <SelectField
        label="Check every"
        name="scanIntervalHours"
        defaultValue={pace.scanIntervalHours}
        error={errorOf('scanIntervalHours')}
      >
        {[4, 6, 12, 24].map((hours) => (
          <option key={hours} value={hours}>
            {hours} hours
          </option>
        ))}
      </SelectField>
      <TextField
        label="Pages to look at, at most"
        name="pageBudget"
        inputMode="numeric"
        defaultValue={pace.pageBudget}
        error={errorOf('pageBudget')}
      />
      <TextField
        label="Connections at once"
        name="connections"
        inputMode="numeric"
        defaultValue={pace.connections}
        hint="Between 1 and 10. Two is polite; your own server may bear more."
        error={errorOf('connections')}
      />
    </>
  )
}

export function readPace(data: FormData) {
  return {
    scanIntervalHours: Number(text(data, 'scanIntervalHours')),
    pageBudget: Number(text(data, 'pageBudget')),
    connections: Number(text(data, 'connections')),
  }
}

const looks = [
  { name: 'firstSeconds', label: 'Look at a finding again after' },
  { name: 'secondSeconds', label: 'And a third time, if the two disagree, after' },
  { name: 'resolveSeconds', label: 'Look at a repair again after' },
] as const

/** When a finding, or its repair, is believed. */
export function ConfirmationFields({ confirmation, errorOf }: { confirmation: Site['confirmation']; errorOf: ErrorOf }) {
  return (
    <fieldset className="field-group">
      <legend>Confirmation, in seconds</legend>
      {looks.map(({ name, label }) => (
        <TextField
          key={name}
          label={label}
          name={name}
          inputMode="numeric"
          defaultValue={confirmation[name]}
          error={errorOf(`confirmation.${name}`)}
        />
      ))}
    </fieldset>
  )
}

export function readConfirmation(data: FormData) {
  return Object.fromEntries(looks.map(({ name }) => [name, Number(text(data, name))]))
}
