import type { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import { Choices } from '../../ui/choices.tsx'
import { NumberField } from './number-field.tsx'

const groups = [
  { value: 'rule', label: 'Rule' },
  { value: 'site', label: 'Site' },
  { value: 'type', label: 'Type' },
  { value: 'severity', label: 'Severity' },
  { value: 'subject', label: 'What it is about' },
] as const

interface GroupingProps {
  draft: AlertRuleInput
  set: (changed: Partial<AlertRuleInput>) => void
  errorOf: (name: string) => string | undefined
}

/** How much is told at once, and how often. */
export function GroupingFields({ draft, set, errorOf }: GroupingProps) {
  return (
    <>
      <Choices
        label="Told together when they are alike in"
        options={groups}
        chosen={draft.groupBy}
        onChange={(groupBy) => set({ groupBy })}
        hint="Nothing chosen: all of the rule in one message."
      />
      <div className="field-pair">
        <NumberField
          label="The first message waits, in seconds"
          value={draft.groupWaitSeconds}
          hint="For others of its group. Critical ones do not wait."
          error={errorOf('groupWaitSeconds')}
          onChange={(groupWaitSeconds) => set({ groupWaitSeconds })}
        />
        <NumberField
          label="Between messages, in seconds"
          value={draft.groupIntervalSeconds}
          error={errorOf('groupIntervalSeconds')}
          onChange={(groupIntervalSeconds) => set({ groupIntervalSeconds })}
        />
        <NumberField
          label="Reminder, in minutes"
          value={draft.repeatMinutes}
          hint="Of what is still open and nobody is on. 0: none."
          error={errorOf('repeatMinutes')}
          onChange={(repeatMinutes) => set({ repeatMinutes })}
        />
        <NumberField
          label="Rest, in seconds"
          value={draft.cooldownSeconds}
          hint="What comes back sooner is not told again, unless it is worse."
          error={errorOf('cooldownSeconds')}
          onChange={(cooldownSeconds) => set({ cooldownSeconds })}
        />
      </div>
    </>
  )
}
