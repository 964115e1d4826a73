import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Component, type ComponentGroup, ComponentInput } from '@tocsin/contract/api/components'
import { type Incident, IncidentInput, IncidentUpdateInput } from '@tocsin/contract/api/incidents'
import { type Maintenance, MaintenanceInput } from '@tocsin/contract/api/maintenances'
import type { StatusPage } from '@tocsin/contract/api/status-pages'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import type { ComponentId, OrgId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createComponentGroup, deleteComponentGroup, updateComponentGroup } from './components/component-groups.ts'
import { listComponentGroups, listComponents } from './components/components.read.ts'
import { createComponent, deleteComponent, updateComponent } from './components/components.ts'
import { listIncidents } from './incidents/incidents.read.ts'
import { addIncidentUpdate, createIncident, editIncidentUpdate, updateIncident } from './incidents/incidents.ts'
import { listMaintenances } from './maintenances/maintenances.read.ts'
import { advanceMaintenance, scheduleMaintenance, stepMaintenance, updateMaintenance } from './maintenances/maintenances.ts'
import { listStatusPages } from './status-pages/status-pages.read.ts'
import { updateStatusPage } from './status-pages/status-pages.ts'

interface Screen {
  groups: Record<string, ComponentGroup>
  components: Record<string, Component>
  incidents: Record<string, Incident>
  maintenances: Record<string, Maintenance>
  pages: Record<string, StatusPage>
}

let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
})
afterAll(() => world.close())

const byId = <Item extends { id: string }>(items: Item[]): Record<string, Item> =>
  Object.fromEntries(items.map((item) => [item.id, item]))
const each = <Item>(items: Record<string, Item>, change: (item: Item) => Item): Record<string, Item> =>
  Object.fromEntries(Object.entries(items).map(([id, item]) => [id, change(item)]))

const snapshot = (): Promise<Screen> =>
  world.journal.read(orgId, async (sql) => ({
    groups: byId((await listComponentGroups(sql, { limit: 100 })).data),
    components: byId((await listComponents(sql, { limit: 100 })).data),
    incidents: byId((await listIncidents(sql, { limit: 100 })).data),
    maintenances: byId((await listMaintenances(sql, { limit: 100 })).data),
    pages: byId((await listStatusPages(sql, { limit: 100 })).data),
  }))

function apply(screen: Screen, event: OrgEvent): Screen {
  const { type, data } = event
  if (type === 'component.deleted') return withoutComponent(screen, data.componentId)
  if (type === 'component_group.deleted') {
    const { [data.componentGroupId]: _, ...groups } = screen.groups
    const loosened = (component: Component) =>
      component.groupId === data.componentGroupId ? { ...component, groupId: null } : component
    return { ...screen, groups, components: each(screen.components, loosened) }
  }
  if ('componentGroup' in data) return { ...screen, groups: { ...screen.groups, [data.componentGroup.id]: data.componentGroup } }
  if ('incident' in data) return { ...screen, incidents: { ...screen.incidents, [data.incident.id]: data.incident } }
  if ('maintenance' in data)
    return { ...screen, maintenances: { ...screen.maintenances, [data.maintenance.id]: data.maintenance } }
  if ('statusPage' in data) return { ...screen, pages: { ...screen.pages, [data.statusPage.id]: data.statusPage } }
  if ('component' in data) return withComponent(screen, data.component)
  throw new Error(`${type} is none of these slices.`)
}

/** Whatever names a component calls it by its name of today. */
function withComponent(screen: Screen, { id, name, ...rest }: Component): Screen {
  const renamed = <Item extends { components: { componentId: ComponentId; name: string }[] }>(item: Item): Item => ({
    ...item,
    components: item.components.map((named) => (named.componentId === id ? { ...named, name } : named)),
  })
  return {
    ...screen,
    components: { ...screen.components, [id]: { id, name, ...rest } },
    incidents: each(screen.incidents, renamed),
    maintenances: each(screen.maintenances, renamed),
  }
}

