import { useMutation } from '@tanstack/react-query'
import { type Destination, deleteDestination, testDestination, updateDestination } from '@tocsin/contract/api/destinations'
import { useState } from 'react'
import { useDestinations } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { toast } from '../../ui/toasts.tsx'
import { AddDestinationForm } from './add-destination-form.tsx'

export function DestinationsSection() {
  const { may } = useSigned()
  const destinations = useDestinations()
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Mail"
      aside={
        may('admin') && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add address
          </Button>
        )
      }
    >
      <Loaded query={destinations} what="mail addresses">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="Nobody is told by mail yet.">
              A few alert mails a day at most; what is more comes in an hourly digest.
            </Empty>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((destination) => (
                  <DestinationRow key={destination.id} destination={destination} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
      {adding && (
        <Dialog title="Add a mail address" onClose={() => setAdding(false)}>
          <AddDestinationForm onAdded={() => setAdding(false)} />
        </Dialog>
      )}
    </Section>
  )
}

const fromSeverity = {
  critical: 'critical threats only',
  high: 'high and critical threats',
  medium: 'medium threats and worse',
  low: 'every threat',
} as const

function DestinationRow({ destination }: { destination: Destination }) {
  const { client, may } = useSigned()
  const [asking, setAsking] = useState(false)
  const params = { destinationId: destination.id }
  const test = useMutation({
    mutationFn: () => client.call(testDestination, { params }),
    onSuccess: () => toast('A test mail is on its way: see the deliveries below.'),
  })
  const turn = useMutation({
    mutationFn: () => client.call(updateDestination, { params, body: { enabled: !destination.enabled } }),
  })
  const remove = useMutation({ mutationFn: () => client.call(deleteDestination, { params }), onSettled: () => setAsking(false) })
  return (
    <li className="row receiver">
      <span className="receiver-what">
        <strong className="address">{destination.address}</strong>
        <span className="muted">
          {destination.name && <>{destination.name} · </>}
          {fromSeverity[destination.minimumSeverity]}
        </span>
      </span>
      <span className="chip" data-tone={destination.enabled ? 'good' : 'off'}>
        {destination.enabled ? 'On' : 'Disabled'}
      </span>
      <span className="row-actions">
        {may('write') && destination.enabled && (
          <Button look="quiet" icon="mail" busy={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
        )}
        {may('admin') && (
          <>
            <Button look="quiet" busy={turn.isPending} onClick={() => turn.mutate()}>
              {destination.enabled ? 'Disable' : 'Enable'}
            </Button>
            <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
              Delete
            </Button>
          </>
        )}
        {asking && (
          <Confirm
            title="Delete this address?"
            deed="Delete address"
            busy={remove.isPending}
            onConfirm={() => remove.mutate()}
            onClose={() => setAsking(false)}
          >
            <p>
              <span className="address">{destination.address}</span> gets no more mail; what is still to be sent to it is dropped.
            </p>
          </Confirm>
        )}
      </span>
    </li>
  )
}
