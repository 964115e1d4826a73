import { createApiKey } from '@tocsin/contract/api/orgs'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'

const days = { '30': '30 days', '90': '90 days', '365': 'A year', '': 'Until it is revoked' } as const

export function AddApiKeyForm({ onAdded }: { onAdded: (created: { key: string }) => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createApiKey,
    read: (data) => ({ name: text(data, 'name'), scope: text(data, 'scope'), ...expiry(text(data, 'days')) }),
    submit: (body) => client.call(createApiKey, { body }),
    done: onAdded,
  })
  return (
    <form {...form}>
      <TextField label="Name" name="name" placeholder="Deploy script" error={errorOf('name')} />
      <SelectField label="May" name="scope" defaultValue="read" error={errorOf('scope')}>
        <option value="read">Read</option>
        <option value="write">Read and write</option>
        <option value="admin">Everything an admin may</option>
      </SelectField>
      <SelectField label="Good for" name="days" defaultValue="90" error={errorOf('expiresAt')}>
        {Object.entries(days).map(([value, label]) => (
          <option key={label} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Make key
      </Button>
    </form>
  )
}

function expiry(daysText: string | undefined) {
  return daysText ? { expiresAt: new Date(Date.now() + Number(daysText) * 86_400_000).toISOString() } : {}
}
