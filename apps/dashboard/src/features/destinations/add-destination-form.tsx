import { createDestination } from '@tocsin/contract/api/destinations'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'

export function AddDestinationForm({ onAdded }: { onAdded: () => void }) {
  const { client, session } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createDestination,
    read: (data) => ({
      kind: 'email',
      address: text(data, 'address')?.trim(),
      name: text(data, 'name') ?? '',
      minimumSeverity: text(data, 'minimumSeverity'),
    }),
    submit: (body) => client.call(createDestination, { body }),
    done: onAdded,
  })
  return (
    <form {...form}>
      <TextField
        label="E-mail address"
        name="address"
        type="email"
        defaultValue={session.user.email}
        error={errorOf('address')}
      />
      <SelectField label="Tell of" name="minimumSeverity" defaultValue="high" error={errorOf('minimumSeverity')}>
        <option value="critical">Critical threats only</option>
        <option value="high">High and critical threats</option>
        <option value="medium">Medium threats and worse</option>
        <option value="low">Every threat</option>
      </SelectField>
      <TextField label="Whose it is (optional)" name="name" placeholder="On-call" error={errorOf('name')} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Add address
      </Button>
    </form>
  )
}
