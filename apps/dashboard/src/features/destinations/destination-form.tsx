import { createDestination, type Destination, type DestinationKind, updateDestination } from '@tocsin/contract/api/destinations'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choices.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { PatternField } from '../../ui/pattern-field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { eventChoices, severityChoices, usualEvents } from './destination-words.ts'
import { changedSettings, newSettings } from './setting-fields.ts'
import { SettingInputs } from './setting-inputs.tsx'

type ErrorOf = (name: string) => string | undefined

export function CreateForm(props: { kind: DestinationKind; onDone: (created: Destination, test: boolean) => void }) {
  const { client } = useSigned()
  const { kind } = props
  const [events, setEvents] = useState(usualEvents)
  const [test, setTest] = useState(true)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createDestination,
    read: (data) => ({
      kind,
      ...(kind === 'email' ? { address: text(data, 'address')?.trim() } : { settings: newSettings(kind, data) }),
      ...commonOf(data),
      events,
    }),
    submit: (body) => client.call(createDestination, { body }),
    done: (created) => props.onDone(created, test),
  })
  return (
    <form {...form}>
      <WhereFields kind={kind} errorOf={errorOf} />
      <CommonFields events={events} onEvents={setEvents} errorOf={errorOf} />
      <Switch label="Send a test message right away" checked={test} onChange={setTest} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        {test ? 'Add and test' : 'Add'}
      </Button>
    </form>
  )
}

export function ChangeForm({ destination, onDone }: { destination: Destination; onDone: () => void }) {
  const { client } = useSigned()
  const { kind } = destination
  const [events, setEvents] = useState<readonly string[]>(destination.events)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateDestination,
    read: (data) => ({
      ...(kind === 'email' ? { address: text(data, 'address')?.trim() } : { settings: changedSettings(kind, data) }),
      ...commonOf(data),
      events,
    }),
    submit: (body) => client.call(updateDestination, { params: { destinationId: destination.id }, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <WhereFields kind={kind} before={destination} errorOf={errorOf} />
      <CommonFields before={destination} events={events} onEvents={setEvents} errorOf={errorOf} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

const commonOf = (data: FormData) => ({ name: text(data, 'name') ?? '', minimumSeverity: text(data, 'minimumSeverity') })

function WhereFields({ kind, before, errorOf }: { kind: DestinationKind; before?: Destination; errorOf: ErrorOf }) {
  const { session } = useSigned()
  if (kind !== 'email') return <SettingInputs kind={kind} {...(before ? { before } : {})} errorOf={errorOf} />
  return (
    <TextField
      label="E-mail address"
      name="address"
      type="email"
      defaultValue={before?.address ?? session.user.email}
      error={errorOf('address')}
    />
  )
}

function CommonFields(props: {
  before?: Destination
  events: readonly string[]
  onEvents: (events: string[]) => void
  errorOf: ErrorOf
}) {
  const { before, errorOf } = props
  return (
    <>
      <TextField
        label="What you call it (optional)"
        name="name"
        defaultValue={before?.name}
        placeholder="On-call"
        error={errorOf('name')}
      />
      <SelectField
        label="From which severity"
        name="minimumSeverity"
        defaultValue={before?.minimumSeverity ?? 'high'}
        error={errorOf('minimumSeverity')}
      >
        {severityChoices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <PatternField
        label="Alerts about"
        usual={eventChoices}
        patterns={props.events}
        onChange={props.onEvents}
        error={errorOf('events')}
      />
    </>
  )
}
