import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getThreat, type Threat } from '@tocsin/contract/api/threats'
import type { ThreatId } from '@tocsin/contract/ids'
import { useThreats } from '../../live/lists.ts'
import type { Refetched } from '../../live/refetches.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { SeverityMark } from '../../ui/severity.tsx'

/** What explains this threat, and what it explains: repairing the cause ends them all. */
export function Relations({ threat }: { threat: Threat }) {
  const active = useThreats(threat.siteId, 'active').data?.data ?? []
  const acknowledged = useThreats(threat.siteId, 'acknowledged').data?.data ?? []
  const effects = [...active, ...acknowledged].filter(({ causeId }) => causeId === threat.id)
  return (
    <>
      {threat.causeId && <Cause threatId={threat.causeId} />}
      {effects.length > 0 && (
        <div className="relations">
          <p>
            <strong>Repairing it should also end:</strong>
          </p>
          <ul>
            {effects.map((effect) => (
              <li key={effect.id}>
                <Related threat={effect} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

function Cause({ threatId }: { threatId: ThreatId }) {
  const { client, org } = useSigned()
  const cause = useQuery({
    queryKey: ['threatDetail' satisfies Refetched, org.id, threatId],
    queryFn: ({ signal }) => client.call(getThreat, { params: { threatId }, signal }),
  })
  if (!cause.data) return null
  return (
    <div className="relations">
      <p>
        <strong>Most likely because of:</strong>
      </p>
      <Related threat={cause.data} />
    </div>
  )
}

function Related({ threat }: { threat: Threat }) {
  return (
    <Link to={paths.threat} params={{ siteId: threat.siteId, threatId: threat.id }} resetScroll={false} className="related">
      <SeverityMark severity={threat.severity} />
      <span>
        {threat.title} <span className="address">{threat.subject}</span>
      </span>
    </Link>
  )
}
