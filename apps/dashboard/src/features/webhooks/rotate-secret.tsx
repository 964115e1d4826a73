import { rotateWebhookSecret } from '@tocsin/contract/api/webhooks'
import type { WebhookId } from '@tocsin/contract/ids'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'

const keepChoices = [
  { hours: 24, label: 'For a day' },
  { hours: 72, label: 'For three days' },
  { hours: 168, label: 'For a week' },
  { hours: 0, label: 'Not at all: it has leaked' },
] as const

/** The API knows this body to be optional; a form always has one. */
const endpoint = { body: rotateWebhookSecret.body?.unwrap() }

export function RotateSecret(props: { webhookId: WebhookId; onSecret: (secret: string) => void; onClose: () => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint,
    read: (data) => ({ keepOldHours: Number(text(data, 'keepOldHours')) }),
    submit: (body) => client.call(rotateWebhookSecret, { params: { webhookId: props.webhookId }, body }),
    done: ({ secret }) => props.onSecret(secret),
  })
  return (
    <Dialog title="Make a new secret?" onClose={props.onClose}>
      <form {...form}>
        <SelectField
          label="How long is the old one still good?"
          name="keepOldHours"
          defaultValue={24}
          error={errorOf('keepOldHours')}
          hint="As long, messages carry both signatures, the new one first: you can change over without losing any."
        >
          {keepChoices.map(({ hours, label }) => (
            <option key={hours} value={hours}>
              {label}
            </option>
          ))}
        </SelectField>
        {problem && <ProblemNote error={problem} />}
        <div className="dialog-actions">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button look="primary" icon="key" type="submit" busy={busy}>
            New secret
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
