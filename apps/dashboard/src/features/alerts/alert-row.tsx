import { Link } from '@tanstack/react-router'
import type { Alert } from '@tocsin/contract/api/alerts'
import { useSite } from '../../live/lists.ts'
import { useActorName } from '../../members.ts'
import { paths } from '../../paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time, useNowMs } from '../../ui/time.tsx'
import { isSnoozed } from './alert-words.ts'

export function AlertRow({ alert }: { alert: Alert }) {
  return (
    <li className="threat" data-severity={alert.severity} data-state={alert.state}>
      <Link to={paths.alert} params={{ alertId: alert.id }} resetScroll={false} className="row threat-row">
        <SeverityMark severity={alert.severity} />
        <span className="threat-what">
          <strong>{alert.title}</strong>
          <span className="alert-about">
            {alert.siteId && <SiteName siteId={alert.siteId} />}
            <span>{alert.ruleName}</span>
          </span>
          <Pills alert={alert} />
        </span>
        <span className="muted threat-when">
          {alert.state === 'resolved' && alert.resolvedAt ? (
            <>
              over <Time at={alert.resolvedAt} />
            </>
          ) : (
            <>
              began <Time at={alert.triggeredAt} />
            </>
          )}
        </span>
        <Icon name="right" />
      </Link>
    </li>
  )
}

function SiteName({ siteId }: { siteId: NonNullable<Alert['siteId']> }) {
  const site = useSite(siteId)
  return site.data ? <span>{site.data.name}</span> : null
}

export function OnIt({ alert }: { alert: Alert }) {
  const nameOf = useActorName()
  const name = alert.acknowledgedBy && nameOf(alert.acknowledgedBy)
  if (name === null) return 'Somebody is on it'
  return name === 'you' ? 'You are on it' : `${name} is on it`
}

/** Where it stands, beside its severity. Of what is simply open nothing need be said. */
export function Pills({ alert }: { alert: Alert }) {
  const snoozed = isSnoozed(alert, useNowMs())
  if (alert.state === 'triggered' && !snoozed && !alert.flapping && alert.occurrences === 1) return null
  return (
    <span className="threat-marks">
      {alert.state === 'acknowledged' && (
        <span className="chip" data-tone="info">
          <Icon name="check" size={12} />
          <OnIt alert={alert} />
        </span>
      )}
      {alert.state === 'resolved' && (
        <span className="chip" data-tone="good">
          <Icon name="check" size={12} />
          Over
        </span>
      )}
      {snoozed && alert.snoozedUntil && (
        <span className="chip" data-tone="off">
          <Icon name="clock" size={12} />
          <span>
            Snoozed, ends <Time at={alert.snoozedUntil} />
          </span>
        </span>
      )}
      {alert.flapping && (
        <span className="chip" data-tone="warn" title="Nothing is told until it is steady.">
          <Icon name="repeat" size={12} />
          Comes and goes
        </span>
      )}
      {alert.occurrences > 1 && (
        <span className="chip" data-tone="off" title="How often it was seen to begin or go on.">
          {alert.occurrences} times
        </span>
      )}
    </span>
  )
}
