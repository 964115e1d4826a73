import type { Delivery } from '@tocsin/contract/api/deliveries'
import { useDeliveries } from '../../live/lists.ts'
import type { DeliveryFilter } from '../../live/snapshot.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty } from '../../ui/screen.tsx'
import { Time } from '../../ui/time.tsx'
import { useRowKeys } from '../../ui/use-row-keys.ts'
import { messageText, reasonWords, stateTones, stateWords } from './delivery-words.ts'
import { useReceiver } from './use-receiver.ts'

/** Every message that was or will be sent, and every one that was not, each with its reason. */
export function DeliveryList(props: { filter: DeliveryFilter; onOpen: (delivery: Delivery) => void }) {
  const deliveries = useDeliveries(props.filter)
  const { list } = useRowKeys()
  return (
    <Loaded query={deliveries} what="deliveries">
      {(page) =>
        page.data.length === 0 ? (
          props.filter.state === null ? (
            <Empty title="Nothing was sent yet.">Press “Test” on a receiver to see a message arrive.</Empty>
          ) : (
            <Empty title="None of them is in this state.">Choose another one above.</Empty>
          )
        ) : (
          <>
            <ul ref={list} className="rows card">
              {page.data.map((delivery) => (
                <li key={delivery.id}>
                  <DeliveryRow
                    delivery={delivery}
                    isOfOne={props.filter.webhookId !== null}
                    onOpen={() => props.onOpen(delivery)}
                  />
                </li>
              ))}
            </ul>
            <Newest of={page} />
          </>
        )
      }
    </Loaded>
  )
}

/** In the list of one receiver there is no need to name it. */
function DeliveryRow({ delivery, isOfOne, onOpen }: { delivery: Delivery; isOfOne: boolean; onOpen: () => void }) {
  const receiver = useReceiver()(delivery)
  const why = reasonWords[delivery.reason] + (delivery.attempts > 1 ? ` · ${delivery.attempts} attempts` : '')
  return (
    <button type="button" className="row delivery-row" onClick={onOpen}>
      <Icon name={receiver.icon} />
      <span className="delivery-what">
        <strong>{messageText(delivery.eventType)}</strong>
        <span className="muted anywhere">{isOfOne ? why : `${receiver.kind} · ${receiver.name}`}</span>
      </span>
      {!isOfOne && <span className="muted delivery-why">{why}</span>}
      <StateChip delivery={delivery} />
      <span className="muted delivery-when">
        <Time at={delivery.createdAt} />
      </span>
    </button>
  )
}

export function StateChip({ delivery }: { delivery: Delivery }) {
  const isRetried = delivery.state === 'pending' && delivery.attempts > 0
  return (
    <span className="chip" data-tone={isRetried ? 'warn' : stateTones[delivery.state]}>
      {delivery.state === 'held' && delivery.holdUntil ? (
        <>
          Told <Time at={delivery.holdUntil} />
        </>
      ) : isRetried ? (
        'Tried again'
      ) : (
        stateWords[delivery.state]
      )}
    </span>
  )
}
