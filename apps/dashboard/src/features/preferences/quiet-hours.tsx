import { type QuietWindow, type Schedule, setSchedule, type Weekday } from '@tocsin/contract/api/preferences'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices, Switch } from '../../ui/choices.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Section } from '../../ui/screen.tsx'
import { useNowMs } from '../../ui/time.tsx'
import { useForm } from '../../ui/use-form.ts'
import { quietNow, weekdays, zoneChoices } from './quiet-now.ts'

const dayWords = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} satisfies Record<Weekday, string>

/** As the form holds a window: its place in the list is no name, for others may be taken away. */
type Kept = QuietWindow & { key: string }
const nights = (): Kept => ({ key: crypto.randomUUID(), days: [...weekdays], from: '22:00', to: '07:00' })

/** When one is not to be disturbed. What comes then is told in one mail when it ends. */
export function QuietHours({ schedule, onSaved }: { schedule: Schedule; onSaved: () => void }) {
  const { client } = useSigned()
  const [zone, setZone] = useState(schedule.zone)
  const [windows, setWindows] = useState<Kept[]>(() => schedule.windows.map((each) => ({ ...each, key: crypto.randomUUID() })))
  const [criticalOverrides, setCriticalOverrides] = useState(schedule.criticalOverrides)
  const [dailyDigestAt, setDailyDigestAt] = useState(schedule.dailyDigestAt)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: setSchedule,
    read: () => ({ zone, criticalOverrides, dailyDigestAt, windows: windows.map(({ days, from, to }) => ({ days, from, to })) }),
    submit: (body) => client.call(setSchedule, { body }),
    done: onSaved,
  })
  const put = (changed: Kept) => setWindows((all) => all.map((each) => (each.key === changed.key ? changed : each)))
  return (
    <Section title="Quiet hours">
      <form {...form} className="card card-roomy">
        <QuietNow zone={zone} windows={windows} />
        <div className="field-pair">
          <ZoneField zone={zone} onChange={setZone} error={errorOf('zone')} />
          <TextField
            label="Daily digest comes at"
            type="time"
            value={dailyDigestAt}
            error={errorOf('dailyDigestAt')}
            onChange={({ target }) => setDailyDigestAt(target.value)}
          />
        </div>
        {windows.map((window, index) => (
          <WindowFields
            key={window.key}
            window={window}
            errorOf={(field) => errorOf(`windows.${index}.${field}`)}
            onChange={put}
            onRemove={() => setWindows((all) => all.filter(({ key }) => key !== window.key))}
          />
        ))}
        <Button icon="plus" onClick={() => setWindows((all) => [...all, nights()])}>
          Add quiet hours
        </Button>
        <Switch
          label="Critical alerts are mailed at any time"
          checked={criticalOverrides}
          onChange={setCriticalOverrides}
          hint="Without it, they wait for the end of the quiet hours like all others."
        />
        {problem && <ProblemNote error={problem} />}
        <Button look="primary" type="submit" busy={busy}>
          Save
        </Button>
      </form>
    </Section>
  )
}

function QuietNow({ zone, windows }: Pick<Schedule, 'zone' | 'windows'>) {
  const nowMs = useNowMs()
  const quiet = quietNow({ zone, windows: windows.filter(({ from, to }) => from && to) }, new Date(nowMs))
  if (windows.length === 0)
    return <p className="muted">You are mailed at any hour. Add the hours in which you want to be left alone.</p>
  return (
    <p className="quiet-now" data-quiet={quiet !== null}>
      <Icon name={quiet ? 'moon' : 'sun'} />
      {quiet === null && 'Not quiet now: you are mailed as it comes.'}
      {quiet === 'always' && 'Always quiet: what comes waits for a week at most.'}
      {quiet !== null && quiet !== 'always' && `Now quiet until ${dayWords[quiet.day]}, ${quiet.time}.`}
    </p>
  )
}

function ZoneField(props: { zone: string; onChange: (zone: string) => void; error: string | undefined }) {
  const [{ likely, others }] = useState(() => zoneChoices(props.zone))
  const [own] = likely
  return (
    <SelectField
      label="Your time zone"
      value={props.zone}
      error={props.error}
      hint={own === props.zone ? undefined : `This browser is in ${own}.`}
      onChange={({ target }) => props.onChange(target.value)}
    >
      <optgroup label="Most likely">
        {likely.map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </optgroup>
      <optgroup label="All others">
        {others.map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </optgroup>
    </SelectField>
  )
}

interface WindowProps {
  window: Kept
  errorOf: (field: 'days' | 'from' | 'to') => string | undefined
  onChange: (window: Kept) => void
  onRemove: () => void
}

function WindowFields({ window, errorOf, onChange, onRemove }: WindowProps) {
  const overnight = window.to <= window.from
  return (
    <fieldset className="quiet-window">
      <legend className="visually-hidden">Quiet hours</legend>
      <Choices
        label="Begin on"
        options={weekdays.map((value) => ({ value, label: dayWords[value].slice(0, 3) }))}
        chosen={window.days}
        onChange={(days) => onChange({ ...window, days: weekdays.filter((day) => days.includes(day)) })}
        error={errorOf('days')}
      />
      <div className="field-pair">
        <TextField
          label="From"
          type="time"
          value={window.from}
          error={errorOf('from')}
          onChange={({ target }) => onChange({ ...window, from: target.value })}
        />
        <TextField
          label={overnight ? 'To, on the next day' : 'To'}
          type="time"
          value={window.to}
          error={errorOf('to')}
          onChange={({ target }) => onChange({ ...window, to: target.value })}
        />
      </div>
      <Button look="quiet" icon="trash" onClick={onRemove}>
        Take away
      </Button>
    </fieldset>
  )
}
