import { Link } from '@tanstack/react-router'
import type { Threat } from '@tocsin/contract/api/threats'
import { paths } from '../../paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time } from '../../ui/time.tsx'

export function ThreatRow({ threat }: { threat: Threat }) {
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
