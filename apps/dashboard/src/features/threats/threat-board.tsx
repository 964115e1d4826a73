import type { Threat, ThreatState } from '@tocsin/contract/api/threats'
import type { SiteId } from '@tocsin/contract/ids'
import { severities } from '@tocsin/contract/rule'
import { useState } from 'react'
import { useThreats } from '../../live/lists.ts'
import type { Page } from '../../live/snapshot.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Section } from '../../ui/screen.tsx'
import { type Filter, passes, ThreatFilter } from './threat-filter.tsx'
import { ThreatRow } from './threat-row.tsx'

/** Everything found wrong with a site, by where it stands. What is open is always shown; what is settled, on request. */
export function ThreatBoard({ siteId }: { siteId: SiteId }) {
  return (
    <Section title="Threats">
      <Open siteId={siteId} />
      <Settled siteId={siteId} state="accepted" title="Accepted as expected" />
      <Settled siteId={siteId} state="resolved" title="Resolved" />
      <Settled
        siteId={siteId}
        state="hygiene"
        title="Hygiene"
        explain="Already so when the first check was made. Worth tidying up some day; nobody is alerted."
      />
    </Section>
  )
}

function Open({ siteId }: { siteId: SiteId }) {
  const active = useThreats(siteId, 'active')
  const acknowledged = useThreats(siteId, 'acknowledged')
  const [filter, setFilter] = useState<Filter>({ type: '', severity: '' })
  const open = [...(active.data?.data ?? []), ...(acknowledged.data?.data ?? [])]
  const nothingOpen = active.data?.data.length === 0 && acknowledged.data?.data.length === 0
  return (
    <>
      {nothingOpen ? (
        <div className="card all-clear">
          <Icon name="shield" size={22} />
          <p>
            <strong>Nothing is wrong that we know of.</strong> What breaks appears here the moment it is confirmed.
            <FromBefore siteId={siteId} />
          </p>
        </div>
      ) : (
        <>
          {open.length > 0 && <ThreatFilter threats={open} filter={filter} onChange={setFilter} />}
          <Loaded query={active} what="threats">
            {(page) => <Group state="active" title="Active" page={page} filter={filter} all={open} />}
          </Loaded>
        </>
      )}
      {acknowledged.data && (
        <Group state="acknowledged" title="Somebody is on it" page={acknowledged.data} filter={filter} all={open} />
      )}
      {open.length > 0 && !open.some((threat) => passes(threat, filter)) && (
        <p className="muted">
          No open threat is like this.{' '}
          <button type="button" className="link-button" onClick={() => setFilter({ type: '', severity: '' })}>
            Show all
          </button>
        </p>
      )}
    </>
  )
}

/** Whoever reads that all is well should not overlook what was wrong from the start. */
function FromBefore({ siteId }: { siteId: SiteId }) {
  const found = useThreats(siteId, 'hygiene').data?.data.length ?? 0
  if (found === 0) return null
  return found === 1
    ? ' One thing was wrong already at the first check: see Hygiene.'
    : ` ${found} things were wrong already at the first check: see Hygiene.`
}

function Group(props: { state: ThreatState; title: string; page: Page<Threat>; filter: Filter; all: readonly Threat[] }) {
  const { state, title, page, all } = props
  const shown = page.data.filter((threat) => passes(threat, props.filter))
  if (shown.length === 0) return null
  return (
    <div className="threat-group" data-state={state}>
      <h3>
        {title}{' '}
        <span className="tally">
          {shown.length}
          {page.nextCursor && '+'}
        </span>
      </h3>
      <ul className="rows card">
        {bySeverity(shown).map((threat) => (
          <ThreatRow key={threat.id} threat={threat} cause={all.find(({ id }) => id === threat.causeId)} />
        ))}
      </ul>
      <Newest of={page} />
    </div>
  )
}

/** Asked for when it is opened. */
function Settled(props: { siteId: SiteId; state: 'accepted' | 'resolved' | 'hygiene'; title: string; explain?: string }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="disclosure" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{props.title}</summary>
      {open && <SettledList {...props} />}
    </details>
  )
}

function SettledList({ siteId, state, explain }: { siteId: SiteId; state: ThreatState; explain?: string }) {
  const threats = useThreats(siteId, state)
  return (
    <>
      {explain && <p className="muted">{explain}</p>}
      <Loaded query={threats} what="threats">
        {(page) =>
          page.data.length === 0 ? (
            <p className="muted">None.</p>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((threat) => (
                  <ThreatRow key={threat.id} threat={threat} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
    </>
  )
}

/** Worst first; the list is newest first already, and sorting keeps that order among equals. */
const bySeverity = (threats: readonly Threat[]) =>
  threats.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
