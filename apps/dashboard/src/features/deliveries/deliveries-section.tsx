import type { DeliveryState } from '@tocsin/contract/api/deliveries'
import type { DeliveryId, WebhookId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { Section } from '../../ui/screen.tsx'
import { StateFilter } from './delivery-filter.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { DeliverySheet } from './delivery-sheet.tsx'

export function DeliveriesSection() {
  const [state, setState] = useState<DeliveryState | null>(null)
  const [open, setOpen] = useState<DeliveryId | null>(null)
  return (
    <Section title="Deliveries" aside={<StateFilter state={state} onChange={setState} />}>
      <DeliveryList filter={{ state, webhookId: null, destinationId: null }} onOpen={({ id }) => setOpen(id)} />
      {open && <DeliverySheet deliveryId={open} onClose={() => setOpen(null)} />}
    </Section>
  )
}

/** Within the sheet of a webhook. */
export function DeliveriesOf({ webhookId }: { webhookId: WebhookId }) {
  const [state, setState] = useState<DeliveryState | null>(null)
  const [open, setOpen] = useState<DeliveryId | null>(null)
  return (
    <section className="sheet-section" aria-label="Deliveries of this webhook">
      <div className="section-head">
        <h3>Deliveries</h3>
        <StateFilter state={state} onChange={setState} />
      </div>
      <DeliveryList filter={{ state, webhookId, destinationId: null }} onOpen={({ id }) => setOpen(id)} />
      {open && <DeliverySheet deliveryId={open} onClose={() => setOpen(null)} />}
    </section>
  )
}
