import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Component, ComponentInput, type ComponentStatus } from '@tocsin/contract/api/components'
import { IncidentInput, IncidentUpdateInput } from '@tocsin/contract/api/incidents'
import { MaintenanceInput } from '@tocsin/contract/api/maintenances'
import { type ComponentId, type IncidentId, newId, type OrgId } from '@tocsin/contract/ids'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { addIncidentUpdate, createIncident } from '../incidents/incidents.ts'
import { activeMaintenances, dueMaintenances } from '../maintenances/maintenances.read.ts'
import { advanceMaintenance, scheduleMaintenance } from '../maintenances/maintenances.ts'
import { getComponent } from './components.read.ts'
import { createComponent, updateComponent } from './components.ts'
import { componentUptime } from './uptime.read.ts'

let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
})
beforeEach(async () => {
  orgId = await world.newOrg()
})
afterAll(() => world.close())

const minuteMs = 60_000
const listed = (name: string, more: object = {}): Promise<Component> =>
  world.change(orgId, (change) => createComponent(change, ComponentInput.parse({ name, ...more })))
const statusOf = (componentId: ComponentId): Promise<ComponentStatus> =>
  world.journal.read(orgId, async (sql) => (await getComponent(sql, componentId)).status)
const set = (componentId: ComponentId, changes: Partial<Component>) =>
  world.change(orgId, (change) => updateComponent(change, { componentId, changes, ifVersion: null }))
const open = (title: string, componentId: ComponentId, status: ComponentStatus) =>
  world.change(orgId, (change) => createIncident(change, IncidentInput.parse({ title, components: [{ componentId, status }] })))
const resolve = (incidentId: IncidentId) =>
  world.change(orgId, (change) => addIncidentUpdate(change, { ...IncidentUpdateInput.parse({ status: 'resolved' }), incidentId }))
const schedule = (componentId: ComponentId, fromMinutes: number, toMinutes: number) => {
  const at = (minutes: number) => new Date(world.clock.now().getTime() + minutes * minuteMs).toISOString()
  const input = { title: 'Disks', componentIds: [componentId], startsAt: at(fromMinutes), endsAt: at(toMinutes) }
  return world.change(orgId, (change) => scheduleMaintenance(change, MaintenanceInput.parse(input)))
}
/** What the scheduler does. */
async function passMaintenances(): Promise<void> {
  for (const due of await dueMaintenances(world.db, world.clock.now(), 100))
    await world.change(due.orgId, (change) => advanceMaintenance(change, due))
}

describe('what a component shows', () => {
  test('is the worst of what holds it, until the last of it lets go', async () => {
    const { id } = await listed('Checkout')
    const slow = await open('Slow', id, 'degraded_performance')
    const down = await open('Down', id, 'major_outage')
    expect(await statusOf(id)).toBe('major_outage')
    await resolve(down.id)
    expect(await statusOf(id)).toBe('degraded_performance')
    await set(id, { status: 'partial_outage' })
    expect(await statusOf(id)).toBe('partial_outage')
    // What was set while an incident was open ends with it.
    await resolve(slow.id)
    expect(await statusOf(id)).toBe('operational')
  })

  test('each change is told once, with what it was before', async () => {
    const { id } = await listed('Checkout')
    const events = await world.eventsDuring(orgId, async () => {
      await set(id, { status: 'major_outage' })
      await set(id, { status: 'major_outage' })
      await resolve((await open('Down', id, 'major_outage')).id)
    })
    const told = events.flatMap(({ type, data }) =>
      type === 'component.status_changed' ? [[data.name, data.oldStatus, data.newStatus]] : [],
    )
    expect(told).toEqual([
      ['Checkout', 'operational', 'major_outage'],
      ['Checkout', 'major_outage', 'operational'],
    ])
  })

  test('a resolved incident stays so', async () => {
    const { id } = await listed('Checkout')
    const incident = await open('Down', id, 'major_outage')
    await resolve(incident.id)
    const again = { ...IncidentUpdateInput.parse({ status: 'monitoring' }), incidentId: incident.id }
    await expect(world.change(orgId, (change) => addIncidentUpdate(change, again))).rejects.toThrow('open another one')
  })
})

