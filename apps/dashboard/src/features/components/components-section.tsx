import { type Component, type ComponentGroup, componentStatuses } from '@tocsin/contract/api/components'
import { useState } from 'react'
import { useComponentGroups, useComponents } from '../../live/status-lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { ComponentStatusMark, componentStatusWords } from '../../ui/component-status.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { AddComponentForm } from './component-form.tsx'
import { ComponentRow } from './component-row.tsx'
import { GroupsDialog } from './groups-dialog.tsx'

/** What the page lists, and how it is. */
export function ComponentsSection() {
  const { may } = useSigned()
  const components = useComponents()
  const groups = useComponentGroups().data ?? []
  const [open, setOpen] = useState<'add' | 'groups' | null>(null)
  const last = Math.max(-1, ...(components.data ?? []).map(({ order }) => order))
  return (
    <Section
      title="Components"
      aside={
        may('write') && (
          <span className="button-row">
            <Button onClick={() => setOpen('groups')}>Groups</Button>
            <Button icon="plus" onClick={() => setOpen('add')}>
              Add component
            </Button>
          </span>
        )
      }
    >
      <Loaded query={components} what="components">
        {(all) =>
          all.length === 0 ? (
            <Empty title="The page lists nothing yet.">
              A component is what your visitors know by name: the shop, the checkout, the API. Add one to say how it is.
            </Empty>
          ) : (
            <>
              <Overall components={all} />
              <Grouped components={all} groups={groups} />
            </>
          )
        }
      </Loaded>
      {open === 'add' && (
        <Dialog title="Add a component" onClose={() => setOpen(null)}>
          <AddComponentForm order={last + 1} onDone={() => setOpen(null)} />
        </Dialog>
      )}
      {open === 'groups' && <GroupsDialog onClose={() => setOpen(null)} />}
    </Section>
  )
}

/** The worst of them is what the page says of all. */
function Overall({ components }: { components: readonly Component[] }) {
  const worst = [...componentStatuses].reverse().find((status) => components.some((component) => component.status === status))
  if (!worst || worst === 'operational')
    return (
      <p className="notice" data-tone="good">
        <ComponentStatusMark status="operational" /> <span>Everything works.</span>
      </p>
    )
  const touched = components.filter(({ status }) => status === worst).map(({ name }) => name)
  return (
    <p className="notice">
      <ComponentStatusMark status={worst} /> <span className="anywhere">{touched.join(', ')}</span>
      <span className="visually-hidden">{componentStatusWords[worst]}</span>
    </p>
  )
}

function Grouped({ components, groups }: { components: readonly Component[]; groups: readonly ComponentGroup[] }) {
  const nameOf = (id: string) => components.find((component) => component.id === id)?.name ?? 'a component'
  const parts: { id: string | null; name: string }[] = [...groups, { id: null, name: groups.length > 0 ? 'In no group' : '' }]
  return parts.map(({ id, name }) => {
    const siblings = components.filter(({ groupId }) => groupId === id)
    if (siblings.length === 0 && id === null) return null
    return (
      <section key={id} className="component-group" aria-label={name || 'Components'}>
        {name && <h3>{name}</h3>}
        {siblings.length === 0 ? (
          <p className="muted">Empty: change a component to put it here.</p>
        ) : (
          <ul className="rows card">
            {siblings.map((component) => (
              <ComponentRow key={component.id} component={component} siblings={siblings} nameOf={nameOf} />
            ))}
          </ul>
        )}
      </section>
    )
  })
}
