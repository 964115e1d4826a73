import { createSource, type Source, type SourceInput, updateSource } from '@tocsin/contract/api/sources'
import type { SiteId } from '@tocsin/contract/ids'
import { type SourceKind, sourceKinds } from '@tocsin/contract/sources/catalog'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { CredentialFields, readCredentials } from './credential-fields.tsx'

type ErrorOf = (name: string) => string | undefined

/** Connects a source of this kind to a site. */
export function ConnectForm({ siteId, kind, onDone }: { siteId: SiteId; kind: SourceKind; onDone: () => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createSource,
    read: (data) => ({ kind, config: readConfig(kind, data), credentials: readCredentials(kind, data) }),
    submit: (body: SourceInput) => client.call(createSource, { params: { siteId }, body }),
    done: () => {
      onDone()
      toast('Connected. Press "Test" to see whether it answers.')
    },
  })
  return (
    <form {...form}>
      <p className="muted">{sourceKinds[kind].doc}</p>
      <ConfigFields kind={kind} config={{}} errorOf={errorOf} />
      <CredentialFields kind={kind} errorOf={errorOf} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Connect
      </Button>
    </form>
  )
}

/** Credentials are never shown: they stay as they are until new ones are put in. */
export function ChangeForm({ source, onDone }: { source: Source; onDone: () => void }) {
  const { client } = useSigned()
  const { kind } = source
  const [replacing, setReplacing] = useState(false)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateSource,
    read: (data) => ({
      kind,
      config: readConfig(kind, data),
      ...(replacing ? { credentials: readCredentials(kind, data) } : {}),
    }),
    submit: (body) => client.call(updateSource, { params: { sourceId: source.id }, body }),
    done: () => {
      onDone()
      toast('Saved. It is fetched anew.')
    },
  })
  return (
    <form {...form}>
      <ConfigFields kind={kind} config={source.config} errorOf={errorOf} />
      {replacing && <CredentialFields kind={kind} errorOf={errorOf} />}
      {!replacing && !sourceKinds[kind].automatic && (
        <p className="field-hint">
          The credentials stay as they are.{' '}
          <button type="button" className="link-button" onClick={() => setReplacing(true)}>
            Put in new ones
          </button>
        </p>
      )}
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

function ConfigFields({ kind, config, errorOf }: { kind: SourceKind; config: Record<string, unknown>; errorOf: ErrorOf }) {
  const usual = sourceKinds[kind].config.shape.requestsPerDay.parse(undefined)
  return (
    <>
      {kind === 'search_console' && (
        <TextField
          label="Property"
          name="property"
          defaultValue={shown(config['property'])}
          placeholder="sc-domain:example.com"
          spellCheck={false}
          autoCapitalize="none"
          hint={'As Search Console names it: "sc-domain:example.com" for a domain, or "https://example.com/" for an address.'}
          error={errorOf('config.property')}
        />
      )}
      <TextField
        label="Requests a day, at most"
        name="requestsPerDay"
        inputMode="numeric"
        defaultValue={shown(config['requestsPerDay'] ?? usual)}
        hint="Over all sites that use the same account. What is over it waits for the next day."
        error={errorOf('config.requestsPerDay')}
      />
      {kind === 'search_console' && (
        <TextField
          label="Pages inspected a day"
          name="inspectionsPerDay"
          inputMode="numeric"
          defaultValue={shown(config['inspectionsPerDay'] ?? 200)}
          hint="The most important first. Google allows 2,000 a day for a property."
          error={errorOf('config.inspectionsPerDay')}
        />
      )}
    </>
  )
}

const shown = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

function readConfig(kind: SourceKind, data: FormData) {
  const requestsPerDay = Number(text(data, 'requestsPerDay'))
  if (kind !== 'search_console') return { requestsPerDay }
  return { property: text(data, 'property'), requestsPerDay, inspectionsPerDay: Number(text(data, 'inspectionsPerDay')) }
}

/** The kinds that are not connected yet. */
export function KindChoice(props: { kinds: readonly SourceKind[]; chosen: SourceKind; onChoose: (kind: SourceKind) => void }) {
  return (
    <div className="kind-choice">
      <SelectField
        label="What to connect"
        name="kind"
        value={props.chosen}
        onChange={({ target }) => {
          const kind = props.kinds.find((each) => each === target.value)
          if (kind) props.onChoose(kind)
        }}
      >
        {props.kinds.map((kind) => (
          <option key={kind} value={kind}>
            {sourceKinds[kind].title}
          </option>
        ))}
      </SelectField>
    </div>
  )
}
