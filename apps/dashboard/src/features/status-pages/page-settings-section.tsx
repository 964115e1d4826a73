import { type StatusPage, updateStatusPage } from '@tocsin/contract/api/status-pages'
import { useState } from 'react'
import { useStatusPages } from '../../live/status-lists.ts'
import { publicPage } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choices.tsx'
import { CopyLine } from '../../ui/copy-line.tsx'
import { AreaField, TextField } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Section } from '../../ui/screen.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'

/** What the page is called, and where it is. */
export function PageSettingsSection() {
  const pages = useStatusPages()
  return (
    <Loaded query={pages} what="the page">
      {({ data }) => data.map((page) => <PageSettings key={`${page.id} ${page.version}`} page={page} />)}
    </Loaded>
  )
}

function PageSettings({ page }: { page: StatusPage }) {
  const { client, may } = useSigned()
  const [enabled, setEnabled] = useState(page.enabled)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateStatusPage,
    read: (data) => ({
      name: text(data, 'name') ?? '',
      slug: text(data, 'slug')?.trim() ?? '',
      description: text(data, 'description') ?? '',
      enabled,
    }),
    submit: (body) => client.call(updateStatusPage, { params: { statusPageId: page.id }, body }),
    done: () => toast('Saved.'),
  })
  return (
    <Section title={page.name}>
      <div className="card card-roomy">
        {may('admin') ? (
          <form {...form}>
            <TextField label="Name" name="name" defaultValue={page.name} error={errorOf('name')} />
            <TextField
              label="Address"
              name="slug"
              defaultValue={page.slug}
              autoCapitalize="none"
              spellCheck={false}
              hint="The last part of its address. When it changes, the old address leads nowhere."
              error={errorOf('slug')}
            />
            <AreaField
              label="What it says of itself (optional)"
              name="description"
              rows={2}
              defaultValue={page.description}
              error={errorOf('description')}
            />
            <Switch
              label="Anybody can see it"
              checked={enabled}
              onChange={setEnabled}
              hint="Otherwise it is not there for anybody."
            />
            {problem && <ProblemNote error={problem} />}
            <Button look="primary" type="submit" busy={busy}>
              Save
            </Button>
          </form>
        ) : (
          <p className="muted">Only admins change its name and address.</p>
        )}
        {page.enabled && <CopyLine text={new URL(publicPage(page.slug), location.origin).href} />}
      </div>
    </Section>
  )
}
