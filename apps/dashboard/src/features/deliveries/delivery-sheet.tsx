import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Attempt, getDelivery, redeliver } from '@tocsin/contract/api/deliveries'
import type { DeliveryId } from '@tocsin/contract/ids'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { durationText, Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { outcomeWords, reasonWords, stateWords } from './delivery-words.ts'

/** One delivery: why it was planned, and how each attempt went. */
export function DeliverySheet({ deliveryId, onClose }: { deliveryId: DeliveryId; onClose: () => void }) {
  const { client, org, may } = useSigned()
  const queries = useQueryClient()
  const delivery = useQuery({
    queryKey: ['deliveryDetail' satisfies Refetched, org.id, deliveryId],
    queryFn: ({ signal }) => client.call(getDelivery, { params: { deliveryId }, signal }),
  })
  const again = useMutation({
    mutationFn: () => client.call(redeliver, { params: { deliveryId } }),
    onSuccess: () => {
      toast('It is being sent again, under the same id.')
      const names: readonly unknown[] = ['deliveries', 'deliveryDetail'] satisfies Refetched[]
      return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((part) => names.includes(part)) })
    },
  })
  return (
    <Dialog title={delivery.data?.eventType ?? 'Delivery'} shape="sheet" onClose={onClose}>
      <Loaded query={delivery} what="the delivery">
        {(detail) => (
          <>
            <dl className="facts">
              <dt>State</dt>
              <dd>{stateWords[detail.state]}</dd>
              <dt>Why</dt>
              <dd>{reasonWords[detail.reason]}</dd>
              <dt>Planned</dt>
              <dd>
                <Time at={detail.createdAt} />
              </dd>
              {detail.nextAttemptAt && (
                <>
                  <dt>Next attempt</dt>
                  <dd>
                    <Time at={detail.nextAttemptAt} />
                  </dd>
                </>
              )}
              <dt>Message id</dt>
              <dd>
                <code>{detail.id}</code>
              </dd>
            </dl>
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
