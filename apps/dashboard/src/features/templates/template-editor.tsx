import { useQueryClient } from '@tanstack/react-query'
import { type Template, updateTemplate } from '@tocsin/contract/api/templates'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { AreaField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { MailPreview } from './mail-preview.tsx'

/** One mail: one's own subject and intro, beside the mail as it would be sent. */
export function TemplateEditor({ template: now }: { template: Template }) {
  const { client, org, may } = useSigned()
  const queries = useQueryClient()
  const [template] = useState(now) // As the form showed it.
  const [subject, setSubject] = useState(template.subject ?? '')
  const [intro, setIntro] = useState(template.intro ?? '')
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateTemplate,
    read: () => ({ subject: subject.trim() || null, intro: intro.trim() || null }),
    submit: (body) => client.call(updateTemplate, { params: { templateId: template.id }, body }),
    done: ({ subject: own, intro: ownIntro }) => {
      toast(own === null && ownIntro === null ? 'It says again what it always said.' : 'Saved. The next mail says so.')
      void queries.invalidateQueries({ queryKey: ['templates' satisfies Refetched, org.id] })
    },
  })
  return (
    <>
      <p className="muted">{template.doc}</p>
      {may('admin') && (
        <form {...form} className="template-form">
          <TextField
            label="Your own subject"
            value={subject}
            placeholder="As Tocsin has it"
            error={errorOf('subject')}
            onChange={({ target }) => setSubject(target.value)}
          />
          <AreaField
            label="Your own intro"
            rows={3}
            value={intro}
            placeholder="As Tocsin has it"
            error={errorOf('intro')}
            onChange={({ target }) => setIntro(target.value)}
          />
          <Variables variables={template.variables} />
          {problem && <ProblemNote error={problem} />}
          <div className="button-row">
            <Button look="primary" type="submit" busy={busy}>
              Save
            </Button>
            {(subject !== '' || intro !== '') && (
              <Button
                look="quiet"
                icon="refresh"
                onClick={() => {
                  setSubject('')
                  setIntro('')
                }}
              >
                As Tocsin has it
              </Button>
            )}
          </div>
        </form>
      )}
      <MailPreview templateId={template.id} subject={subject} intro={intro} />
    </>
  )
}

function Variables({ variables }: Pick<Template, 'variables'>) {
  return (
    <details className="disclosure">
      <summary>What they may speak of</summary>
      <dl className="evidence">
        {variables.map(({ name, example }) => (
          <div key={name}>
            <dt>
              <code>{`{{ ${name} }}`}</code>
            </dt>
            <dd>{example}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
