import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { getThreat, type ThreatDetail } from '@tocsin/contract/api/threats'
import type { SiteId, ThreatId } from '@tocsin/contract/ids'
import { ruleSpec } from '@tocsin/contract/rules/catalog'
import type { Refetched } from '../../live/refetches.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time } from '../../ui/time.tsx'
import { Evidence, Looks } from './evidence.tsx'
import { Relations } from './relations.tsx'
import { ThreatActions } from './threat-actions.tsx'
import { Thresholds } from './thresholds.tsx'

const stateWords = {
  active: 'Active',
  acknowledged: 'Somebody is on it',
  resolved: 'Resolved',
  accepted: 'Accepted as expected',
  hygiene: 'Hygiene: already so at the first check',
} as const
const actorWords = { user: 'a member', api_key: 'an API key', system: 'Tocsin' } as const

/** One threat over its site: what it is, what it costs, what to do, and how we know. */
export function ThreatSheet({ siteId, threatId }: { siteId: SiteId; threatId: ThreatId }) {
  const { client, org } = useSigned()
  const navigate = useNavigate()
  const close = () => void navigate({ to: paths.site, params: { siteId }, resetScroll: false })
  const threat = useQuery({
    queryKey: ['threatDetail' satisfies Refetched, org.id, threatId],
    queryFn: ({ signal }) => client.call(getThreat, { params: { threatId }, signal }),
  })
  return (
    <Dialog title={threat.data?.title ?? 'Threat'} shape="sheet" onClose={close}>
      <Loaded query={threat} what="the threat">
        {(detail) => <Detail threat={detail} />}
      </Loaded>
    </Dialog>
  )
}

function Detail({ threat }: { threat: ThreatDetail }) {
  return (
    <>
      <p className="sheet-line">
        <SeverityMark severity={threat.severity} />
        <span className="chip" data-tone={tones[threat.state]}>
          {stateWords[threat.state]}
        </span>
        {threat.flapping && (
          <span className="chip" data-tone="warn">
            <Icon name="repeat" size={12} />
            Comes and goes
          </span>
        )}
      </p>
      <p className="address sheet-subject">{threat.subject}</p>
      <p className="prose">{threat.description}</p>
      {threat.flapping && (
        <p className="muted prose">It came and went three times within a day: nobody is told of it again until it is steady.</p>
      )}
      <Relations threat={threat} />
      <dl className="facts">
        <dt>What it costs</dt>
        <dd>{threat.impact}</dd>
        <dt>What to do</dt>
        <dd>{threat.action}</dd>
        <dt>How it is judged</dt>
        <dd>{ruleSpec(threat.rule)?.doc ?? 'It is over when two checks in a row find it gone.'}</dd>
        <dt>How much it matters</dt>
        <dd>{importanceText(threat.importance)}</dd>
      </dl>
      <ThreatActions threat={threat} />
      <Life threat={threat} />
      <Evidence evidence={threat.evidence} />
      <Looks looks={threat.looks} />
      <Thresholds threat={threat} />
      <p className="muted sheet-rule">
        Rule <code>{threat.rule}</code>
      </p>
    </>
  )
}

function importanceText(importance: number): string {
  const word =
    importance >= 8 ? 'very important to the site' : importance <= 2 ? 'of little importance to the site' : 'of usual importance'
  return `${importance.toFixed(1)} of 10: what it is about is ${word}.`
}

const tones = { active: 'bad', acknowledged: 'warn', resolved: 'good', accepted: 'off', hygiene: 'off' } as const

function Life({ threat }: { threat: ThreatDetail }) {
  return (
    <dl className="facts facts-short">
      <dt>First seen</dt>
      <dd>
        <Time at={threat.firstSeenAt} />
      </dd>
      <dt>Last seen</dt>
      <dd>
        <Time at={threat.lastSeenAt} />, {threat.occurrences === 1 ? 'once' : `${threat.occurrences} times in all`}
      </dd>
      {threat.acknowledgedAt && (
        <>
          <dt>Acknowledged</dt>
          <dd>
            <Time at={threat.acknowledgedAt} />
          </dd>
        </>
      )}
      {threat.resolvedAt && (
        <>
          <dt>Resolved</dt>
          <dd>
            <Time at={threat.resolvedAt} />
          </dd>
        </>
      )}
      {threat.changedBy && (
        <>
          <dt>Last word by</dt>
          <dd>
            {actorWords[threat.changedBy.kind]}
            {threat.note && <q>{threat.note}</q>}
          </dd>
        </>
      )}
    </dl>
  )
}
