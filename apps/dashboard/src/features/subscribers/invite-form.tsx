import { addSubscriber } from '@tocsin/contract/api/subscribers'
import type { ComponentId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useComponents } from '../../live/status-lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { useSubscribersChanged } from './use-subscribers.ts'

export function InviteForm({ onDone }: { onDone: () => void }) {
  const { client } = useSigned()
  const changed = useSubscribersChanged()
  const components = useComponents().data ?? []
  const [componentIds, setComponents] = useState<readonly ComponentId[]>([])
  const { form, errorOf, busy, problem } = useForm({
    endpoint: addSubscriber,
    read: (data) => ({
      address: text(data, 'address'),
      minimumImpact: text(data, 'minimumImpact'),
      ...(componentIds.length > 0 ? { componentIds } : {}),
    }),
    submit: (body) => client.call(addSubscriber, { body }),
    done: ({ address, state }) => {
      onDone()
      void changed()
      toast(state === 'pending' ? `${address} gets a mail that asks.` : `${address} was known already.`)
    },
  })
  return (
    <form {...form}>
      <TextField
        label="E-mail address"
        name="address"
        type="email"
        hint="It gets one mail that asks, and nothing else before it agrees."
        error={errorOf('address')}
      />
      {components.length > 0 && (
        <Choices
          label="Components (none chosen: all)"
          options={components.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={componentIds}
          onChange={setComponents}
          error={errorOf('componentIds')}
        />
      )}
      <SelectField label="Tell of" name="minimumImpact" defaultValue="none" error={errorOf('minimumImpact')}>
        <option value="none">Every incident</option>
        <option value="minor">Minor impact and worse</option>
        <option value="major">Major impact and worse</option>
        <option value="critical">Critical impact only</option>
      </SelectField>
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" icon="mail" type="submit" busy={busy}>
        Invite
      </Button>
    </form>
  )
}
