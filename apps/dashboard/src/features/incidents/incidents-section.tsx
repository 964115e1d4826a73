import type { Incident } from '@tocsin/contract/api/incidents'
import type { IncidentId } from '@tocsin/contract/ids'
import { type RefObject, useState } from 'react'
import { useIncidents } from '../../live/status-lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { Time } from '../../ui/time.tsx'
import { useRowKeys } from '../../ui/use-row-keys.ts'
import { IncidentSheet } from './incident-sheet.tsx'
import { impactWords, namesOf, statusTones, statusWords } from './incident-words.ts'
import { OpenIncidentForm } from './open-incident-form.tsx'

/** What visitors are told of: what is going on, then what was. */
export function IncidentsSection() {
  const { may } = useSigned()
  const open = useIncidents('open')
  const past = useIncidents('resolved')
  const { list } = useRowKeys()
  const [opening, setOpening] = useState(false)
  const [chosen, setChosen] = useState<IncidentId | null>(null)
  return (
    <>
      <Section
        title="Incidents"
        aside={
          may('write') && (
            <Button icon="announce" onClick={() => setOpening(true)}>
              Open an incident
            </Button>
          )
        }
      >
        <Loaded query={open} what="incidents">
          {(page) =>
            page.data.length === 0 ? (
              <Empty title="No incident is open.">
                When something breaks, open one: it is on the status page at once, and subscribers are told.
              </Empty>
            ) : (
              <Rows list={list} incidents={page.data} onOpen={setChosen} />
            )
          }
        </Loaded>
      </Section>
      <Section title="Over">
        <Loaded query={past} what="incidents that are over">
          {(page) =>
            page.data.length === 0 ? (
              <p className="muted">None yet.</p>
            ) : (
              <>
                <Rows list={null} incidents={page.data} onOpen={setChosen} />
                <Newest of={page} />
              </>
            )
          }
        </Loaded>
      </Section>
      {opening && (
        <Dialog title="Open an incident" onClose={() => setOpening(false)}>
          <OpenIncidentForm
            onDone={({ id }) => {
              setOpening(false)
              setChosen(id)
            }}
          />
        </Dialog>
      )}
      {chosen && <IncidentSheet key={chosen} incidentId={chosen} onClose={() => setChosen(null)} />}
    </>
  )
}

function Rows(props: {
  list: RefObject<HTMLUListElement | null> | null
  incidents: readonly Incident[]
  onOpen: (id: IncidentId) => void
}) {
  return (
    <ul ref={props.list} className="rows card">
      {props.incidents.map((incident) => (
        <li key={incident.id}>
          <button type="button" className="row receiver" onClick={() => props.onOpen(incident.id)}>
            <Icon name="announce" />
            <span className="receiver-what">
              <strong className="anywhere">{incident.title}</strong>
              <span className="muted anywhere">
                {impactWords[incident.impact]} · {namesOf(incident)}
              </span>
            </span>
            <span className="chip" data-tone={statusTones[incident.status]}>
              {statusWords[incident.status]}
            </span>
            <span className="muted delivery-when">
              <Time at={incident.resolvedAt ?? incident.startedAt} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
