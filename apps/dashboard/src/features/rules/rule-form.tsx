import { useQueryClient } from '@tanstack/react-query'
import { configureRule, type Rule } from '@tocsin/contract/api/rules'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { boundsText, changesOf, checkedBy, readThreshold, type Threshold, thresholdsOf, thresholdText } from './thresholds.ts'

/** The thresholds of one rule for one site. What is left as it is is not sent, so two people may change two of them at once. */
export function RuleForm(props: { siteId: SiteId; rule: Rule; config: Record<string, unknown>; onDone: () => void }) {
  const { client, org } = useSigned()
  const queries = useQueryClient()
  const [config] = useState(props.config) // As the form showed it.
  const [texts, setTexts] = useState<Record<string, string>>({})
  const thresholds = thresholdsOf(props.rule.configSchema)
  const textOf = ({ name }: Threshold) => texts[name] ?? thresholdText(config[name])
  const { form, errorOf, busy, problem } = useForm({
    endpoint: { body: checkedBy(thresholds) },
    read: () => {
      const entered = Object.fromEntries(thresholds.map((each) => [each.name, readThreshold(each, textOf(each))]))
      return changesOf(thresholds, config, entered)
    },
    submit: (body) => client.call(configureRule, { params: { siteId: props.siteId, rule: props.rule.id }, body }),
    done: () => {
      props.onDone()
      toast('Saved. What is open is judged by it at the next check.')
      void queries.invalidateQueries({ queryKey: ['ruleSettings' satisfies Refetched, org.id, props.siteId] })
    },
  })
  const set = (name: string, text: string) => setTexts((all) => ({ ...all, [name]: text }))
  const isUsual = thresholds.every((each) => textOf(each) === thresholdText(each.usual))
  return (
    <form {...form}>
      {thresholds.map((threshold) => (
        <ThresholdField
          key={threshold.name}
          threshold={threshold}
          text={textOf(threshold)}
          error={errorOf(threshold.name)}
          onChange={(text) => set(threshold.name, text)}
        />
      ))}
      {problem && <ProblemNote error={problem} />}
      <div className="button-row">
        <Button look="primary" type="submit" busy={busy}>
          Save
        </Button>
        {!isUsual && (
          <Button
            look="quiet"
            icon="refresh"
            onClick={() => setTexts(Object.fromEntries(thresholds.map(({ name, usual }) => [name, thresholdText(usual)])))}
          >
            All defaults
          </Button>
        )}
      </div>
    </form>
  )
}

function ThresholdField(props: {
  threshold: Threshold
  text: string
  error: string | undefined
  onChange: (text: string) => void
}) {
  const { threshold, text, error, onChange } = props
  const { name, kind } = threshold
  const usual = thresholdText(threshold.usual)
  const bounds = boundsText(threshold)
  const hint = (
    <>
      {bounds && `${bounds}. `}Default: {usual.replaceAll('\n', ', ') || 'none'}.
      {text !== usual && (
        <>
          {' '}
          <button type="button" className="link-button" onClick={() => onChange(usual)}>
            Set back<span className="visually-hidden"> {threshold.label}</span>
          </button>
        </>
      )}
    </>
  )
  const common = { label: threshold.doc || threshold.label, name, hint, error, value: text }
  if (kind === 'list')
    return <AreaField {...common} placeholder="One on each line" onChange={({ target }) => onChange(target.value)} />
  if (kind !== 'switch' && kind !== 'choice') {
    const inputMode = kind === 'integer' ? 'numeric' : kind === 'number' ? 'decimal' : 'text'
    return <TextField {...common} inputMode={inputMode} onChange={({ target }) => onChange(target.value)} />
  }
  const options = kind === 'switch' ? ['true', 'false'] : threshold.options
  return (
    <SelectField {...common} onChange={({ target }) => onChange(target.value)}>
      {options.map((option) => (
        <option key={option} value={option}>
          {kind === 'switch' ? { true: 'Yes', false: 'No' }[option] : option}
        </option>
      ))}
    </SelectField>
  )
}