describe('dependencies', () => {
  test('lead to no circle, whoever closes it', async () => {
    const a = await listed('a')
    const b = await listed('b', { dependsOn: [a.id] })
    const c = await listed('c', { dependsOn: [b.id] })
    await expect(set(a.id, { dependsOn: [c.id] })).rejects.toThrow('depend on itself')
    await expect(set(a.id, { dependsOn: [a.id] })).rejects.toThrow('depend on itself')
    const d = await listed('d')
    // Each is fine by itself.
    const both = await Promise.allSettled([set(a.id, { dependsOn: [d.id] }), set(d.id, { dependsOn: [c.id] })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('name components of the org only', async () => {
    const mine = await listed('mine')
    orgId = await world.newOrg()
    const theirs = await listed('theirs')
    await expect(set(theirs.id, { dependsOn: [mine.id] })).rejects.toThrow('No such component')
    await expect(set(theirs.id, { groupId: newId('componentGroup') })).rejects.toThrow('No such group')
    await expect(open('Down', mine.id, 'major_outage')).rejects.toThrow('No such component')
  })
})

describe('a maintenance', () => {
  test('is reminded of, begins and ends by itself', async () => {
    const { id } = await listed('Database')
    await schedule(id, 90, 150)
    const told = async (minutes: number) => {
      world.clock.advance(minutes * minuteMs)
      const events = await world.eventsDuring(orgId, passMaintenances)
      return [...events.map(({ type }) => type), await statusOf(id)]
    }
    expect(await told(29)).toEqual(['operational'])
    expect(await told(1)).toEqual(['maintenance.reminded', 'operational'])
    expect(await told(60)).toEqual(['maintenance.started', 'component.status_changed', 'under_maintenance'])
    const active = await world.journal.read(orgId, (sql) => activeMaintenances(sql, world.clock.now()))
    expect(active).toMatchObject([{ title: 'Disks', componentIds: [id], siteIds: [] }])
    expect(await told(60)).toEqual(['maintenance.completed', 'component.status_changed', 'operational'])
    expect(await told(600)).toEqual(['operational'])
  })

  test('that was slept through begins and ends, and nobody is reminded of it', async () => {
    const { id } = await listed('Database')
    await schedule(id, 90, 150)
    world.clock.advance(24 * 60 * minuteMs)
    const events = await world.eventsDuring(orgId, passMaintenances)
    expect(events.map(({ type }) => type).filter((type) => type.startsWith('maintenance'))).toEqual([
      'maintenance.started',
      'maintenance.completed',
    ])
  })

  test('is taken by one of several schedulers', async () => {
    const { id } = await listed('Database')
    await schedule(id, 1, 60)
    world.clock.advance(minuteMs)
    const events = await world.eventsDuring(orgId, () => Promise.all([passMaintenances(), passMaintenances()]))
    expect(events.filter(({ type }) => type === 'maintenance.started')).toHaveLength(1)
  })
})

test('uptime is weighted by time; maintenance and the time before it was listed count nowhere', async () => {
  const { id } = await listed('Checkout')
  const from = new Date(world.clock.now().getTime() - 24 * 60 * minuteMs)
  const pass = (minutes: number) => world.clock.advance(minutes * minuteMs)
  pass(60)
  await set(id, { status: 'major_outage' })
  pass(20)
  await set(id, { status: 'degraded_performance' })
  await schedule(id, 0, 120)
  pass(40)
  await set(id, { status: 'operational' })
  pass(30)
  const to = world.clock.now()
  const uptime = await world.journal.read(orgId, (sql) => componentUptime(sql, { componentId: id, from, to }))
  // Degraded is worse than maintained, so it is what was shown.
  expect(uptime).toEqual({ uptime: 83.333, upSeconds: 100 * 60, downSeconds: 20 * 60, maintenanceSeconds: 30 * 60 })
  const before = { componentId: id, from: new Date(0), to: from }
  expect((await world.journal.read(orgId, (sql) => componentUptime(sql, before))).uptime).toBeNull()
})
