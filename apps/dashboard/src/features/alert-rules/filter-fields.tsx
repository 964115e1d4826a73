import type { AlertRuleFilter, AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import { severities, ThreatType } from '@tocsin/contract/rule'
import { useState } from 'react'
import { useSites } from '../../live/lists.ts'
import { Choices } from '../../ui/choices.tsx'
import { TextField } from '../../ui/field.tsx'
import { wordsOf } from '../../ui/words-of.ts'
import { severityWords, sourceChoices, typeWords } from './rule-words.ts'

interface FilterProps {
  draft: AlertRuleInput
  onChange: (filter: AlertRuleFilter) => void
  errorOf: (name: string) => string | undefined
}

/** What a rule is about; whatever is left empty leaves nothing out. */
export function FilterFields({ draft, onChange, errorOf }: FilterProps) {
  const { filter, condition } = draft
  const sites = useSites().data?.data ?? []
  const set = (changed: Partial<AlertRuleFilter>) => onChange({ ...filter, ...changed })
  const ofThreats = condition ? condition.metric === 'threats.open' : hasThreats(filter.sources)
  return (
    <>
      {condition === null && (
        <Choices
          label="What happens"
          options={[...sourceChoices, ...rareOnes(filter.sources)]}
          chosen={filter.sources}
          onChange={(sources) => set({ sources })}
          error={errorOf('filter.sources')}
          hint="Nothing chosen means everything, and so for what follows."
        />
      )}
      {(condition === null || ofThreats) && (
        <Choices
          label="Severity"
          options={severities.map((value) => ({ value, label: severityWords[value] }))}
          chosen={filter.severities}
          onChange={(chosen) => set({ severities: chosen })}
          error={errorOf('filter.severities')}
        />
      )}
      {ofThreats && (
        <Choices
          label="Types of threats"
          options={ThreatType.options.map((value) => ({ value, label: typeWords[value] }))}
          chosen={filter.types}
          onChange={(types) => set({ types })}
        />
      )}
      {sites.length > 0 && (
        <Choices
          label="Sites"
          options={sites.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={filter.siteIds}
          onChange={(siteIds) => set({ siteIds })}
          error={errorOf('filter.siteIds')}
        />
      )}
      <WordsField
        label="Tags of sites"
        words={filter.tags}
        placeholder="shop, staging"
        error={errorOf('filter.tags')}
        onChange={(tags) => set({ tags })}
      />
      {condition === null && ofThreats && (
        <WordsField
          label="Detection rules"
          words={filter.ruleIds}
          placeholder="http.5xx, idx.noindex"
          error={errorOf('filter.ruleIds')}
          onChange={(ruleIds) => set({ ruleIds })}
        />
      )}
    </>
  )
}

const hasThreats = (sources: readonly string[]) =>
  sources.length === 0 || sources.some((source) => source === '*' || source.startsWith('threat.'))

/** Patterns that were set through the API stay choosable here. */
const rareOnes = (sources: readonly string[]) =>
  sources.filter((source) => !sourceChoices.some(({ value }) => value === source)).map((value) => ({ value, label: value }))

interface WordsProps {
  label: string
  words: readonly string[]
  placeholder: string
  error: string | undefined
  onChange: (words: string[]) => void
}

function WordsField({ label, words, placeholder, error, onChange }: WordsProps) {
  const [typed, setTyped] = useState(words.join(', '))
  return (
    <TextField
      label={label}
      value={typed}
      placeholder={placeholder}
      error={error}
      onChange={({ target }) => {
        setTyped(target.value)
        onChange(wordsOf(target.value))
      }}
    />
  )
}
