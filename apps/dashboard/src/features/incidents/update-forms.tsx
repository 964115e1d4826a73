import {
  addIncidentUpdate,
  editIncidentUpdate,
  type Incident,
  type IncidentStatus,
  type IncidentUpdate,
  updateIncident,
} from '@tocsin/contract/api/incidents'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choices.tsx'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { type Affected, AffectedFields } from './affected-fields.tsx'
import { impactWords, statusWords } from './incident-words.ts'
import { markdownHint } from './open-incident-form.tsx'

const affectedOf = ({ components }: Incident): Affected[] =>
  components.map(({ componentId, status }) => ({ componentId, status }))

/** How it goes on, or that it is over. */
export function UpdateForm(props: { incident: Incident; status: IncidentStatus; onDone: () => void }) {
  const { client } = useSigned()
  const { incident } = props
  const [status, setStatus] = useState(props.status)
  const [components, setComponents] = useState<readonly Affected[]>(() => affectedOf(incident))
  const [notify, setNotify] = useState(true)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: addIncidentUpdate,
    read: (data) => ({
      status,
      body: text(data, 'body') ?? '',
      // What is resolved sets its components back itself.
      ...(status === 'resolved' ? {} : { components }),
      notify,
    }),
    submit: (body) => client.call(addIncidentUpdate, { params: { incidentId: incident.id }, body }),
    done: props.onDone,
  })
  return (
    <form {...form}>
      <SelectField
        label="Status"
        value={status}
        error={errorOf('status')}
        onChange={({ target }) => setStatus(statuses.find((each) => each === target.value) ?? status)}
      >
        {statuses.map((value) => (
          <option key={value} value={value}>
            {statusWords[value]}
          </option>
        ))}
      </SelectField>
      <AreaField label="What is new" name="body" rows={4} hint={markdownHint} error={errorOf('body')} />
      {status !== 'resolved' && <AffectedFields affected={components} onChange={setComponents} error={errorOf('components')} />}
      <Switch label="Tell the subscribers" checked={notify} onChange={setNotify} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" icon={status === 'resolved' ? 'check' : 'announce'} type="submit" busy={busy}>
        {status === 'resolved' ? 'Resolve incident' : 'Post update'}
      </Button>
    </form>
  )
}

const statuses: readonly IncidentStatus[] = ['investigating', 'identified', 'monitoring', 'resolved']

/** What it says of itself. Nobody is told. */
export function CorrectForm({ incident, onDone }: { incident: Incident; onDone: () => void }) {
  const { client } = useSigned()
  const [components, setComponents] = useState<readonly Affected[]>(() => affectedOf(incident))
  const isOpen = incident.status !== 'resolved'
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateIncident,
    read: (data) => ({
      title: text(data, 'title') ?? '',
      impact: text(data, 'impact'),
      ...(isOpen ? { components } : {}),
    }),
    submit: (body) => client.call(updateIncident, { params: { incidentId: incident.id }, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <TextField label="What is wrong" name="title" defaultValue={incident.title} error={errorOf('title')} />
      <SelectField label="Impact" name="impact" defaultValue={incident.impact} error={errorOf('impact')}>
        {Object.entries(impactWords).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      {isOpen && <AffectedFields affected={components} onChange={setComponents} error={errorOf('components')} />}
      {problem && <ProblemNote error={problem} />}
      <p className="field-hint">Nobody is told of a correction.</p>
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

export function EditUpdateForm({ update, onDone }: { update: IncidentUpdate; onDone: () => void }) {
  const { client } = useSigned()
  const params = { incidentId: update.incidentId, incidentUpdateId: update.id }
  const { form, errorOf, busy, problem } = useForm({
    endpoint: editIncidentUpdate,
    read: (data) => ({ body: text(data, 'body') ?? '' }),
    submit: (body) => client.call(editIncidentUpdate, { params, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <AreaField label="Text" name="body" rows={6} defaultValue={update.body} hint={markdownHint} error={errorOf('body')} />
      {problem && <ProblemNote error={problem} />}
      <p className="field-hint">Nobody is told of a correction.</p>
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}
