import { createSilence, type SilenceMatcher } from '@tocsin/contract/api/silences'
import { severities } from '@tocsin/contract/rule'
import { useState } from 'react'
import { useAlertRules, useSites } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { AreaField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { wordsOf } from '../../ui/words-of.ts'
import { DurationFields, endOf, usualLasting } from './duration-fields.tsx'
import { alertTypes } from './silence-words.ts'
import { useToastSilenced } from './use-silence-deeds.tsx'

const severityNames = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } as const

/** What a silence is about, as the form holds it: chosen values by label, and what was written as words. */
interface Wanted {
  chosen: Partial<Record<SilenceMatcher['label'], string[]>>
  detections: string
  tags: string
}
interface WantedProps {
  wanted: Wanted
  onChange: (wanted: Wanted) => void
}

/** What is muted must be all of what is chosen; of each thing, any of its values. */
export function SilenceForm({ onDone }: { onDone: () => void }) {
  const { client } = useSigned()
  const toastSilenced = useToastSilenced()
  const [lasting, setLasting] = useState(usualLasting)
  const [wanted, setWanted] = useState<Wanted>({ chosen: {}, detections: '', tags: '' })
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createSilence,
    read: (data) => {
      const starts = text(data, 'startsAt')
      const startsAt = starts ? new Date(starts) : null
      return {
        matchers: matchersOf(wanted),
        comment: text(data, 'comment') ?? '',
        endsAt: endOf(lasting, startsAt ?? new Date()),
        ...(startsAt ? { startsAt: startsAt.toISOString() } : {}),
      }
    },
    submit: (body) => client.call(createSilence, { body }),
    done: ({ id }) => {
      onDone()
      toastSilenced(id)
    },
  })
  return (
    <form {...form}>
      <UsualMatchers wanted={wanted} onChange={setWanted} error={errorOf('matchers')} />
      <details className="more-fields">
        <summary>Rules, types, tags and a later beginning</summary>
        <RareMatchers wanted={wanted} onChange={setWanted} />
        <TextField label="Begins (empty: now)" name="startsAt" type="datetime-local" error={errorOf('startsAt')} />
      </details>
      <DurationFields lasting={lasting} onChange={setLasting} error={errorOf('endsAt')} />
      <AreaField label="Why" name="comment" rows={2} placeholder="The shop moves to another host." error={errorOf('comment')} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" icon="mute" type="submit" busy={busy}>
        Mute
      </Button>
    </form>
  )
}

function matchersOf({ chosen, detections, tags }: Wanted) {
  const all = { ...chosen, rule: [...(chosen.rule ?? []), ...wordsOf(detections)], tag: wordsOf(tags) }
  return Object.entries(all).flatMap(([label, values]) => (values.length > 0 ? [{ label, values }] : []))
}

const chosenOf = ({ wanted, onChange }: WantedProps, label: SilenceMatcher['label']) => ({
  chosen: wanted.chosen[label] ?? [],
  onChange: (values: string[]) => onChange({ ...wanted, chosen: { ...wanted.chosen, [label]: values } }),
})

function UsualMatchers({ error, ...props }: WantedProps & { error: string | undefined }) {
  const sites = useSites().data?.data ?? []
  return (
    <>
      <Choices
        label="Severity"
        options={severities.map((value): { value: string; label: string } => ({ value, label: severityNames[value] }))}
        {...chosenOf(props, 'severity')}
        error={error}
        hint="All of what is chosen must be so; what is left empty may be anything."
      />
      {sites.length > 0 && (
        <Choices
          label="Site"
          options={sites.map(({ id, name }): { value: string; label: string } => ({ value: id, label: name }))}
          {...chosenOf(props, 'site')}
        />
      )}
    </>
  )
}

function RareMatchers(props: WantedProps) {
  const { wanted, onChange } = props
  const rules = useAlertRules().data?.data ?? []
  return (
    <>
      <Choices
        label="Alert rule"
        options={rules.map(({ id, name }): { value: string; label: string } => ({ value: id, label: name }))}
        {...chosenOf(props, 'rule')}
      />
      <TextField
        label="Detection rules"
        value={wanted.detections}
        placeholder="http.5xx, idx.noindex"
        onChange={({ target }) => onChange({ ...wanted, detections: target.value })}
      />
      <Choices label="Type" options={alertTypes} {...chosenOf(props, 'type')} />
      <TextField
        label="Tags of the site"
        value={wanted.tags}
        placeholder="shop, staging"
        onChange={({ target }) => onChange({ ...wanted, tags: target.value })}
      />
    </>
  )
}
