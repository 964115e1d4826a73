import { useMutation } from '@tanstack/react-query'
import {
  cancelMaintenance,
  completeMaintenance,
  type Maintenance,
  startMaintenance,
  verifyMaintenance,
} from '@tocsin/contract/api/maintenances'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Time } from '../../ui/time.tsx'
import { ChangeMaintenanceForm } from './maintenance-form.tsx'
import { isOver, statusTones, statusWords } from './maintenance-words.ts'

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

export function MaintenanceRow({ maintenance }: { maintenance: Maintenance }) {
  const { may } = useSigned()
  const { title, status, components } = maintenance
  return (
    <li className="row receiver">
      <Icon name="wrench" />
      <span className="receiver-what">
        <strong className="anywhere">{title}</strong>
        <span>{rangeText(maintenance)}</span>
        {components.length > 0 && <span className="muted anywhere">{components.map(({ name }) => name).join(', ')}</span>}
        <span className="muted">
          <When maintenance={maintenance} />
        </span>
      </span>
      <span className="chip" data-tone={statusTones[status]}>
        {statusWords[status]}
      </span>
      {may('write') && !isOver(maintenance) && <Actions maintenance={maintenance} />}
    </li>
  )
}

/** As it was planned, or as it came. */
function rangeText({ startsAt, startedAt, endsAt, completedAt, status }: Maintenance): string {
  const begin = new Date(startedAt ?? startsAt)
  const end = new Date(status === 'completed' ? (completedAt ?? endsAt) : endsAt)
  return exact.formatRange(begin, end)
}

function When({ maintenance: { status, startsAt, endsAt, completedAt } }: { maintenance: Maintenance }) {
  if (completedAt)
    return (
      <>
        {status === 'cancelled' ? 'Called off' : 'Ended'} <Time at={completedAt} />
      </>
    )
  if (status === 'scheduled')
    return (
      <>
        Begins by itself <Time at={startsAt} />
      </>
    )
  return (
    <>
      Ends by itself <Time at={endsAt} />
    </>
  )
}

const deeds = {
  start: { endpoint: startMaintenance, label: 'Begin now' },
  verify: { endpoint: verifyMaintenance, label: 'The work is done' },
  complete: { endpoint: completeMaintenance, label: 'End now' },
  cancel: { endpoint: cancelMaintenance, label: 'Call off' },
} as const
type Deed = keyof typeof deeds

/** What can be done next, the most likely first. */
const nextDeeds = {
  scheduled: ['start'],
  in_progress: ['verify', 'complete'],
  verifying: ['complete'],
  completed: [],
  cancelled: [],
} as const satisfies Record<Maintenance['status'], readonly Deed[]>

function Actions({ maintenance }: { maintenance: Maintenance }) {
  const { client } = useSigned()
  const [open, setOpen] = useState<'change' | 'cancel' | null>(null)
  const close = () => setOpen(null)
  const step = useMutation({
    mutationFn: (deed: Deed) => client.call(deeds[deed].endpoint, { params: { maintenanceId: maintenance.id } }),
    onSettled: close,
  })
  const which = <span className="visually-hidden">: {maintenance.title}</span>
  return (
    <span className="row-actions">
      {nextDeeds[maintenance.status].map((deed) => (
        <Button key={deed} look="quiet" busy={step.isPending} onClick={() => step.mutate(deed)}>
          {deeds[deed].label}
          {which}
        </Button>
      ))}
      <Button look="quiet" icon="edit" onClick={() => setOpen('change')}>
        Change{which}
      </Button>
      <Button look="quiet" icon="cross" onClick={() => setOpen('cancel')}>
        {deeds.cancel.label}
        {which}
      </Button>
      {open === 'change' && (
        <Dialog title="Change the maintenance" onClose={close}>
          <ChangeMaintenanceForm maintenance={maintenance} onDone={close} />
        </Dialog>
      )}
      {open === 'cancel' && (
        <Confirm
          title="Call this maintenance off?"
          deed="Call off"
          busy={step.isPending}
          onConfirm={() => step.mutate('cancel')}
          onClose={close}
        >
          <p>
            <strong>{maintenance.title}</strong> does not take place, and stays listed as called off.
            {maintenance.notify && ' Subscribers are told.'}
          </p>
        </Confirm>
      )}
    </span>
  )
}
