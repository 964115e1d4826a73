import type { ComponentStatus } from '@tocsin/contract/api/components'
import { componentStatusChanged } from '@tocsin/contract/events/components'
import type { ComponentId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { type ComponentRow, componentColumns, componentView } from './components.read.ts'
import { worstStatus } from './status.ts'

interface Held {
  id: ComponentId
  status: ComponentStatus
  ownStatus: ComponentStatus
  incidents: ComponentStatus[]
  underMaintenance: boolean
}

/**
 * What a component shows follows from what holds it: its own status, open incidents, maintenances under way. Called by whoever has
 * changed one of these; tells of those that show something else now.
 */
export async function settleStatuses(change: Change, componentIds: readonly ComponentId[]): Promise<void> {
  if (componentIds.length === 0) return
  // Locked in one order, whoever settles them.
  await change.tx.query('select id from component where id = any ($1) order by id for no key update', [componentIds])
  const { rows } = await change.tx.query<Held>(
    `select c.id, c.status, c.own_status as "ownStatus",
       array(select ic.status from incident_component ic join incident i on i.id = ic.incident_id
             where ic.component_id = c.id and i.status <> 'resolved') as incidents,
       exists (select from maintenance_component mc join maintenance m on m.id = mc.maintenance_id
               where mc.component_id = c.id and m.status in ('in_progress', 'verifying')) as "underMaintenance"
     from component c where c.id = any ($1) order by c.id`,
    [componentIds],
  )
  for (const held of rows) {
    const status = worstStatus([
      held.ownStatus,
      ...held.incidents,
      ...(held.underMaintenance ? (['under_maintenance'] as const) : []),
    ])
    if (status !== held.status) await show(change, held, status)
  }
}

/** What was set for the time of an incident ends with it. */
export async function forgetOwnStatuses(change: Change, componentIds: readonly ComponentId[]): Promise<void> {
  await change.tx.query(`update component set own_status = 'operational' where id = any ($1) and own_status <> 'operational'`, [
    componentIds,
  ])
}

async function show(change: Change, { id, status: oldStatus }: Held, newStatus: ComponentStatus): Promise<void> {
  const { rows } = await change.tx.query<ComponentRow>(
    `update component set status = $2, status_since = $3, updated_at = $3, version = version + 1 where id = $1 returning ${componentColumns}`,
    [id, newStatus, change.now],
  )
  const row = rows[0]
  if (!row) throw new Error('The locked component is gone.')
  await noteStatus(change, { componentId: id, status: newStatus })
  change.emit(componentStatusChanged, {
    componentId: id,
    name: row.name,
    oldStatus,
    newStatus,
    component: componentView(row),
  })
}

export async function noteStatus(change: Change, input: { componentId: ComponentId; status: ComponentStatus }): Promise<void> {
  await change.tx.query(
    `insert into component_status_change (org_id, component_id, number, at, status)
     select $1, $2, coalesce(max(number), 0) + 1, greatest($3, max(at)), $4 from component_status_change where component_id = $2`,
    [change.orgId, input.componentId, change.now, input.status],
  )
}
