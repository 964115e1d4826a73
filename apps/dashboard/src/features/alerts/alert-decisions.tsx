import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type AlertDecision, listAlertDecisions } from '@tocsin/contract/api/alerts'
import type { AlertId, DeliveryId } from '@tocsin/contract/ids'
import type { Refetched } from '../../live/refetches.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Time } from '../../ui/time.tsx'
import { byReceiver, detailOf, type Heard, noticeWords, reasonText, verdictTones, verdictWords } from './decision-words.ts'

/** A decision is written some time after its alert, and has no event of its own. */
const askAgainMs = 10_000

/** Why somebody heard of it, or did not: for oneself first, then for everybody else. */
export function AlertDecisions({ alertId, onDelivery }: { alertId: AlertId; onDelivery: (id: DeliveryId) => void }) {
  const { client, org, session } = useSigned()
  const decisions = useQuery({
    queryKey: ['alertDecisions' satisfies Refetched, org.id, alertId],
    queryFn: ({ signal }) => client.call(listAlertDecisions, { params: { alertId }, query: { limit: 200 }, signal }),
    refetchInterval: askAgainMs,
  })
  return (
    <section className="sheet-section" aria-label="Why did I, or did I not, hear of it?">
      <h3>Why did I, or did I not, hear of it?</h3>
      <Loaded query={decisions} what="who heard of it">
        {(page) => {
          const heard = byReceiver(page.data, session.user.id)
          if (heard.length === 0)
            return (
              <p className="muted">
                Nobody was told yet. What is not critical waits half a minute for others of its group, so that they are told
                together.
              </p>
            )
          return (
            <>
              {!heard[0]?.isYou && (
                <p className="muted">
                  {heard[0]?.isEverybody ? 'What was decided for everybody holds for you.' : 'The rule does not name you.'}
                </p>
              )}
              <ul className="heard">
                {heard.map((each) => (
                  <Receiver key={each.key} heard={each} onDelivery={onDelivery} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }}
      </Loaded>
    </section>
  )
}

/** What one looks for is the latest word; the others are there on request. */
function Receiver({ heard, onDelivery }: { heard: Heard; onDelivery: (id: DeliveryId) => void }) {
  const [latest, ...before] = heard.decisions
  if (!latest) return null
  return (
    <li className="card card-inner" data-you={heard.isYou}>
      <p className="heard-who">
        <Icon name={latest.receiver.kind === 'destination' ? 'send' : 'team'} size={14} />
        <strong>{heard.isYou ? 'You' : heard.name}</strong>
      </p>
      <Decision decision={latest} isYou={heard.isYou} onDelivery={onDelivery} />
      {before.length > 0 && (
        <details className="disclosure">
          <summary>
            {before.length} earlier {before.length === 1 ? 'decision' : 'decisions'}
          </summary>
          {before.map((decision) => (
            <Decision key={decision.id} decision={decision} isYou={heard.isYou} onDelivery={onDelivery} />
          ))}
        </details>
      )}
    </li>
  )
}

function Decision(props: { decision: AlertDecision; isYou: boolean; onDelivery: (id: DeliveryId) => void }) {
  const { notice, verdict, at, until, deliveryId } = props.decision
  const detail = detailOf(props.decision)
  return (
    <div className="decision">
      <span className="chip" data-tone={verdictTones[verdict]}>
        {verdictWords[verdict]}
      </span>
      <div>
        <p>
          <strong>{noticeWords[notice]}</strong>
          <span className="muted">
            , <Time at={at} />
          </span>
        </p>
        <p className="muted">
          {reasonText(props.decision, props.isYou)}
          {detail && 'text' in detail && ` ${detail.text}`}
          {until && (
            <>
              {' '}
              That ends <Time at={until} />.
            </>
          )}{' '}
          {detail && 'alertId' in detail && (
            <Link to={paths.alert} params={{ alertId: detail.alertId }} resetScroll={false}>
              See that alert
            </Link>
          )}
          {deliveryId && (
            <button type="button" className="link-button" onClick={() => props.onDelivery(deliveryId)}>
              How it was delivered
            </button>
          )}
        </p>
      </div>
    </div>
  )
}
