import { type Component, createComponent, updateComponent } from '@tocsin/contract/api/components'
import type { ComponentId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useSites } from '../../live/lists.ts'
import { useComponentGroups, useComponents } from '../../live/status-lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'

type ErrorOf = (name: string) => string | undefined

/** The last of its group comes last. */
export function AddComponentForm({ order, onDone }: { order: number; onDone: () => void }) {
  const { client } = useSigned()
  const [dependsOn, setDependsOn] = useState<readonly ComponentId[]>([])
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createComponent,
    read: (data) => ({ ...writtenOf(data), dependsOn, order }),
    submit: (body) => client.call(createComponent, { body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <Fields dependsOn={dependsOn} onDependsOn={setDependsOn} errorOf={errorOf} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Add component
      </Button>
    </form>
  )
}

export function ChangeComponentForm({ component, onDone }: { component: Component; onDone: () => void }) {
  const { client } = useSigned()
  const [dependsOn, setDependsOn] = useState<readonly ComponentId[]>(component.dependsOn)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateComponent,
    read: (data) => ({ ...writtenOf(data), dependsOn }),
    submit: (body) => client.call(updateComponent, { params: { componentId: component.id }, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <Fields before={component} dependsOn={dependsOn} onDependsOn={setDependsOn} errorOf={errorOf} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

const writtenOf = (data: FormData) => ({
  name: text(data, 'name'),
  description: text(data, 'description') ?? '',
  groupId: text(data, 'groupId') ?? null,
  siteId: text(data, 'siteId') ?? null,
})

function Fields(props: {
  before?: Component
  dependsOn: readonly ComponentId[]
  onDependsOn: (ids: ComponentId[]) => void
  errorOf: ErrorOf
}) {
  const { before, errorOf } = props
  const groups = useComponentGroups().data ?? []
  const sites = useSites().data?.data ?? []
  const others = (useComponents().data ?? []).filter(({ id }) => id !== before?.id)
  return (
    <>
      <TextField label="Name" name="name" defaultValue={before?.name} placeholder="Checkout" error={errorOf('name')} />
      <AreaField
        label="What it is, for visitors (optional)"
        name="description"
        rows={2}
        defaultValue={before?.description}
        error={errorOf('description')}
      />
      {groups.length > 0 && (
        <SelectField label="Group" name="groupId" defaultValue={before?.groupId ?? ''} error={errorOf('groupId')}>
          <option value="">None</option>
          {groups.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      {sites.length > 0 && (
        <SelectField
          label="Stands for the site"
          name="siteId"
          defaultValue={before?.siteId ?? ''}
          hint="While it is down, alerts about the site are explained by it."
          error={errorOf('siteId')}
        >
          <option value="">None</option>
          {sites.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      {others.length > 0 && (
        <Choices
          label="Cannot work without"
          options={others.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={props.dependsOn}
          onChange={props.onDependsOn}
          error={errorOf('dependsOn')}
        />
      )}
    </>
  )
}
