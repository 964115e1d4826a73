import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type AlertDetail, getAlert } from '@tocsin/contract/api/alerts'
import type { AlertId, DeliveryId } from '@tocsin/contract/ids'
import { ApiError } from '@tocsin/sdk/api-error'
import type { ReactNode } from 'react'
import { useSite } from '../../live/lists.ts'
import type { Refetched } from '../../live/refetches.ts'
import { useActorName } from '../../members.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time } from '../../ui/time.tsx'
import { AlertActions } from './alert-actions.tsx'
import { AlertDecisions } from './alert-decisions.tsx'
import { OnIt, Pills } from './alert-row.tsx'
import { stateTones, stateWords, stepWords, threatOf } from './alert-words.ts'

interface SheetProps {
  alertId: AlertId
  /** What other parts of the dashboard offer for an alert. */
  mute: (alert: AlertDetail) => ReactNode
  onDelivery: (deliveryId: DeliveryId) => void
}

/** One alert over the list: what it is, what became of it, who heard of it and why, and what one can do. */
export function AlertSheet({ alertId, mute, onDelivery }: SheetProps) {
  const { client, org } = useSigned()
  const navigate = useNavigate()
  const close = () => void navigate({ to: paths.alerts, resetScroll: false })
  const alert = useQuery({
    queryKey: ['alertDetail' satisfies Refetched, org.id, alertId],
    queryFn: ({ signal }) => client.call(getAlert, { params: { alertId }, signal }),
  })
  const isGone = alert.error instanceof ApiError && alert.error.status === 404
  return (
    <Dialog title={alert.data?.title ?? 'Alert'} shape="sheet" onClose={close}>
      {isGone ? (
        <p className="prose">There is no such alert in {org.name}. Alerts that are over are kept for a while only.</p>
      ) : (
        <Loaded query={alert} what="the alert">
          {(detail) => (
            <>
              <What alert={detail} />
              <AlertActions alert={detail}>{mute(detail)}</AlertActions>
              <Life alert={detail} />
              <AlertDecisions alertId={detail.id} onDelivery={onDelivery} />
            </>
          )}
        </Loaded>
      )}
    </Dialog>
  )
}

function What({ alert }: { alert: AlertDetail }) {
  const { description, impact, action, facts } = alert.facts
  return (
    <>
      <p className="sheet-line">
        <SeverityMark severity={alert.severity} />
        <span className="chip" data-tone={stateTones[alert.state]}>
          {alert.state === 'acknowledged' ? <OnIt alert={alert} /> : stateWords[alert.state]}
        </span>
        {alert.state === 'triggered' && <Pills alert={alert} />}
      </p>
      <Inhibited alert={alert} />
      {alert.flapping && <p className="muted prose">It comes and goes: nothing is told of it until it is steady.</p>}
      {description && <p className="prose">{description}</p>}
      <About alert={alert} />
      <dl className="facts">
        {impact && (
          <>
            <dt>What it costs</dt>
            <dd>{impact}</dd>
          </>
        )}
        {action && (
          <>
            <dt>What to do</dt>
            <dd>{action}</dd>
          </>
        )}
        {facts.map(({ name, value }) => (
          <Fact key={name} name={name} value={value} />
        ))}
        <dt>Rule</dt>
        <dd>
          {alert.ruleId ? (
            <Link to={paths.alertRule} params={{ alertRuleId: alert.ruleId }}>
              {alert.ruleName}
            </Link>
          ) : (
            `${alert.ruleName} (deleted)`
          )}
        </dd>
      </dl>
    </>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt>{name}</dt>
    <dd className="anywhere">{value}</dd>
  </>
)

function Inhibited({ alert }: { alert: AlertDetail }) {
  if (!alert.inhibitedBy) return null
  const [kind = ''] = alert.inhibitedBy.split(':')
  return (
    <p className="notice">
      <Icon name="link" />
      <span>
        An outage of {kind === 'site' ? 'its site' : `a ${kind} that it depends on`} explains it: it is not told while that lasts.
      </span>
    </p>
  )
}

/** To where it can be mended. */
function About({ alert }: { alert: AlertDetail }) {
  // It went with its site, which the alert outlives.
  const threat = alert.siteId && threatOf(alert.facts)
  return (
    <p className="button-row">
      {threat && (
        <Link to={paths.threat} params={threat} className="button">
          <Icon name="shield" />
          <span>Go to the threat</span>
        </Link>
      )}
      {alert.subject.startsWith('incident:') && (
        <Link to={paths.incidents} className="button">
          <Icon name="activity" />
          <span>Go to the incidents</span>
        </Link>
      )}
      {alert.subject.startsWith('component:') && (
        <Link to={paths.statusPage} className="button">
          <Icon name="activity" />
          <span>Go to the components</span>
        </Link>
      )}
      {!threat && alert.siteId && <ToSite siteId={alert.siteId} />}
    </p>
  )
}

function ToSite({ siteId }: { siteId: NonNullable<AlertDetail['siteId']> }) {
  const site = useSite(siteId)
  return (
    <Link to={paths.site} params={{ siteId }} className="button">
      <Icon name="sites" />
      <span>Go to {site.data?.name ?? 'the site'}</span>
    </Link>
  )
}

function Life({ alert }: { alert: AlertDetail }) {
  const nameOf = useActorName()
  return (
    <section className="sheet-section" aria-label="What became of it">
      <h3>What became of it</h3>
      <ol className="life">
        {alert.steps.toReversed().map(({ at, step, actor, note }) => (
          <li key={`${at} ${step} ${note}`}>
            <span className="feed-icon">
              <Icon name={stepWords[step].icon} size={14} />
            </span>
            <div>
              <p>
                <strong>{stepWords[step].what}</strong>
                {actor.kind !== 'system' && ` by ${nameOf(actor)}`}
              </p>
              {note && <q>{note}</q>}
            </div>
            <span className="muted life-when">
              <Time at={at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
