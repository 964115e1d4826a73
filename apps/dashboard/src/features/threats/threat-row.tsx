import { Link } from '@tanstack/react-router'
import type { Threat } from '@tocsin/contract/api/threats'
import { paths } from '../../paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time } from '../../ui/time.tsx'

/** `cause` is the threat that explains this one, where the list knows it. */
export function ThreatRow({ threat, cause }: { threat: Threat; cause?: Threat | undefined }) {
  return (
    <li className="threat" data-severity={threat.severity} data-state={threat.state}>
      <Link
        to={paths.threat}
        params={{ siteId: threat.siteId, threatId: threat.id }}
        resetScroll={false}
        className="row threat-row"
      >
        <SeverityMark severity={threat.severity} />
        <span className="threat-what">
          <strong>{threat.title}</strong>
          <span className="address">{threat.subject}</span>
          {(threat.flapping || threat.causeId) && (
            <span className="threat-marks">
              {threat.flapping && (
                <span className="chip" data-tone="warn" title="It is not told again until it is steady.">
                  <Icon name="repeat" size={12} />
                  Comes and goes
                </span>
              )}
              {threat.causeId && (
                <span className="chip" title={cause && `Because of: ${cause.title}`}>
                  <Icon name="link" size={12} />
                  {cause ? `Because of: ${cause.title}` : 'Effect of another threat'}
                </span>
              )}
            </span>
          )}
        </span>
        <span className="muted threat-when">
          {threat.state === 'resolved' && threat.resolvedAt ? (
            <>
              resolved <Time at={threat.resolvedAt} />
            </>
          ) : (
            <>
              first seen <Time at={threat.firstSeenAt} />
            </>
          )}
        </span>
        <Icon name="right" />
      </Link>
    </li>
  )
}
