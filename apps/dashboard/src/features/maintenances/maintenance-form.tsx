import { type Maintenance, scheduleMaintenance, updateMaintenance } from '@tocsin/contract/api/maintenances'
import type { ComponentId, SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useSites } from '../../live/lists.ts'
import { useComponents } from '../../live/status-lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices, Switch } from '../../ui/choices.tsx'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { localInput, timeOfInput } from '../../ui/local-time.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { remindOptions } from './maintenance-words.ts'

type ErrorOf = (name: string) => string | undefined

export function ScheduleForm({ onDone }: { onDone: () => void }) {
  const { client } = useSigned()
  const choice = useChoices()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: scheduleMaintenance,
    read: (data) => ({ ...writtenOf(data), ...choice.values, startsAt: timeOfInput(text(data, 'startsAt')) }),
    submit: (body) => client.call(scheduleMaintenance, { body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <Fields choice={choice} errorOf={errorOf} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" icon="wrench" type="submit" busy={busy}>
        Plan maintenance
      </Button>
    </form>
  )
}

/** When it began cannot be changed once it has. */
export function ChangeMaintenanceForm({ maintenance, onDone }: { maintenance: Maintenance; onDone: () => void }) {
  const { client } = useSigned()
  const choice = useChoices(maintenance)
  const isPlanned = maintenance.status === 'scheduled'
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateMaintenance,
    read: (data) => ({
      ...writtenOf(data),
      ...choice.values,
      ...(isPlanned ? { startsAt: timeOfInput(text(data, 'startsAt')) } : {}),
    }),
    submit: (body) => client.call(updateMaintenance, { params: { maintenanceId: maintenance.id }, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <Fields choice={choice} before={maintenance} errorOf={errorOf} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

const writtenOf = (data: FormData) => ({
  title: text(data, 'title') ?? '',
  description: text(data, 'description') ?? '',
  endsAt: timeOfInput(text(data, 'endsAt')) ?? '',
  remindMinutes: Number(text(data, 'remindMinutes')),
})

function useChoices(before?: Maintenance) {
  const [componentIds, setComponents] = useState<readonly ComponentId[]>(
    () => before?.components.map(({ componentId }) => componentId) ?? [],
  )
  const [siteIds, setSites] = useState<readonly SiteId[]>(before?.siteIds ?? [])
  const [notify, setNotify] = useState(before?.notify ?? true)
  return { values: { componentIds, siteIds, notify }, setComponents, setSites, setNotify }
}

interface FieldsProps {
  choice: ReturnType<typeof useChoices>
  before?: Maintenance
  errorOf: ErrorOf
}

function Fields(props: FieldsProps) {
  const { before, errorOf } = props
  const remind = before?.remindMinutes ?? 60
  return (
    <>
      <TextField label="Title" name="title" defaultValue={before?.title} placeholder="A new database" error={errorOf('title')} />
      <AreaField
        label="What happens (optional)"
        name="description"
        rows={3}
        defaultValue={before?.description}
        hint="Markdown. Visitors and subscribers read it."
        error={errorOf('description')}
      />
      <div className="field-pair">
        {(!before || before.status === 'scheduled') && (
          <TextField
            label="Begins"
            name="startsAt"
            type="datetime-local"
            defaultValue={localInput(before?.startsAt)}
            error={errorOf('startsAt')}
          />
        )}
        <TextField
          label="Ends"
          name="endsAt"
          type="datetime-local"
          defaultValue={localInput(before?.endsAt)}
          error={errorOf('endsAt')}
        />
      </div>
      <Touched {...props} />
      <SelectField label="Remind subscribers" name="remindMinutes" defaultValue={remind} error={errorOf('remindMinutes')}>
        {remindOptions(remind).map(({ minutes, label }) => (
          <option key={minutes} value={minutes}>
            {label}
          </option>
        ))}
      </SelectField>
      <Switch label="Tell the subscribers" checked={props.choice.values.notify} onChange={props.choice.setNotify} />
    </>
  )
}

function Touched({ choice, errorOf }: FieldsProps) {
  const components = useComponents().data ?? []
  const sites = useSites().data?.data ?? []
  return (
    <>
      {components.length > 0 && (
        <Choices
          label="Components"
          options={components.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={choice.values.componentIds}
          onChange={choice.setComponents}
          hint="Shown as under maintenance while it lasts."
          error={errorOf('componentIds')}
        />
      )}
      {sites.length > 0 && (
        <Choices
          label="Sites"
          options={sites.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={choice.values.siteIds}
          onChange={choice.setSites}
          hint="Nobody is alerted about them while it lasts."
          error={errorOf('siteIds')}
        />
      )}
    </>
  )
}
