import { useMutation } from '@tanstack/react-query'
import {
  type Component,
  type ComponentStatus,
  componentStatuses,
  deleteComponent,
  updateComponent,
} from '@tocsin/contract/api/components'
import { useState } from 'react'
import { moved } from '../../live/component-order.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { ComponentStatusMark, componentStatusWords } from '../../ui/component-status.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ChangeComponentForm } from './component-form.tsx'
import { MoveButtons } from './move-buttons.tsx'
import { UptimeDialog } from './uptime-dialog.tsx'

interface ComponentRowProps {
  component: Component
  /** Of the same group, in order. */
  siblings: readonly Component[]
  nameOf: (id: string) => string
}

export function ComponentRow(props: ComponentRowProps) {
  const { may } = useSigned()
  const { component, nameOf } = props
  const [showing, setShowing] = useState(false)
  return (
    <li className="row receiver component-row">
      <span className="receiver-what">
        <strong className="anywhere">{component.name}</strong>
        {component.description && <span className="muted anywhere">{component.description}</span>}
        {component.dependsOn.length > 0 && (
          <span className="muted anywhere">Cannot work without {component.dependsOn.map(nameOf).join(', ')}</span>
        )}
      </span>
      <span className="component-now">
        <ComponentStatusMark status={component.status} />
        <span className="muted">
          since <Time at={component.statusSince} /> ·{' '}
          <button type="button" className="link-button" onClick={() => setShowing(true)}>
            uptime<span className="visually-hidden"> of {component.name}</span>
          </button>
        </span>
      </span>
      {showing && <UptimeDialog component={component} onClose={() => setShowing(false)} />}
      {may('write') && <Actions {...props} />}
    </li>
  )
}

function Actions({ component, siblings }: ComponentRowProps) {
  const { client } = useSigned()
  const [open, setOpen] = useState<'change' | 'delete' | null>(null)
  const close = () => setOpen(null)
  const move = useMutation({
    mutationFn: async (by: 1 | -1) => {
      for (const { item, order } of moved(siblings, component.id, by))
        await client.call(updateComponent, { params: { componentId: item.id }, body: { order } })
    },
  })
  const remove = useMutation({
    mutationFn: () => client.call(deleteComponent, { params: { componentId: component.id } }),
    onSettled: close,
  })
  const at = siblings.findIndex(({ id }) => id === component.id)
  return (
    <span className="row-actions">
      <StatusChoice component={component} />
      <MoveButtons
        name={component.name}
        isFirst={at <= 0}
        isLast={at === siblings.length - 1}
        busy={move.isPending}
        onMove={(by) => move.mutate(by)}
      />
      <Button look="quiet" icon="edit" onClick={() => setOpen('change')}>
        Change<span className="visually-hidden"> {component.name}</span>
      </Button>
      <Button look="quiet" icon="trash" onClick={() => setOpen('delete')}>
        Delete<span className="visually-hidden"> {component.name}</span>
      </Button>
      {open === 'change' && (
        <Dialog title={`Change ${component.name}`} onClose={close}>
          <ChangeComponentForm component={component} onDone={close} />
        </Dialog>
      )}
      {open === 'delete' && (
        <Confirm
          title="Take this component from the page?"
          deed="Delete component"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={close}
        >
          <p>
            The history of <strong>{component.name}</strong> and its uptime are gone with it.
          </p>
        </Confirm>
      )}
    </span>
  )
}

/** Sets what holds by itself. An incident or a maintenance that says worse is what is shown. */
function StatusChoice({ component }: { component: Component }) {
  const { client } = useSigned()
  const set = useMutation({
    mutationFn: (status: ComponentStatus) =>
      client.call(updateComponent, { params: { componentId: component.id }, body: { status } }),
    onSuccess: ({ status, name }, wanted) =>
      status === wanted
        ? toast(`${name}: ${componentStatusWords[status]}.`)
        : toast(`An open incident or a maintenance still says “${componentStatusWords[status]}” of ${name}.`, 'news'),
  })
  return (
    <select
      className="status-choice"
      aria-label={`Status of ${component.name}`}
      disabled={set.isPending}
      value=""
      onChange={({ target }) => {
        const status = componentStatuses.find((each) => each === target.value)
        if (status) set.mutate(status)
      }}
    >
      <option value="">Set status…</option>
      {componentStatuses.map((status) => (
        <option key={status} value={status}>
          {componentStatusWords[status]}
        </option>
      ))}
    </select>
  )
}
