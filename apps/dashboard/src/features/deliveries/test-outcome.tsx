import type { DeliveryDetail } from '@tocsin/contract/api/deliveries'
import type { DeliveryId } from '@tocsin/contract/ids'
import { Icon } from '../../ui/icon.tsx'
import { durationText, Time } from '../../ui/time.tsx'
import { outcomeWords } from './delivery-words.ts'
import { useDelivery } from './use-delivery.ts'

/** What of an answer is enough to see what is wrong. */
const excerptMax = 300

/** How a test message fares, while it does. */
export function TestOutcome({ deliveryId }: { deliveryId: DeliveryId }) {
  const delivery = useDelivery(deliveryId)
  const last = delivery.data?.attemptLog.at(-1)
  const tone = !last ? 'waiting' : last.outcome === 'accepted' ? 'good' : 'bad'
  return (
    <div className="test-outcome" role="status" data-tone={tone}>
      {tone === 'waiting' ? <span className="spinner" aria-hidden="true" /> : <Icon name={tone === 'good' ? 'check' : 'high'} />}
      <div>
        {last ? (
          <Attempted detail={delivery.data} last={last} />
        ) : (
          <p>{delivery.data?.state === 'dropped' ? 'It was not sent.' : 'A test message is on its way…'}</p>
        )}
      </div>
    </div>
  )
}

type Last = DeliveryDetail['attemptLog'][number]

function Attempted({ detail, last }: { detail: DeliveryDetail | undefined; last: Last }) {
  const status = last.status === null ? '' : `, with ${last.status}`
  if (last.outcome === 'accepted')
    return (
      <p>
        <strong>The test message was accepted</strong>
        {status}, after {durationText(last.latencyMs)}.
      </p>
    )
  return (
    <>
      <p>
        <strong>The test message did not get through:</strong> {outcomeWords[last.outcome].toLowerCase()}
        {status}.
        {detail?.nextAttemptAt && (
          <>
            {' '}
            It is tried again <Time at={detail.nextAttemptAt} />.
          </>
        )}
      </p>
      {last.response && <pre className="response">{last.response.slice(0, excerptMax)}</pre>}
    </>
  )
}
