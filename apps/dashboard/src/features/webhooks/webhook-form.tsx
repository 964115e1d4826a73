import { createWebhook, updateWebhook, type Webhook } from '@tocsin/contract/api/webhooks'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choices.tsx'
import { TextField } from '../../ui/field.tsx'
import { PatternField } from '../../ui/pattern-field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { HeaderFields, type HeaderLine, headersOf } from './header-fields.tsx'
import { eventChoices } from './webhook-words.ts'

export function AddWebhookForm({ onAdded }: { onAdded: (created: { secret: string }) => void }) {
  const { client } = useSigned()
  const choice = useChoices({ events: ['*'], ordered: false })
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createWebhook,
    read: (data) => ({ ...writtenOf(data), ...choice.values, headers: headersOf(choice.lines) }),
    submit: (body) => client.call(createWebhook, { body }),
    done: onAdded,
  })
  return (
    <form {...form}>
      <Fields choice={choice} errorOf={errorOf} headerNames={[]} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Add webhook
      </Button>
    </form>
  )
}

/** Values of headers are never shown: they stay as they are until all of them are put in anew. */
export function ChangeWebhookForm({ webhook, onDone }: { webhook: Webhook; onDone: () => void }) {
  const { client } = useSigned()
  const choice = useChoices(webhook)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateWebhook,
    read: (data) => ({
      ...writtenOf(data),
      ...choice.values,
      ...(choice.replacing || webhook.headerNames.length === 0 ? { headers: headersOf(choice.lines) } : {}),
    }),
    submit: (body) => client.call(updateWebhook, { params: { webhookId: webhook.id }, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <Fields choice={choice} before={webhook} errorOf={errorOf} headerNames={webhook.headerNames} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

function writtenOf(data: FormData) {
  const rate = text(data, 'rateLimitPerMinute')
  return {
    url: text(data, 'url')?.trim(),
    description: text(data, 'description') ?? '',
    rateLimitPerMinute: rate === undefined ? null : Number(rate),
  }
}

function useChoices(before: { events: readonly string[]; ordered: boolean }) {
  const [events, setEvents] = useState(before.events)
  const [ordered, setOrdered] = useState(before.ordered)
  const [lines, setLines] = useState<readonly HeaderLine[]>([])
  const [replacing, setReplacing] = useState(false)
  return { values: { events, ordered }, lines, replacing, setEvents, setOrdered, setLines, setReplacing }
}

function Fields(props: {
  choice: ReturnType<typeof useChoices>
  before?: Webhook
  headerNames: readonly string[]
  errorOf: (name: string) => string | undefined
}) {
  const { choice, before, headerNames, errorOf } = props
  return (
    <>
      <TextField
        label="Address"
        name="url"
        inputMode="url"
        autoCapitalize="none"
        defaultValue={before?.url}
        placeholder="https://example.com/hooks/tocsin"
        error={errorOf('url')}
      />
      <PatternField
        label="What to send"
        usual={eventChoices}
        patterns={choice.values.events}
        onChange={choice.setEvents}
        error={errorOf('events')}
      />
      <TextField
        label="Note for yourselves (optional)"
        name="description"
        defaultValue={before?.description}
        error={errorOf('description')}
      />
      {headerNames.length > 0 && !choice.replacing ? (
        <p className="field-hint">
          It gets the headers <code>{headerNames.join(', ')}</code>; their values are never shown.{' '}
          <button type="button" className="link-button" onClick={() => choice.setReplacing(true)}>
            Replace them
          </button>
        </p>
      ) : (
        <HeaderFields lines={choice.lines} onChange={choice.setLines} error={errorOf('headers')} />
      )}
      <TextField
        label="At most, a minute (optional)"
        name="rateLimitPerMinute"
        inputMode="numeric"
        defaultValue={before?.rateLimitPerMinute ?? undefined}
        placeholder="As many as it answers"
        error={errorOf('rateLimitPerMinute')}
      />
      <Switch
        label="In strict order"
        checked={choice.values.ordered}
        onChange={choice.setOrdered}
        hint="One message at a time, the next only when the one before was accepted or given up. Slower, and one that fails holds up the others."
      />
    </>
  )
}
