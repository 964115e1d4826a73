import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { MaintenanceInput } from '@tocsin/contract/api/maintenances'
import { scheduleMaintenance } from '@tocsin/domain/maintenances/maintenances'
import { importSubscribers } from '@tocsin/domain/subscribers/import'
import { leave, requirePage, subscribe } from '@tocsin/domain/subscribers/subscribers'
import { listSubscribers } from '@tocsin/domain/subscribers/subscribers.read'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { maintenancePass } from './maintenance-pass.ts'
import { retentionPass } from './retention-pass.ts'

let world: TestFoundation
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

const minuteMs = 60_000
const dayMs = 86_400_000

test('windows of several orgs begin and end at their time', async () => {
  const orgIds = [await world.newOrg(), await world.newOrg()]
  const at = (minutes: number) => new Date(world.clock.now().getTime() + minutes * minuteMs).toISOString()
  for (const orgId of orgIds) {
    const window = { title: 'Disks', remindMinutes: 0, startsAt: at(10), endsAt: at(20) }
    await world.change(orgId, (change) => scheduleMaintenance(change, MaintenanceInput.parse(window)))
  }
  expect(await maintenancePass(world)).toBe('idle')
  for (const type of ['maintenance.started', 'maintenance.completed']) {
    world.clock.advance(10 * minuteMs)
    for (const orgId of orgIds) {
      const told = await world.eventsDuring(orgId, () => maintenancePass(world))
      // The first org's turn has done the second one's as well.
      if (orgId === orgIds[0]) expect(told.map((event) => event.type)).toEqual([type])
    }
    expect(await maintenancePass(world)).toBe('idle')
  }
})

test('who never confirmed is forgotten after a week, who left after a month, who is there stays', async () => {
  const orgId = await world.newOrg()
  const box = createSecretBox('a secret that only tests may know, 32+', 'link')
  const rows = ['here@x.example', 'left@x.example'].map((address) => ({
    address,
    minimumImpact: 'none' as const,
    confirmedAt: '2026-01-01T00:00:00Z',
  }))
  await world.change(orgId, async (change) => {
    const statusPageId = await requirePage(change, undefined)
    await importSubscribers(change, { statusPageId, rows, box })
    const reach = { kind: 'email' as const, address: 'never@x.example' }
    await subscribe(change, { statusPageId, reach, componentIds: null, minimumImpact: 'none', source: 'page', box })
  })
  const there = async () => {
    await retentionPass(world, 90)
    const { data } = await world.journal.read(orgId, (sql) => listSubscribers(sql, { limit: 10 }))
    return data.map(({ address }) => address).sort()
  }
  const left = (await world.journal.read(orgId, (sql) => listSubscribers(sql, { limit: 1, address: 'left' }))).data[0]
  if (!left) throw new Error('There is no such subscriber.')
  await world.change(orgId, (change) => leave(change, { subscriberId: left.id, reason: 'by_themselves' }))
  world.clock.advance(7 * dayMs)
  expect(await there()).toEqual(['here@x.example', 'left@x.example', 'never@x.example'])
  world.clock.advance(minuteMs)
  expect(await there()).toEqual(['here@x.example', 'left@x.example'])
  world.clock.advance(23 * dayMs)
  expect(await there()).toEqual(['here@x.example'])
})
