import type { Component, ComponentGroup, ComponentStatus } from '@tocsin/contract/api/components'
import type { ComponentGroupId, ComponentId, SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface ComponentRow {
  id: ComponentId
  name: string
  description: string
  groupId: ComponentGroupId | null
  order: number
  status: ComponentStatus
  statusSince: Date
  dependsOn: ComponentId[]
  siteId: SiteId | null
  createdAt: Date
  updatedAt: Date
  version: number
}

export const componentColumns = `component.id, component.name, component.description, component.group_id as "groupId",
  component.position as "order", component.status, component.status_since as "statusSince",
  array(select d.depends_on_id from component_dependency d where d.component_id = component.id order by d.depends_on_id) as "dependsOn",
  component.site_id as "siteId", component.created_at as "createdAt", component.updated_at as "updatedAt", component.version`

export const componentView = (row: ComponentRow): Component => ({
  ...row,
  statusSince: row.statusSince.toISOString(),
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export async function listComponents(sql: Sql, request: PageRequest): Promise<Page<Component>> {
  const { follows, order } = keyset(request, 'component.created_at', 'component.id')
  const { rows } = await sql.query<ComponentRow>(
    `select ${componentColumns} from component where ${follows} order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), componentView)
}

export async function getComponent(sql: Sql, componentId: ComponentId): Promise<Component> {
  const { rows } = await sql.query<ComponentRow>(`select ${componentColumns} from component where component.id = $1`, [
    componentId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such component.')
  return componentView(row)
}

/** All of them, as the page shows them: groups in their order, then what is in none. */
export async function componentsInOrder(sql: Sql): Promise<(Component & { group: string | null })[]> {
  const { rows } = await sql.query<ComponentRow & { group: string | null }>(
    `select ${componentColumns}, g.name as "group" from component left join component_group g on g.id = component.group_id
     order by g.position nulls last, g.created_at, g.id, component.position, component.created_at, component.id`,
  )
  return rows.map(({ group, ...row }) => ({ ...componentView(row), group }))
}

export interface ComponentGroupRow extends Omit<ComponentGroup, 'createdAt' | 'updatedAt'> {
  createdAt: Date
  updatedAt: Date
}

export const groupColumns = 'id, name, position as "order", created_at as "createdAt", updated_at as "updatedAt", version'

export const groupView = (row: ComponentGroupRow): ComponentGroup => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export async function listComponentGroups(sql: Sql, request: PageRequest): Promise<Page<ComponentGroup>> {
  const { follows, order } = keyset(request, 'created_at', 'id')
  const { rows } = await sql.query<ComponentGroupRow>(
    `select ${groupColumns} from component_group where ${follows} order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), groupView)
}
