import { type Destination, DestinationKind } from '@tocsin/contract/api/destinations'
import { channels } from '@tocsin/contract/channels/catalog'
import { type ReactNode, useState } from 'react'
import { useDestinations } from '../../live/lists.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { kindIcons, kindTitle } from '../../ui/receiver-kind.ts'
import { ChangeForm, CreateForm } from './destination-form.tsx'
import { type Outcome, TestPanel } from './test-panel.tsx'

type Step =
  | { at: 'kind' }
  | { at: 'settings'; kind: DestinationKind }
  | { at: 'test'; created: Destination; round: number }
  | { at: 'change'; created: Destination; round: number }

/** Which way, where to, and whether it works: the last step sends a message and shows what becomes of it. */
export function AddDestination({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const [step, setStep] = useState<Step>({ at: 'kind' })
  if (step.at === 'kind')
    return (
      <Dialog title="How should they be told?" onClose={onClose}>
        <KindGrid onChoose={(kind) => setStep({ at: 'settings', kind })} />
      </Dialog>
    )
  if (step.at === 'settings')
    return (
      <Dialog title={kindTitle(step.kind)} onClose={onClose}>
        <KindHint kind={step.kind} onBack={() => setStep({ at: 'kind' })} />
        <CreateForm
          kind={step.kind}
          onDone={(created, test) => (test ? setStep({ at: 'test', created, round: 1 }) : onClose())}
        />
      </Dialog>
    )
  const { created, round } = step
  if (step.at === 'change')
    return (
      <Dialog title={`Change ${created.name}`} onClose={onClose}>
        <Latest created={created}>
          {(destination) => (
            <ChangeForm destination={destination} onDone={() => setStep({ at: 'test', created, round: round + 1 })} />
          )}
        </Latest>
      </Dialog>
    )
  return (
    <Dialog title={`Does ${created.name} hear us?`} onClose={onClose}>
      <TestPanel key={round} destinationId={created.id} outcome={outcome}>
        <Button onClick={() => setStep({ at: 'change', created, round })}>Change the settings</Button>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </TestPanel>
    </Dialog>
  )
}

/** As the list has it by now. */
function Latest(props: { created: Destination; children: (destination: Destination) => ReactNode }) {
  const listed = useDestinations().data?.data.find(({ id }) => id === props.created.id)
  return props.children(listed ?? props.created)
}

function KindGrid({ onChoose }: { onChoose: (kind: DestinationKind) => void }) {
  return (
    <ul className="kind-grid">
      {DestinationKind.options.map((kind) => (
        <li key={kind}>
          <button type="button" onClick={() => onChoose(kind)}>
            <Icon name={kindIcons[kind]} />
            {kindTitle(kind)}
          </button>
        </li>
      ))}
    </ul>
  )
}

function KindHint({ kind, onBack }: { kind: DestinationKind; onBack: () => void }) {
  return (
    <p className="kind-hint muted">
      {kind === 'email' ? 'A few alert mails a day at most; what is more comes in an hourly digest.' : channels[kind].doc}{' '}
      <button type="button" className="link-button" onClick={onBack}>
        Another way
      </button>
    </p>
  )
}
