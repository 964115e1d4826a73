import type { Alert } from '@tocsin/contract/api/alerts'
import { createSilence } from '@tocsin/contract/api/silences'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { DurationFields, endOf, usualLasting } from './duration-fields.tsx'
import { likeness } from './silence-words.ts'
import { useToastSilenced } from './use-silence-deeds.tsx'

/** A silence for what is like an alert: everything is filled in already. */
export function MuteAlert({ alert }: { alert: Alert }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon="mute" onClick={() => setOpen(true)}>
        Mute
      </Button>
      {open && (
        <Dialog title="Mute what is like this" onClose={() => setOpen(false)}>
          <MuteForm alert={alert} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

function MuteForm({ alert, onDone }: { alert: Alert; onDone: () => void }) {
  const { client } = useSigned()
  const toastSilenced = useToastSilenced()
  const [lasting, setLasting] = useState(usualLasting)
  const choices = likeness(alert)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createSilence,
    read: (data) => ({
      matchers: choices[Number(text(data, 'like') ?? 0)]?.matchers,
      comment: text(data, 'comment') ?? '',
      endsAt: endOf(lasting, new Date()),
    }),
    submit: (body) => client.call(createSilence, { body }),
    done: ({ id }) => {
      onDone()
      toastSilenced(id)
    },
  })
  return (
    <form {...form}>
      <SelectField label="What" name="like" error={errorOf('matchers')}>
        {choices.map(({ label }, index) => (
          <option key={label} value={index}>
            {label}
          </option>
        ))}
      </SelectField>
      <DurationFields lasting={lasting} onChange={setLasting} error={errorOf('endsAt')} />
      <TextField label="Why" name="comment" defaultValue={`Known: ${alert.title}`} error={errorOf('comment')} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" icon="mute" type="submit" busy={busy}>
        Mute
      </Button>
    </form>
  )
}
