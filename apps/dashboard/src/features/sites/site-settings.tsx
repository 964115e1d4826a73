import { type Site, type SiteChanges, updateSite } from '@tocsin/contract/api/sites'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { ConfirmationFields, PaceFields, readConfirmation, readPace } from './site-fields.tsx'

export function SiteSettings({ site }: { site: Site }) {
  const { may } = useSigned()
  const [open, setOpen] = useState(false)
  if (!may('write')) return null
  return (
    <>
      <Button icon="settings" onClick={() => setOpen(true)}>
        Settings
      </Button>
      {open && (
        <Dialog title={`Settings of ${site.name}`} onClose={() => setOpen(false)}>
          <SettingsForm site={site} onSaved={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

function SettingsForm({ site: now, onSaved }: { site: Site; onSaved: () => void }) {
  const { client } = useSigned()
  const [site] = useState(now) // As the form showed it: what somebody else changes meanwhile is not changed back.
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateSite,
    read: (data) => ({ name: text(data, 'name') ?? '', ...readPace(data), confirmation: readConfirmation(data) }),
    submit: (settings) => client.call(updateSite, { params: { siteId: site.id }, body: changed(settings, site) }),
    done: () => {
      onSaved()
      toast('Saved.')
    },
  })
  return (
    <form {...form}>
      <TextField label="Name" name="name" defaultValue={site.name} error={errorOf('name')} />
      <PaceFields pace={site} errorOf={errorOf} />
      <ConfirmationFields confirmation={site.confirmation} errorOf={errorOf} />
      <p className="field-hint">The address stays: another address is another site.</p>
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

function changed({ confirmation, ...others }: SiteChanges, site: Site): SiteChanges {
  const before: Record<string, unknown> = { ...site }
  const differing = Object.entries(others).filter(([name, value]) => before[name] !== value)
  const isSame = JSON.stringify(confirmation) === JSON.stringify(site.confirmation)
  return { ...Object.fromEntries(differing), ...(isSame ? {} : { confirmation }) }
}
