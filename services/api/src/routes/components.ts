import * as api from '@tocsin/contract/api/components'
import { createComponentGroup, deleteComponentGroup, updateComponentGroup } from '@tocsin/domain/components/component-groups'
import { createComponent, deleteComponent, updateComponent } from '@tocsin/domain/components/components'
import { getComponent, listComponentGroups, listComponents } from '@tocsin/domain/components/components.read'
import { componentUptime } from '@tocsin/domain/components/uptime.read'
import type { Clock } from '@tocsin/process/clock'
import { change, list, type Route, read } from '../http/route.ts'

const dayMs = 86_400_000

export const componentRoutes = ({ clock }: { clock: Clock }): Route[] => [
  list(api.listComponents, (sql, { query }) => listComponents(sql, query)),
  change(api.createComponent, (change, { body }) => createComponent(change, body)),
  read(api.getComponent, (sql, { params }) => getComponent(sql, params.componentId)),
  read(api.getComponentUptime, async (sql, { params, query }) => {
    const { id } = await getComponent(sql, params.componentId)
    const to = clock.now()
    const from = new Date(to.getTime() - query.days * dayMs)
    const uptime = await componentUptime(sql, { componentId: id, from, to })
    return { componentId: id, from: from.toISOString(), to: to.toISOString(), ...uptime }
  }),
  change(api.updateComponent, (change, { params, body, ifVersion }) =>
    updateComponent(change, { ...params, changes: body, ifVersion }),
  ),
  change(api.deleteComponent, (change, { params }) => deleteComponent(change, params)),
  list(api.listComponentGroups, (sql, { query }) => listComponentGroups(sql, query)),
  change(api.createComponentGroup, (change, { body }) => createComponentGroup(change, body)),
  change(api.updateComponentGroup, (change, { params, body, ifVersion }) =>
    updateComponentGroup(change, { ...params, changes: body, ifVersion }),
  ),
  change(api.deleteComponentGroup, (change, { params }) => deleteComponentGroup(change, params)),
]
