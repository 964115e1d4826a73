import { createIncident, type Incident } from '@tocsin/contract/api/incidents'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choices.tsx'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { timeOfInput } from '../../ui/local-time.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { type Affected, AffectedFields } from './affected-fields.tsx'
import { impactWords, statusWords } from './incident-words.ts'

export const markdownHint = 'Markdown: **bold**, lists and [links](https://…). Visitors and subscribers read it.'

export function OpenIncidentForm({ onDone }: { onDone: (incident: Incident) => void }) {
  const { client } = useSigned()
  const [components, setComponents] = useState<readonly Affected[]>([])
  const [notify, setNotify] = useState(true)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createIncident,
    read: (data) => ({
      title: text(data, 'title'),
      impact: text(data, 'impact'),
      status: text(data, 'status'),
      body: text(data, 'body') ?? '',
      components,
      notify,
      startedAt: timeOfInput(text(data, 'startedAt')),
    }),
    submit: (body) => client.call(createIncident, { body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <TextField label="What is wrong" name="title" placeholder="Checkout does not answer" error={errorOf('title')} />
      <div className="field-pair">
        <SelectField label="Impact" name="impact" defaultValue="minor" error={errorOf('impact')}>
          {Object.entries(impactWords).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <SelectField label="Status" name="status" defaultValue="investigating" error={errorOf('status')}>
          {Object.entries(statusWords).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
      </div>
      <AreaField label="The first update" name="body" rows={4} hint={markdownHint} error={errorOf('body')} />
      <AffectedFields affected={components} onChange={setComponents} error={errorOf('components')} />
      <details className="more-fields">
        <summary>It began earlier</summary>
        <TextField label="Began (empty: now)" name="startedAt" type="datetime-local" error={errorOf('startedAt')} />
      </details>
      <Switch label="Tell the subscribers" checked={notify} onChange={setNotify} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" icon="announce" type="submit" busy={busy}>
        Open incident
      </Button>
    </form>
  )
}
