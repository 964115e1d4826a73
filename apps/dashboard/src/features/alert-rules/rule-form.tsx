import { useNavigate } from '@tanstack/react-router'
import { type AlertRule, AlertRuleInput, createAlertRule, updateAlertRule } from '@tocsin/contract/api/alert-rules'
import { severities } from '@tocsin/contract/rule'
import { useState } from 'react'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { ConditionFields } from './condition-fields.tsx'
import { EscalationFields } from './escalation-fields.tsx'
import { FilterFields } from './filter-fields.tsx'
import { GroupingFields } from './grouping-fields.tsx'
import { NotifyFields } from './notify-fields.tsx'
import { changesOf, draftOf, newDraft, type What, watching, whatOf } from './rule-draft.ts'
import { RulePreview } from './rule-preview.tsx'
import { severityWords, whatWords } from './rule-words.ts'

/** A rule, new or kept, beside what it would have done. */
export function RuleForm({ rule }: { rule: AlertRule | null }) {
  const { client, may } = useSigned()
  const navigate = useNavigate()
  // As the form showed it.
  const [before] = useState(() => (rule ? draftOf(rule) : newDraft()))
  const [draft, setDraft] = useState(before)
  const set = (changed: Partial<AlertRuleInput>) => setDraft((all) => ({ ...all, ...changed }))
  const { form, errorOf, busy, problem } = useForm({
    endpoint: { body: AlertRuleInput },
    read: () => draft,
    submit: (body) =>
      rule
        ? client.call(updateAlertRule, { params: { alertRuleId: rule.id }, body: changesOf(before, body) })
        : client.call(createAlertRule, { body }),
    done: () => {
      toast('Saved. It speaks of what happens from now on.')
      void navigate({ to: paths.alertRules })
    },
  })
  return (
    <div className="beside">
      <form {...form}>
        <WhatFields draft={draft} onChange={setDraft} set={set} errorOf={errorOf} />
        <fieldset className="field-group rule-part card card-inner">
          <legend>Who is told</legend>
          <NotifyFields
            notify={draft.notify}
            onChange={(notify) => set({ notify })}
            error={errorOf('notify.destinations') ?? errorOf('notify.members')}
          />
          <EscalationFields escalation={draft.escalation} onChange={(escalation) => set({ escalation })} errorOf={errorOf} />
        </fieldset>
        <details className="more-fields">
          <summary>Grouping, reminders and rest</summary>
          <GroupingFields draft={draft} set={set} errorOf={errorOf} />
        </details>
        {problem && <ProblemNote error={problem} />}
        {may('write') ? (
          <div className="button-row">
            <Button look="primary" type="submit" busy={busy}>
              {rule ? 'Save' : 'Add rule'}
            </Button>
            <Button look="quiet" onClick={() => void navigate({ to: paths.alertRules })}>
              Cancel
            </Button>
          </div>
        ) : (
          <p className="muted">You may look at it and try it here; to change it, one must be an editor.</p>
        )}
      </form>
      <RulePreview draft={draft} />
    </div>
  )
}

interface WhatProps {
  draft: AlertRuleInput
  onChange: (draft: AlertRuleInput) => void
  set: (changed: Partial<AlertRuleInput>) => void
  errorOf: (name: string) => string | undefined
}

const whats: readonly What[] = ['events', 'threshold', 'anomaly', 'performance', 'milestone']

function WhatFields({ draft, onChange, set, errorOf }: WhatProps) {
  const what = whatOf(draft)
  return (
    <>
      <TextField
        label="Name"
        value={draft.name}
        placeholder="Outages of the shop"
        error={errorOf('name')}
        onChange={({ target }) => set({ name: target.value })}
      />
      <fieldset className="field-group rule-part card card-inner">
        <legend>When</legend>
        <SelectField
          label="Tell when"
          value={what}
          hint={whatWords[what].doc}
          error={errorOf('kind')}
          onChange={({ target }) => onChange(watching(draft, whats.find((each) => each === target.value) ?? 'events'))}
        >
          {whats.map((each) => (
            <option key={each} value={each}>
              {whatWords[each].label}
            </option>
          ))}
        </SelectField>
        {draft.condition && (
          <ConditionFields
            key={`condition ${draft.kind}`}
            kind={draft.kind}
            condition={draft.condition}
            onChange={(condition) => set({ condition })}
            errorOf={errorOf}
          />
        )}
        <FilterFields key={what} draft={draft} onChange={(filter) => set({ filter })} errorOf={errorOf} />
        <SelectField
          label="It is then"
          value={draft.severity ?? ''}
          onChange={({ target }) => set({ severity: severities.find((each) => each === target.value) ?? null })}
        >
          <option value="">{draft.condition ? 'High' : 'As severe as the event says'}</option>
          {severities.map((severity) => (
            <option key={severity} value={severity}>
              {severityWords[severity]}
            </option>
          ))}
        </SelectField>
      </fieldset>
      <AreaField
        label="Description (optional)"
        rows={2}
        value={draft.description}
        error={errorOf('description')}
        onChange={({ target }) => set({ description: target.value })}
      />
    </>
  )
}
