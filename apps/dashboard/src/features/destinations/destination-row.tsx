import { useMutation } from '@tanstack/react-query'
import { type Destination, deleteDestination, updateDestination } from '@tocsin/contract/api/destinations'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { kindIcons, kindTitle } from '../../ui/receiver-kind.ts'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ChangeForm } from './destination-form.tsx'
import { disabledWords, wantsText } from './destination-words.ts'
import { type Outcome, TestPanel } from './test-panel.tsx'

export function DestinationRow({ destination, outcome }: { destination: Destination; outcome: Outcome }) {
  const { kind, name, address } = destination
  return (
    <li className="row receiver">
      <Icon name={kindIcons[kind]} />
      <span className="receiver-what">
        <strong className="anywhere">{name || address}</strong>
        <span className="muted anywhere">
          {kindTitle(kind)}
          {address !== name && address !== '' && <> · {address}</>}
        </span>
        <span className="muted">{wantsText(destination)}</span>
      </span>
      <State destination={destination} />
      <Actions destination={destination} outcome={outcome} />
    </li>
  )
}

function State({ destination: { enabled, disabledReason, failingSince } }: { destination: Destination }) {
  if (!enabled) {
    const reason = disabledReason ?? 'by_hand'
    return (
      <span className="chip" data-tone={reason === 'by_hand' ? 'off' : 'bad'}>
        {disabledWords[reason]}
      </span>
    )
  }
  return (
    <span className="chip" data-tone={failingSince ? 'warn' : 'good'}>
      {failingSince ? (
        <>
          Failing since <Time at={failingSince} />
        </>
      ) : (
        'On'
      )}
    </span>
  )
}

function Actions({ destination, outcome }: { destination: Destination; outcome: Outcome }) {
  const { client, may } = useSigned()
  const [open, setOpen] = useState<'test' | 'change' | 'delete' | null>(null)
  const close = () => setOpen(null)
  const params = { destinationId: destination.id }
  const turn = useMutation({
    mutationFn: () => client.call(updateDestination, { params, body: { enabled: !destination.enabled } }),
    onSuccess: ({ enabled }) => enabled && toast(`${destination.name} is told again.`),
  })
  const remove = useMutation({ mutationFn: () => client.call(deleteDestination, { params }), onSettled: close })
  const whom = <span className="visually-hidden"> {destination.name}</span>
  return (
    <span className="row-actions">
      {may('write') && destination.enabled && (
        <Button look="quiet" icon="send" onClick={() => setOpen('test')}>
          Test{whom}
        </Button>
      )}
      {may('admin') && (
        <>
          <Button look="quiet" icon="edit" onClick={() => setOpen('change')}>
            Change{whom}
          </Button>
          <Button look="quiet" busy={turn.isPending} onClick={() => turn.mutate()}>
            {destination.enabled ? 'Disable' : destination.disabledReason === 'by_hand' ? 'Enable' : 'Enable again'}
            {whom}
          </Button>
          <Button look="quiet" icon="trash" onClick={() => setOpen('delete')}>
            Delete{whom}
          </Button>
        </>
      )}
      {open === 'test' && (
        <Dialog title={`Test ${destination.name}`} onClose={close}>
          <TestPanel destinationId={destination.id} outcome={outcome}>
            <Button look="primary" onClick={close}>
              Done
            </Button>
          </TestPanel>
        </Dialog>
      )}
      {open === 'change' && (
        <Dialog title={`Change ${destination.name}`} onClose={close}>
          <ChangeForm
            destination={destination}
            onDone={() => {
              close()
              toast('Saved. Press “Test” to see whether it works.')
            }}
          />
        </Dialog>
      )}
      {open === 'delete' && (
        <Confirm
          title="Delete this destination?"
          deed="Delete destination"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={close}
        >
          <p>
            <span className="address">{destination.name}</span> hears nothing more; what is still to be sent to it is dropped.
          </p>
        </Confirm>
      )}
    </span>
  )
}
