import { useQuery } from '@tanstack/react-query'
import { listTemplates, type Template } from '@tocsin/contract/api/templates'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Section } from '../../ui/screen.tsx'
import { TemplateEditor } from './template-editor.tsx'

/** Every mail that is sent, and what the organisation says in it in its own words. */
export function TemplatesSection() {
  const { client, org } = useSigned()
  const [open, setOpen] = useState<Template['id'] | null>(null)
  const templates = useQuery({
    queryKey: ['templates' satisfies Refetched, org.id],
    queryFn: ({ signal }) => client.call(listTemplates, { signal }),
  })
  return (
    <Section title="Mails">
      <p className="muted prose">
        The mails that are sent, each with an example. Put a subject or an intro of your own in the place of ours; the facts stay.
      </p>
      <Loaded query={templates} what="mails">
        {({ data }) => {
          const opened = data.find(({ id }) => id === open)
          return (
            <>
              <ul className="rows card">
                {data.map((template) => (
                  <li key={template.id}>
                    <TemplateRow template={template} onOpen={() => setOpen(template.id)} />
                  </li>
                ))}
              </ul>
              {opened && (
                <Dialog title={opened.title} shape="sheet" onClose={() => setOpen(null)}>
                  <TemplateEditor template={opened} />
                </Dialog>
              )}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function TemplateRow({ template, onOpen }: { template: Template; onOpen: () => void }) {
  const isOwn = template.subject !== null || template.intro !== null
  return (
    <button type="button" className="row" onClick={onOpen}>
      <Icon name="mail" />
      <span className="receiver-what">
        <strong>{template.title}</strong>
        <span className="muted">{template.doc}</span>
      </span>
      {isOwn && (
        <span className="chip" data-tone="info">
          Your own words
        </span>
      )}
      <Icon name="right" />
    </button>
  )
}
