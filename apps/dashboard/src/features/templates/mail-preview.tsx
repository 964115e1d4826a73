import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { previewTemplate, type TemplateId } from '@tocsin/contract/api/templates'
import { ApiError } from '@tocsin/sdk/api-error'
import { useEffect, useId, useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

/** Not while somebody is still typing. */
const settleMs = 400

interface Own {
  subject: string
  intro: string
}

/** The mail as it would be sent, with an example: as it looks, and as a reader without HTML has it. */
export function MailPreview({ templateId, subject, intro }: Own & { templateId: TemplateId }) {
  const { client, org } = useSigned()
  const own = useSettled({ subject: subject.trim(), intro: intro.trim() })
  const [part, setPart] = useState<'html' | 'text'>('html')
  const preview = useQuery({
    queryKey: ['templates' satisfies Refetched, org.id, templateId, own],
    queryFn: ({ signal }) => client.call(previewTemplate, { params: { templateId }, query: own, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <section className="sheet-section" aria-label="Preview" aria-busy={preview.isFetching}>
      <div className="feed-bar">
        <h3>As it would be sent</h3>
        <PartChoice part={part} onChange={setPart} />
      </div>
      {preview.error && <Fault error={preview.error} />}
      {preview.data && (
        <div className="mail">
          <p className="mail-subject">
            <span className="visually-hidden">Subject: </span>
            {preview.data.subject}
          </p>
          {part === 'html' ? (
            // Without any rights: nothing of a mail runs, sends or leaves its frame.
            <iframe title="The mail as it looks" sandbox="" srcDoc={preview.data.html} />
          ) : (
            <pre>{preview.data.text}</pre>
          )}
        </div>
      )}
    </section>
  )
}

/** Where the mail cannot be rendered: what is written is not understood, and why. */
function Fault({ error }: { error: Error }) {
  const issues = error instanceof ApiError ? error.issues : []
  if (issues.length === 0) return <ProblemNote error={error} />
  return (
    <p className="field-error" role="alert">
      {issues.map(({ path, message }) => `In the ${path}: ${message}.`).join(' ')}
    </p>
  )
}

const parts = { html: 'As it looks', text: 'Plain text' } as const

function PartChoice(props: { part: keyof typeof parts; onChange: (part: keyof typeof parts) => void }) {
  const group = useId()
  return (
    <fieldset className="part-choice">
      <legend className="visually-hidden">Which part of the mail</legend>
      {(['html', 'text'] as const).map((part) => (
        <label key={part}>
          <input
            type="radio"
            className="visually-hidden"
            name={group}
            checked={props.part === part}
            onChange={() => props.onChange(part)}
          />
          {parts[part]}
        </label>
      ))}
    </fieldset>
  )
}

function useSettled({ subject, intro }: Own): Own {
  const [settled, setSettled] = useState<Own>({ subject, intro })
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ subject, intro }), settleMs)
    return () => clearTimeout(timer)
  }, [subject, intro])
  return settled
}
