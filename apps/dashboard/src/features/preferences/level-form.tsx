import { Cadence, PreferenceSettings } from '@tocsin/contract/api/preferences'
import { severities } from '@tocsin/contract/rule'
import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { SelectField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { cadenceWords, eventKinds, eventsText, fromSeverityWords, type Wanted } from './preference-words.ts'

interface LevelFormProps<Answer> {
  settings: PreferenceSettings
  /** What holds where this level says nothing, as far as that is known. */
  behind: Partial<Wanted>
  behindName: string
  submit: (settings: PreferenceSettings) => Promise<Answer>
  done: () => void
  children?: ReactNode
}

/** What one level says. Each of it may be left to the level behind. */
export function LevelForm<Answer>(props: LevelFormProps<Answer>) {
  const { settings, behind, behindName } = props
  const [ownEvents, setOwnEvents] = useState(settings.events !== undefined)
  const [events, setEvents] = useState<string[]>(settings.events ?? [])
  const { form, errorOf, busy, problem } = useForm({
    endpoint: { body: PreferenceSettings },
    read: (data) => ({
      ...flag('email', text(data, 'email')),
      ...flag('inApp', text(data, 'inApp')),
      ...given('minimumSeverity', text(data, 'minimumSeverity')),
      ...given('cadence', text(data, 'cadence')),
      ...(ownEvents ? { events } : {}),
    }),
    submit: props.submit,
    done: props.done,
  })
  // What it comes to first: a narrow screen cuts the rest off.
  const asBehind = (value: string | undefined) => (value === undefined ? `As ${behindName}` : `${value} (as ${behindName})`)
  return (
    <form {...form}>
      <UsualFields settings={settings} behind={behind} asBehind={asBehind} errorOf={errorOf} />
      <SelectField
        label="About what"
        value={ownEvents ? 'own' : ''}
        onChange={({ target }) => setOwnEvents(target.value === 'own')}
      >
        <option value="">{asBehind(behind.events && eventsText(behind.events))}</option>
        <option value="own">Only what I choose</option>
      </SelectField>
      {ownEvents && (
        <Choices
          label="Only this"
          options={[...eventKinds, ...rareOnes(events)]}
          chosen={events}
          onChange={setEvents}
          error={errorOf('events')}
          hint="What is not chosen is neither mailed nor listed."
        />
      )}
      {problem && <ProblemNote error={problem} />}
      <div className="button-row">
        <Button look="primary" type="submit" busy={busy}>
          Save
        </Button>
        {props.children}
      </div>
    </form>
  )
}

interface UsualFieldsProps {
  settings: PreferenceSettings
  behind: Partial<Wanted>
  asBehind: (value: string | undefined) => string
  errorOf: (name: string) => string | undefined
}

function UsualFields({ settings, behind, asBehind, errorOf }: UsualFieldsProps) {
  return (
    <div className="field-pair">
      <SelectField label="Mail" name="email" defaultValue={String(settings.email ?? '')} error={errorOf('email')}>
        <option value="">{asBehind(behind.email === undefined ? undefined : behind.email ? 'On' : 'Off')}</option>
        <option value="true">On</option>
        <option value="false">Off</option>
      </SelectField>
      <SelectField
        label="Mail from this severity on"
        name="minimumSeverity"
        defaultValue={settings.minimumSeverity ?? ''}
        error={errorOf('minimumSeverity')}
      >
        <option value="">{asBehind(behind.minimumSeverity && fromSeverityWords[behind.minimumSeverity])}</option>
        {severities.map((severity) => (
          <option key={severity} value={severity}>
            {fromSeverityWords[severity]}
          </option>
        ))}
      </SelectField>
      <SelectField label="Mail comes" name="cadence" defaultValue={settings.cadence ?? ''} error={errorOf('cadence')}>
        <option value="">{asBehind(behind.cadence && cadenceWords[behind.cadence])}</option>
        {Cadence.options.map((cadence) => (
          <option key={cadence} value={cadence}>
            {cadenceWords[cadence]}
          </option>
        ))}
      </SelectField>
      <SelectField label="Feed under the bell" name="inApp" defaultValue={String(settings.inApp ?? '')} error={errorOf('inApp')}>
        <option value="">{asBehind(behind.inApp === undefined ? undefined : behind.inApp ? 'Listed' : 'Not listed')}</option>
        <option value="true">Listed</option>
        <option value="false">Not listed</option>
      </SelectField>
    </div>
  )
}

const given = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value })
const flag = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value === 'true' })

/** Patterns that were set through the API stay choosable here. */
const rareOnes = (events: readonly string[]) =>
  events.filter((event) => !eventKinds.some(({ value }) => value === event)).map((event) => ({ value: event, label: event }))
