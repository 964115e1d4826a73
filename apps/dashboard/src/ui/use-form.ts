import { useMutation } from '@tanstack/react-query'
import { ApiError } from '@tocsin/sdk/api-error'
import { type SyntheticEvent, useRef, useState } from 'react'
import type { z } from 'zod'
import { issueText } from './issue-text.ts'

type Issue = { path: string; message: string }

/**
 * A form of one endpoint: checked here by the endpoint's own schema, then by the server. What is wrong with a field is shown at the field,
 * everything else above the button.
 */
export function useForm<Body extends z.ZodType, Answer>(options: {
  endpoint: { body: Body | undefined }
  read: (form: FormData) => unknown
  submit: (body: z.output<Body>) => Promise<Answer>
  done: (answer: Answer) => void
}) {
  const form = useRef<HTMLFormElement>(null)
  const [issues, setIssues] = useState<readonly Issue[]>([])
  const show = (found: readonly Issue[]) => {
    setIssues(found)
    // After the fields have been marked.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: options.submit,
    onSuccess: options.done,
    onError: (failed) => show(failed instanceof ApiError ? failed.issues : []),
    meta: { shownByForm: true },
  })
  function onSubmit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    reset()
    setIssues([])
    const { body } = options.endpoint
    if (!body) throw new Error('This endpoint takes no body: it needs no form.')
    const parsed = body.safeParse(options.read(new FormData(event.currentTarget)))
    if (parsed.success) mutate(parsed.data)
    else show(parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issueText(issue) })))
  }
  return {
    form: { ref: form, onSubmit, noValidate: true },
    /** What is wrong with the field of this name. */
    errorOf: (name: string) => issues.find(({ path }) => path === name || path.startsWith(`${name}.`))?.message,
    busy: isPending,
    /** What went wrong as a whole, unless a field already says it. */
    problem: error && issues.length === 0 ? error : null,
  }
}

/** A text field that was left empty was not filled in. */
export function text(form: FormData, name: string): string | undefined {
  const value = form.get(name)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}
