import { createWebhook } from '@tocsin/contract/api/webhooks'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'

const choices = [
  { value: 'threat.*', label: 'Threats: found, worse, resolved' },
  { value: 'threat.detected,threat.resolved', label: 'Threats: only found and resolved' },
  { value: 'threat.*,scan.*,site.*', label: 'Threats, checks and sites' },
  { value: '*', label: 'Every event' },
]

export function AddWebhookForm({ onAdded }: { onAdded: (created: { secret: string }) => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createWebhook,
    read: (data) => ({
      url: text(data, 'url')?.trim(),
      description: text(data, 'description') ?? '',
      events: text(data, 'events')?.split(','),
    }),
    submit: (body) => client.call(createWebhook, { body }),
    done: onAdded,
  })
  return (
    <form {...form}>
      <TextField
        label="Address"
        name="url"
        inputMode="url"
        placeholder="https://example.com/hooks/tocsin"
        error={errorOf('url')}
      />
      <SelectField label="What to send" name="events" error={errorOf('events')}>
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <TextField label="Note for yourselves (optional)" name="description" error={errorOf('description')} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Add webhook
      </Button>
    </form>
  )
}
