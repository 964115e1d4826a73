import { useQuery } from '@tanstack/react-query'
import {
  getIncident,
  type Incident,
  type IncidentStatus,
  type IncidentUpdate,
  incidentUpdatesShown,
} from '@tocsin/contract/api/incidents'
import type { IncidentId } from '@tocsin/contract/ids'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { ComponentStatusMark } from '../../ui/component-status.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Time } from '../../ui/time.tsx'
import { impactWords, nextStatus, statusTones, statusWords } from './incident-words.ts'
import { CorrectForm, EditUpdateForm, UpdateForm } from './update-forms.tsx'

/** One incident: what it affects, what was said of it, and how it goes on. */
export function IncidentSheet({ incidentId, onClose }: { incidentId: IncidentId; onClose: () => void }) {
  const { client, org } = useSigned()
  const incident = useQuery({
    queryKey: ['incidents' satisfies Refetched, org.id, 'one', incidentId],
    queryFn: ({ signal }) => client.call(getIncident, { params: { incidentId }, signal }),
  })
  return (
    <Dialog title={incident.data?.title ?? 'Incident'} shape="sheet" onClose={onClose}>
      <Loaded query={incident} what="the incident">
        {(data) => (
          <>
            <Facts incident={data} />
            <Actions incident={data} />
            <section className="sheet-section">
              <h3>Updates</h3>
              <ol className="updates">
                {data.updates.map((update) => (
                  <Update key={update.id} update={update} />
                ))}
              </ol>
              {data.updates.length === incidentUpdatesShown && (
                <p className="muted">These are the last {incidentUpdatesShown}. The API lists them all.</p>
              )}
            </section>
          </>
        )}
      </Loaded>
    </Dialog>
  )
}

function Facts({ incident }: { incident: Incident }) {
  return (
    <>
      <p className="incident-state">
        <span className="chip" data-tone={statusTones[incident.status]}>
          {statusWords[incident.status]}
        </span>
        <span className="muted">
          {impactWords[incident.impact]}, began <Time at={incident.startedAt} />
          {incident.resolvedAt && (
            <>
              , over <Time at={incident.resolvedAt} />
            </>
          )}
        </span>
      </p>
      {incident.components.length > 0 && (
        <ul className="affected-now">
          {incident.components.map(({ componentId, name, status }) => (
            <li key={componentId}>
              <strong className="anywhere">{name}</strong> <ComponentStatusMark status={status} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Actions({ incident }: { incident: Incident }) {
  const { may } = useSigned()
  const [open, setOpen] = useState<IncidentStatus | 'correct' | null>(null)
  const close = () => setOpen(null)
  if (!may('write')) return null
  const isOpen = incident.status !== 'resolved'
  return (
    <div className="button-row">
      {isOpen && (
        <>
          <Button look="primary" icon="announce" onClick={() => setOpen(nextStatus[incident.status])}>
            Post an update
          </Button>
          <Button icon="check" onClick={() => setOpen('resolved')}>
            Resolve
          </Button>
        </>
      )}
      <Button icon="edit" onClick={() => setOpen('correct')}>
        Correct
      </Button>
      {open === 'correct' && (
        <Dialog title="Correct the incident" onClose={close}>
          <CorrectForm incident={incident} onDone={close} />
        </Dialog>
      )}
      {open !== null && open !== 'correct' && (
        <Dialog title={open === 'resolved' ? 'Resolve the incident' : 'Post an update'} onClose={close}>
          <UpdateForm incident={incident} status={open} onDone={close} />
        </Dialog>
      )}
    </div>
  )
}

function Update({ update }: { update: IncidentUpdate }) {
  const { may } = useSigned()
  const [editing, setEditing] = useState(false)
  return (
    <li>
      <p className="update-head">
        <span className="chip" data-tone={statusTones[update.status]}>
          {statusWords[update.status]}
        </span>
        <span className="muted">
          <Time at={update.at} />
          {update.editedAt && ', corrected'}
          {!update.notify && ', told to nobody'}
        </span>
        {may('write') && (
          <Button look="quiet" icon="edit" onClick={() => setEditing(true)}>
            Edit<span className="visually-hidden"> the text of this update</span>
          </Button>
        )}
      </p>
      {update.body ? <p className="update-text">{update.body}</p> : <p className="muted">Without words.</p>}
      {editing && (
        <Dialog title="Correct the text" onClose={() => setEditing(false)}>
          <EditUpdateForm update={update} onDone={() => setEditing(false)} />
        </Dialog>
      )}
    </li>
  )
}
