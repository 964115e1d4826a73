import type { Escalation } from '@tocsin/contract/api/alert-rules'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choices.tsx'
import { NotifyFields } from './notify-fields.tsx'
import { NumberField } from './number-field.tsx'

interface EscalationProps {
  escalation: Escalation | null
  onChange: (escalation: Escalation | null) => void
  errorOf: (name: string) => string | undefined
}

const stepsMax = 10
const firstStep: Escalation['steps'][number] = { afterMinutes: 15, notify: { destinations: 'all', members: 'all' } }

/** Who comes next when nobody takes an alert on. */
export function EscalationFields({ escalation, onChange, errorOf }: EscalationProps) {
  return (
    <>
      <Switch
        label="When nobody takes it on, tell others"
        checked={escalation !== null}
        onChange={(on) => onChange(on ? { steps: [firstStep], rounds: 1, acknowledgeWithinMinutes: null } : null)}
      />
      {escalation && <Steps escalation={escalation} onChange={onChange} errorOf={errorOf} />}
    </>
  )
}

function Steps({ escalation, onChange, errorOf }: EscalationProps & { escalation: Escalation }) {
  const { steps, rounds, acknowledgeWithinMinutes } = escalation
  // A step has no name of its own: its key goes along when others are taken away.
  const [keys, setKeys] = useState(() => steps.map(() => crypto.randomUUID()))
  const set = (changed: Partial<Escalation>) => onChange({ ...escalation, ...changed })
  return (
    <>
      <ol className="escalation">
        {steps.map((step, index) => (
          <li key={keys[index]}>
            <NumberField
              label={`Step ${index + 1}: after so many minutes`}
              value={step.afterMinutes}
              hint={index > 0 ? 'After the step before it.' : undefined}
              error={errorOf(`escalation.steps.${index}.afterMinutes`)}
              onChange={(afterMinutes) => set({ steps: steps.with(index, { ...step, afterMinutes }) })}
            />
            <NotifyFields notify={step.notify} onChange={(notify) => set({ steps: steps.with(index, { ...step, notify }) })} />
            {steps.length > 1 && (
              <Button
                look="quiet"
                icon="trash"
                onClick={() => {
                  setKeys(keys.toSpliced(index, 1))
                  set({ steps: steps.toSpliced(index, 1) })
                }}
              >
                Take step {index + 1} away
              </Button>
            )}
          </li>
        ))}
      </ol>
      {steps.length < stepsMax && (
        <Button
          icon="plus"
          onClick={() => {
            setKeys([...keys, crypto.randomUUID()])
            set({ steps: [...steps, firstStep] })
          }}
        >
          Add a step
        </Button>
      )}
      <NumberField
        label="Rounds"
        value={rounds}
        hint="How often all steps are gone through: 1 to 5."
        error={errorOf('escalation.rounds')}
        onChange={(value) => set({ rounds: value })}
      />
      <Switch
        label="Taking it on is good for a time only"
        checked={acknowledgeWithinMinutes !== null}
        onChange={(on) => set({ acknowledgeWithinMinutes: on ? 240 : null })}
        hint="Then there is a reminder, and it begins anew."
      />
      {acknowledgeWithinMinutes !== null && (
        <NumberField
          label="For so many minutes"
          value={acknowledgeWithinMinutes}
          error={errorOf('escalation.acknowledgeWithinMinutes')}
          onChange={(value) => set({ acknowledgeWithinMinutes: value })}
        />
      )}
    </>
  )
}