function withoutComponent(screen: Screen, id: ComponentId): Screen {
  const { [id]: _, ...components } = screen.components
  const freed = <Item extends { components: { componentId: ComponentId }[] }>(item: Item): Item => ({
    ...item,
    components: item.components.filter(({ componentId }) => componentId !== id),
  })
  return {
    ...screen,
    components: each(components, (other) => ({ ...other, dependsOn: other.dependsOn.filter((each) => each !== id) })),
    incidents: each(screen.incidents, freed),
    maintenances: each(screen.maintenances, freed),
  }
}

/** Does the work and proves the law for it. */
async function lawful<Result>(work: (change: Change) => Promise<Result>): Promise<Result> {
  const before = await snapshot()
  let result: Result[] = []
  const events = await world.eventsDuring(orgId, async () => {
    result = [await world.change(orgId, work)]
  })
  expect(events.reduce(apply, before)).toEqual(await snapshot())
  const [only] = result
  if (result.length === 0) throw new Error('The work did not end.')
  return only as Result // There is one: its type may have undefined in it.
}

const inMinutes = (minutes: number) => new Date(world.clock.now().getTime() + minutes * 60_000).toISOString()

test('old snapshot + events = new snapshot, through components, an incident and a maintenance', async () => {
  const group = await lawful((change) => createComponentGroup(change, { name: 'Shop', order: 1 }))
  const component = (name: string, more = {}) =>
    lawful((change) => createComponent(change, ComponentInput.parse({ name, groupId: group.id, ...more })))
  const database = await component('Database')
  const checkout = await component('Checkout', { dependsOn: [database.id] })
  await lawful((change) =>
    updateComponentGroup(change, { componentGroupId: group.id, changes: { name: 'The shop' }, ifVersion: null }),
  )

  const { id: incidentId, ...incident } = await lawful((change) =>
    createIncident(
      change,
      IncidentInput.parse({ title: 'Orders fail', components: [{ componentId: checkout.id, status: 'major_outage' }] }),
    ),
  )
  const rename = { changes: { name: 'Till', status: 'degraded_performance' as const }, ifVersion: null }
  await lawful((change) => updateComponent(change, { componentId: checkout.id, ...rename }))
  await lawful((change) => updateIncident(change, { incidentId, changes: { title: 'No orders' }, ifVersion: null }))
  const incidentUpdateId = incident.updates[0]?.id
  if (!incidentUpdateId) throw new Error('There is no first update.')
  await lawful((change) => editIncidentUpdate(change, { incidentId, incidentUpdateId, body: 'We look.' }))
  const goOn = (more: object) => lawful((change) => addIncidentUpdate(change, { ...IncidentUpdateInput.parse(more), incidentId }))
  await goOn({ status: 'identified', components: [{ componentId: database.id, status: 'partial_outage' }] })
  await goOn({ status: 'resolved' })
  // The incident names the till no longer: what was set of it by hand stays.
  const shown = Object.values((await snapshot()).components).map(({ status }) => status)
  expect(shown.sort()).toEqual(['degraded_performance', 'operational'])

  const window = { startsAt: inMinutes(120), endsAt: inMinutes(180), componentIds: [database.id] }
  const { id: maintenanceId } = await lawful((change) =>
    scheduleMaintenance(change, MaintenanceInput.parse({ title: 'New disks', ...window })),
  )
  const later = { changes: { endsAt: inMinutes(240) }, ifVersion: null }
  await lawful((change) => updateMaintenance(change, { maintenanceId, ...later }))
  for (const minutes of [60, 60]) {
    world.clock.advance(minutes * 60_000)
    await lawful((change) => advanceMaintenance(change, { maintenanceId }))
  }
  await lawful((change) => stepMaintenance(change, { maintenanceId, to: 'verifying' }))
  await lawful((change) => stepMaintenance(change, { maintenanceId, to: 'completed' }))

  const [page] = Object.values((await snapshot()).pages)
  if (!page) throw new Error('The org has no status page.')
  await lawful((change) =>
    updateStatusPage(change, { statusPageId: page.id, changes: { slug: 'the-shop' }, ifVersion: page.version }),
  )
  await lawful((change) => deleteComponent(change, { componentId: database.id }))
  await lawful((change) => deleteComponentGroup(change, { componentGroupId: group.id }))
})
