import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type Attempt, type DeliveryDetail, redeliver } from '@tocsin/contract/api/deliveries'
import type { DeliveryId } from '@tocsin/contract/ids'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { durationText, Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { StateChip } from './delivery-list.tsx'
import { messageText, outcomeWords, reasonWords } from './delivery-words.ts'
import { useDelivery } from './use-delivery.ts'
import { useReceiver } from './use-receiver.ts'

/** One delivery: why it was planned, and how each attempt went. */
export function DeliverySheet({ deliveryId, onClose }: { deliveryId: DeliveryId; onClose: () => void }) {
  const { client, may } = useSigned()
  const queries = useQueryClient()
  const delivery = useDelivery(deliveryId)
  const again = useMutation({
    mutationFn: () => client.call(redeliver, { params: { deliveryId } }),
    onSuccess: () => {
      toast('It is being sent again, under the same id.')
      const names: readonly unknown[] = ['deliveries', 'deliveryDetail'] satisfies Refetched[]
      return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((part) => names.includes(part)) })
    },
  })
  return (
    <Dialog title={delivery.data ? messageText(delivery.data.eventType) : 'Delivery'} shape="sheet" onClose={onClose}>
      <Loaded query={delivery} what="the delivery">
        {(detail) => (
          <>
            <Facts detail={detail} />
            {may('write') && detail.state !== 'pending' && (
              <Button icon="refresh" busy={again.isPending} onClick={() => again.mutate()}>
                Send again
              </Button>
            )}
            <section className="sheet-section">
              <h3>Attempts</h3>
              {detail.attemptLog.length === 0 ? <p className="muted">None yet.</p> : <Attempts attempts={detail.attemptLog} />}
            </section>
          </>
        )}
      </Loaded>
    </Dialog>
  )
}

function Facts({ detail }: { detail: DeliveryDetail }) {
  const receiver = useReceiver()(detail)
  const times = [
    ['Planned', detail.createdAt],
    ['Waits until, at the latest', detail.state === 'held' ? detail.holdUntil : null],
    ['Next attempt', detail.nextAttemptAt],
    ['Over', detail.finishedAt],
  ] as const
  return (
    <dl className="facts">
      <dt>State</dt>
      <dd>
        <StateChip delivery={detail} />
      </dd>
      <dt>To</dt>
      <dd className="anywhere">
        {receiver.kind} · {receiver.name}
      </dd>
      <dt>Why</dt>
      <dd>{reasonWords[detail.reason]}</dd>
      {times.map(
        ([name, at]) =>
          at && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Time at={at} />
              </dd>
            </div>
          ),
      )}
      <dt>Message id</dt>
      <dd>
        <code>{detail.id}</code>
      </dd>
    </dl>
  )
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  return (
    <ol className="attempts">
      {attempts.map((attempt) => (
        <li key={attempt.number}>
          <p>
            <span className="chip" data-tone={attempt.outcome === 'accepted' ? 'good' : 'bad'}>
              {outcomeWords[attempt.outcome]}
              {attempt.status !== null && ` · ${attempt.status}`}
            </span>
            <span className="muted">
              Attempt {attempt.number}, <Time at={attempt.at} />, {durationText(attempt.latencyMs)}
            </span>
          </p>
          {attempt.response && <pre className="response">{attempt.response}</pre>}
        </li>
      ))}
    </ol>
  )
}
