import type { Delivery, DeliveryState } from '@tocsin/contract/api/deliveries'
import type { DeliveryId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useDeliveries, useDestinations, useWebhooks } from '../../live/lists.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { Time } from '../../ui/time.tsx'
import { DeliverySheet } from './delivery-sheet.tsx'
import { reasonWords, stateWords } from './delivery-words.ts'

const tones = {
  pending: 'info',
  succeeded: 'good',
  exhausted: 'bad',
  suppressed: 'off',
  held: 'warn',
  digested: 'off',
  dropped: 'off',
} satisfies Record<DeliveryState, string>

/** Every message that was or will be sent, and every one that was not, each with its reason. */
export function DeliveriesSection() {
  const deliveries = useDeliveries()
  const [open, setOpen] = useState<DeliveryId | null>(null)
  return (
    <Section title="Deliveries">
      <Loaded query={deliveries} what="deliveries">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="Nothing was sent yet.">Press "Test" on a webhook or an address to see one arrive.</Empty>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((delivery) => (
                  <li key={delivery.id}>
                    <DeliveryRow delivery={delivery} onOpen={() => setOpen(delivery.id)} />
                  </li>
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
      {open && <DeliverySheet deliveryId={open} onClose={() => setOpen(null)} />}
    </Section>
  )
}

function DeliveryRow({ delivery, onOpen }: { delivery: Delivery; onOpen: () => void }) {
  const receiver = useReceiver(delivery)
  return (
    <button type="button" className="row delivery-row" onClick={onOpen}>
      <Icon name={delivery.channel === 'email' ? 'mail' : 'hook'} />
      <span className="delivery-what">
        <strong>{delivery.eventType}</strong>
        <span className="address">{receiver}</span>
      </span>
      <span className="muted delivery-why">
        {reasonWords[delivery.reason]}
        {delivery.attempts > 1 && ` · ${delivery.attempts} attempts`}
      </span>
      <span className="chip" data-tone={tones[delivery.state]}>
        {stateWords[delivery.state]}
      </span>
      <span className="muted delivery-when">
        <Time at={delivery.createdAt} />
      </span>
    </button>
  )
}

function useReceiver(delivery: Delivery): string {
  const webhooks = useWebhooks()
  const destinations = useDestinations()
  if (delivery.channel === 'webhook')
    return webhooks.data?.data.find(({ id }) => id === delivery.webhookId)?.url ?? 'a deleted webhook'
  return destinations.data?.data.find(({ id }) => id === delivery.destinationId)?.address ?? 'a deleted address'
}
