import type { Component, ComponentChanges, ComponentInput, ComponentStatus } from '@tocsin/contract/api/components'
import { componentCreated, componentDeleted, componentUpdated } from '@tocsin/contract/events/components'
import { type ComponentId, newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { requireSite } from '../sites/sites.ts'
import { requireGroup } from './component-groups.ts'
import { type ComponentRow, componentColumns, componentView } from './components.read.ts'
import { forgetOwnStatuses, noteStatus, settleStatuses } from './holds.ts'
import { cycleFrom } from './status.ts'

/** A page of them is still a page, and dependencies are looked at as a whole. */
const componentsPerOrgMax = 1_000

export async function createComponent(change: Change, input: ComponentInput): Promise<Component> {
  await lockDependencies(change)
  const { rows: counted } = await change.tx.query<{ count: number }>('select count(*) as count from component')
  if ((counted[0]?.count ?? 0) >= componentsPerOrgMax)
    throw new Refusal('limit_reached', `An organisation lists ${componentsPerOrgMax} components at most.`)
  await requireLinks(change, input)
  const id = newId('component')
  const { tx, orgId, now } = change
  await tx.query(
    `insert into component (id, org_id, group_id, site_id, name, description, position, own_status, status, status_since, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $9, $9)`,
    [id, orgId, input.groupId ?? null, input.siteId ?? null, input.name, input.description, input.order, input.status, now],
  )
  await setDependencies(change, id, input.dependsOn)
  await noteStatus(change, { componentId: id, status: input.status })
  const component = componentView(await readComponent(change, id))
  change.emit(componentCreated, { component })
  return component
}

/** Settings and status are told by an event each. */
export async function updateComponent(
  change: Change,
  input: { componentId: ComponentId; changes: ComponentChanges; ifVersion: number | null },
): Promise<Component> {
  if (input.changes.dependsOn) await lockDependencies(change)
  const before = await lockComponent(change, input.componentId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The component was changed in the meantime: read it again.')
  const { changes } = input
  await requireLinks(change, changes)
  const wanted = {
    name: changes.name ?? before.name,
    description: changes.description ?? before.description,
    groupId: changes.groupId === undefined ? before.groupId : changes.groupId,
    siteId: changes.siteId === undefined ? before.siteId : changes.siteId,
    order: changes.order ?? before.order,
    dependsOn: changes.dependsOn ? [...new Set(changes.dependsOn)].sort() : before.dependsOn,
  }
  if (!isSame(before, wanted)) {
    await change.tx.query(
      `update component set name = $2, description = $3, group_id = $4, site_id = $5, position = $6, updated_at = $7, version = version + 1
       where id = $1`,
      [before.id, wanted.name, wanted.description, wanted.groupId, wanted.siteId, wanted.order, change.now],
    )
    if (changes.dependsOn) await setDependencies(change, before.id, wanted.dependsOn)
    change.emit(componentUpdated, { component: componentView(await readComponent(change, before.id)) })
  }
  if (changes.status) await setOwnStatus(change, { componentId: before.id, status: changes.status })
  return componentView(await readComponent(change, before.id))
}

/** By hand, or by what watches it. What an open incident or a maintenance says of it goes on to count. */
export async function setOwnStatus(change: Change, input: { componentId: ComponentId; status: ComponentStatus }): Promise<void> {
  await change.tx.query('update component set own_status = $2 where id = $1 and own_status <> $2', [
    input.componentId,
    input.status,
  ])
  await settleStatuses(change, [input.componentId])
}

/** Called by whoever holds components otherwise, after a change of it. With `forgetOwn` what was set of them meanwhile ends as well. */
export async function settleComponents(
  change: Change,
  input: { componentIds: readonly ComponentId[]; forgetOwn?: boolean },
): Promise<void> {
  if (input.forgetOwn) await forgetOwnStatuses(change, input.componentIds)
  await settleStatuses(change, input.componentIds)
}

export async function deleteComponent(change: Change, input: { componentId: ComponentId }): Promise<void> {
  const { rowCount } = await change.tx.query('delete from component where id = $1', [input.componentId])
  if (rowCount === 0) throw new Refusal('not_found', 'No such component.')
  change.emit(componentDeleted, { componentId: input.componentId })
}

type Links = Pick<ComponentChanges, 'groupId' | 'siteId' | 'dependsOn'>

/** A foreign key sees through the walls between orgs, so what is named has to be looked for. */
async function requireLinks(change: Change, { groupId, siteId, dependsOn }: Links): Promise<void> {
  if (groupId) await requireGroup(change, groupId)
  if (siteId) await requireSite(change.tx, siteId)
  if (dependsOn) await requireComponents(change, dependsOn)
}

export async function requireComponents(change: Change, ids: readonly ComponentId[]): Promise<void> {
  if (ids.length === 0) return
  const wanted = [...new Set(ids)]
  // Not deleted by somebody else before whatever names them is written.
  const { rows } = await change.tx.query('select id from component where id = any ($1) for key share', [wanted])
  if (rows.length < wanted.length) throw new Refusal('not_found', 'No such component.')
}

async function setDependencies(change: Change, id: ComponentId, dependsOn: readonly ComponentId[]): Promise<void> {
  const wanted = [...new Set(dependsOn)]
  const { rows } = await change.tx.query<{ from: string; to: string[] }>(
    'select component_id as "from", array_agg(depends_on_id) as "to" from component_dependency group by 1',
  )
  const edges = new Map<string, readonly string[]>(rows.map(({ from, to }) => [from, to]))
  const cycle = cycleFrom(id, edges.set(id, wanted))
  if (cycle) throw circular('A component cannot depend on itself, not even through others.')
  await change.tx.query('delete from component_dependency where component_id = $1 and not depends_on_id = any ($2)', [id, wanted])
  await change.tx.query(
    `insert into component_dependency (org_id, component_id, depends_on_id) select $1, $2, wanted from unnest($3::text[]) wanted
     on conflict do nothing`,
    [change.orgId, id, wanted],
  )
}

const circular = (message: string) => new Refusal('invalid', message, { issues: [{ path: 'dependsOn', message }] })

/** Two changes, each fine by itself, could close a circle between them: one after the other. */
async function lockDependencies(change: Change): Promise<void> {
  await change.tx.query('select id from org where id = $1 for no key update', [change.orgId])
}

function isSame(
  before: ComponentRow,
  wanted: Pick<ComponentRow, 'name' | 'description' | 'groupId' | 'siteId' | 'order' | 'dependsOn'>,
) {
  const fields = ['name', 'description', 'groupId', 'siteId', 'order'] as const
  return fields.every((field) => before[field] === wanted[field]) && before.dependsOn.join() === wanted.dependsOn.join()
}

async function lockComponent(change: Change, componentId: ComponentId): Promise<ComponentRow> {
  const { rows } = await change.tx.query<ComponentRow>(
    `select ${componentColumns} from component where component.id = $1 for no key update`,
    [componentId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such component.')
  return row
}

async function readComponent(change: Change, componentId: ComponentId): Promise<ComponentRow> {
  const { rows } = await change.tx.query<ComponentRow>(`select ${componentColumns} from component where component.id = $1`, [
    componentId,
  ])
  const row = rows[0]
  if (!row) throw new Error('The component that was just written is gone.')
  return row
}
