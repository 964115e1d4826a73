import type { ComponentGroup } from '@tocsin/contract/api/components'
import { componentGroupCreated, componentGroupDeleted, componentGroupUpdated } from '@tocsin/contract/events/components'
import { type ComponentGroupId, newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { type ComponentGroupRow, groupColumns, groupView } from './components.read.ts'

/** A page with more headings than that has none. Two creations at the very limit may both pass: nothing depends on it. */
const groupsPerOrgMax = 100

export async function createComponentGroup(change: Change, input: { name: string; order: number }): Promise<ComponentGroup> {
  const { rows: counted } = await change.tx.query<{ count: number }>('select count(*) as count from component_group')
  if ((counted[0]?.count ?? 0) >= groupsPerOrgMax)
    throw new Refusal('limit_reached', `An organisation has ${groupsPerOrgMax} groups of components at most.`)
  const { rows } = await change.tx.query<ComponentGroupRow>(
    `insert into component_group (id, org_id, name, position, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
     returning ${groupColumns}`,
    [newId('componentGroup'), change.orgId, input.name, input.order, change.now],
  )
  const componentGroup = groupView(only(rows))
  change.emit(componentGroupCreated, { componentGroup })
  return componentGroup
}

export async function updateComponentGroup(
  change: Change,
  input: {
    componentGroupId: ComponentGroupId
    changes: { name?: string | undefined; order?: number | undefined }
    ifVersion: number | null
  },
): Promise<ComponentGroup> {
  const { rows: locked } = await change.tx.query<ComponentGroupRow>(
    `select ${groupColumns} from component_group where id = $1 for no key update`,
    [input.componentGroupId],
  )
  const before = locked[0]
  if (!before) throw new Refusal('not_found', 'No such group.')
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The group was changed in the meantime: read it again.')
  const { name = before.name, order = before.order } = input.changes
  if (name === before.name && order === before.order) return groupView(before)
  const { rows } = await change.tx.query<ComponentGroupRow>(
    `update component_group set name = $2, position = $3, updated_at = $4, version = version + 1 where id = $1 returning ${groupColumns}`,
    [before.id, name, order, change.now],
  )
  const componentGroup = groupView(only(rows))
  change.emit(componentGroupUpdated, { componentGroup })
  return componentGroup
}

export async function deleteComponentGroup(change: Change, input: { componentGroupId: ComponentGroupId }): Promise<void> {
  const { rowCount } = await change.tx.query('delete from component_group where id = $1', [input.componentGroupId])
  if (rowCount === 0) throw new Refusal('not_found', 'No such group.')
  change.emit(componentGroupDeleted, { componentGroupId: input.componentGroupId })
}

export async function requireGroup(change: Change, groupId: ComponentGroupId): Promise<void> {
  const { rows } = await change.tx.query('select id from component_group where id = $1 for key share', [groupId])
  if (rows.length === 0) throw new Refusal('not_found', 'No such group.')
}

function only(rows: readonly ComponentGroupRow[]): ComponentGroupRow {
  const row = rows[0]
  if (!row) throw new Error('The group that was just written is gone.')
  return row
}
