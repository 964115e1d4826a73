import { useMutation } from '@tanstack/react-query'
import {
  type ComponentGroup,
  createComponentGroup,
  deleteComponentGroup,
  updateComponentGroup,
} from '@tocsin/contract/api/components'
import { useState } from 'react'
import { moved } from '../../live/component-order.ts'
import { useComponentGroups } from '../../live/status-lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { MoveButtons } from './move-buttons.tsx'

/** The headings of the page. */
export function GroupsDialog({ onClose }: { onClose: () => void }) {
  const groups = useComponentGroups()
  return (
    <Dialog title="Groups" onClose={onClose}>
      <Loaded query={groups} what="groups">
        {(all) => (
          <>
            {all.length === 0 && <p className="muted">A group puts components under a heading of their own.</p>}
            <ul className="group-list">
              {all.map((group) => (
                <GroupRow key={group.id} group={group} groups={all} />
              ))}
            </ul>
            <AddGroup key={all.length} order={all.length} />
          </>
        )}
      </Loaded>
    </Dialog>
  )
}

function GroupRow({ group, groups }: { group: ComponentGroup; groups: readonly ComponentGroup[] }) {
  const { client } = useSigned()
  const [name, setName] = useState(group.name)
  const params = { componentGroupId: group.id }
  const rename = useMutation({ mutationFn: () => client.call(updateComponentGroup, { params, body: { name } }) })
  const remove = useMutation({ mutationFn: () => client.call(deleteComponentGroup, { params }) })
  const move = useMutation({
    mutationFn: async (by: 1 | -1) => {
      for (const { item, order } of moved(groups, group.id, by))
        await client.call(updateComponentGroup, { params: { componentGroupId: item.id }, body: { order } })
    },
  })
  const at = groups.findIndex(({ id }) => id === group.id)
  return (
    <li>
      <input
        type="text"
        aria-label={`Name of the group ${group.name}`}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      {name.trim() !== '' && name !== group.name && (
        <Button busy={rename.isPending} onClick={() => rename.mutate()}>
          Rename
        </Button>
      )}
      <MoveButtons
        name={group.name}
        isFirst={at === 0}
        isLast={at === groups.length - 1}
        busy={move.isPending}
        onMove={(by) => move.mutate(by)}
      />
      <Button look="quiet" icon="trash" busy={remove.isPending} onClick={() => remove.mutate()}>
        Delete<span className="visually-hidden"> the group {group.name}; its components stay</span>
      </Button>
    </li>
  )
}

function AddGroup({ order }: { order: number }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createComponentGroup,
    read: (data) => ({ name: text(data, 'name'), order }),
    submit: (body) => client.call(createComponentGroup, { body }),
    done: () => undefined,
  })
  return (
    <form {...form}>
      <TextField label="Another group" name="name" placeholder="What visitors use" error={errorOf('name')} />
      {problem && <ProblemNote error={problem} />}
      <Button icon="plus" type="submit" busy={busy}>
        Add group
      </Button>
    </form>
  )
}
