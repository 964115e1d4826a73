import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Component, ComponentInput } from '@tocsin/contract/api/components'
import { IncidentInput, IncidentUpdateInput } from '@tocsin/contract/api/incidents'
import { MaintenanceInput } from '@tocsin/contract/api/maintenances'
import type { IncidentId, OrgId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { readEvents } from '@tocsin/journal/read'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createComponent } from '../components/components.ts'
import { addIncidentUpdate, createIncident } from '../incidents/incidents.ts'
import { scheduleMaintenance } from '../maintenances/maintenances.ts'
import { expandBroadcast, planBroadcasts } from './broadcasts.ts'
import { importSubscribers } from './import.ts'
import { listSubscribers } from './subscribers.read.ts'
import { leave, requirePage, setWishes } from './subscribers.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'link')
let world: TestFoundation
let orgId: OrgId
let shop: Component
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  shop = await inOrg((change) => createComponent(change, ComponentInput.parse({ name: 'Shop' })))
})

const inOrg = <Result>(work: (change: Change) => Promise<Result>) => world.change(orgId, work)

async function readers(addresses: readonly string[]): Promise<void> {
  const rows = addresses.map((address) => ({ address, minimumImpact: 'none' as const, confirmedAt: '2026-01-01T00:00:00Z' }))
  await inOrg(async (change) => importSubscribers(change, { statusPageId: await requirePage(change, undefined), rows, box }))
}
const idOf = async (address: string) => {
  const { data } = await world.journal.read(orgId, (sql) => listSubscribers(sql, { limit: 1, address }))
  if (!data[0]) throw new Error('There is no such subscriber.')
  return data[0].id
}
const wish = async (address: string, wishes: Partial<Parameters<typeof setWishes>[1]>) => {
  const subscriberId = await idOf(address)
  await inOrg((change) =>
    setWishes(change, { subscriberId, componentIds: null, minimumImpact: 'none', pausedUntil: null, ...wishes }),
  )
}

let seen = 0
/** What the plan pass does, for what is new. */
async function plan(): Promise<void> {
  await inOrg(async (change) => planBroadcasts(change, await readEvents(change.tx, orgId, seen, 2_000)))
  const { rows } = await inOrg((change) => change.tx.query<{ seq: number }>('select seq from journal_head'))
  seen = rows[0]?.seq ?? 0
}
beforeEach(() => {
  seen = 0
})
const expand = (perMinute = 100_000) => inOrg((change) => expandBroadcast(change, { perMinute }))
async function expandAll(): Promise<void> {
  while (await expand());
}
/** Who is told what, in the order of the rows. */
async function told(): Promise<string[]> {
  const { rows } = await inOrg((change) =>
    change.tx.query<{ told: string }>(
      `select s.address || ' ' || d.event_type || case d.state when 'pending' then '' else ' ' || d.state end as told
       from delivery d join subscriber s on s.id = d.subscriber_id order by d.event_seq, s.address`,
    ),
  )
  return rows.map((row) => row.told)
}
const open = (more: object = {}) =>
  inOrg((change) => createIncident(change, IncidentInput.parse({ title: 'Down', body: 'We look.', ...more })))
const goOn = (incidentId: IncidentId, more: object) =>
  inOrg((change) => addIncidentUpdate(change, { ...IncidentUpdateInput.parse(more), incidentId }))

describe('a broadcast', () => {
  test('of a crowd: each is told once, in batches, whichever replica dies and however many there are', async () => {
    const addresses = Array.from({ length: 250 }, (_, n) => `reader${String(n).padStart(3, '0')}@example.com`)
    await readers(addresses)
    await open()
    await plan()
    // Planned again: the same event, the same rows.
    seen = 0
    await plan()
    const dying = inOrg(async (change) => {
      await expandBroadcast(change, { perMinute: 100_000 })
      throw new Error('killed')
    })
    await expect(dying).rejects.toThrow('killed')
    expect(await told()).toHaveLength(0)
    await expand()
    expect(await told()).toHaveLength(100)
    await Promise.all([expandAll(), expandAll(), expandAll()])
    expect(await told()).toEqual(addresses.map((address) => `${address} incident.created`))
  })

  test('keeps to its rate, minute by minute', async () => {
    await readers(Array.from({ length: 25 }, (_, n) => `reader${n}@example.com`))
    await open()
    await plan()
    const counts = []
    for (let minute = 0; minute < 4; minute += 1) {
      while (await expand(10));
      counts.push((await told()).length)
      world.clock.advance(60_000)
    }
    expect(counts).toEqual([10, 20, 25, 25])
  })
})

test('does not pile up before a mail server that stands still', async () => {
  await readers(Array.from({ length: 1_200 }, (_, n) => `reader${n}@example.com`))
  await open()
  await plan()
  await expandAll()
  expect(await told()).toHaveLength(1_000)
  await inOrg((change) =>
    change.tx.query(`update delivery set state = 'succeeded', next_attempt_at = null where state = 'pending'`),
  )
  await expandAll()
  expect(await told()).toHaveLength(1_200)
})

describe('who is told', () => {
  test('by component, by how bad it is, and not while paused', async () => {
    const other = await inOrg((change) => createComponent(change, ComponentInput.parse({ name: 'Search' })))
    await readers(['all@x.example', 'major@x.example', 'paused@x.example', 'search@x.example', 'shop@x.example'])
    await wish('major@', { minimumImpact: 'major' })
    await wish('paused@', { pausedUntil: new Date(world.clock.now().getTime() + 3_600_000) })
    await wish('search@', { componentIds: [other.id] })
    await wish('shop@', { componentIds: [shop.id] })
    await open({ impact: 'minor', components: [{ componentId: shop.id, status: 'partial_outage' }] })
    await plan()
    await expandAll()
    expect(await told()).toEqual([
      'all@x.example incident.created',
      'paused@x.example incident.created suppressed',
      'shop@x.example incident.created',
    ])
  })

  test('whoever was told of an incident hears its end; whoever came later does not', async () => {
    await readers(['first@x.example'])
    const { id } = await open({ impact: 'critical' })
    await plan()
    await expandAll()
    await wish('first@', { minimumImpact: 'critical' })
    await inOrg((change) => change.tx.query(`update incident set impact = 'minor' where id = $1`, [id]))
    await goOn(id, { status: 'resolved', body: 'Over.' })
    await plan()
    // Agreed after it happened.
    world.clock.advance(1_000)
    await inOrg(async (change) =>
      importSubscribers(change, {
        statusPageId: await requirePage(change, undefined),
        rows: [{ address: 'later@x.example', minimumImpact: 'none', confirmedAt: world.clock.now().toISOString() }],
        box,
      }),
    )
    await expandAll()
    expect(await told()).toEqual(['first@x.example incident.created', 'first@x.example incident.resolved'])
  })

  test('nobody of what was only corrected, nor of what was said quietly, nor who has left', async () => {
    await readers(['gone@x.example', 'here@x.example'])
    const subscriberId = await idOf('gone@')
    await inOrg((change) => leave(change, { subscriberId, reason: 'by_themselves' }))
    const { id } = await open({ notify: false })
    await goOn(id, { status: 'monitoring', notify: false })
    await goOn(id, { status: 'resolved', body: 'Over.' })
    await plan()
    await expandAll()
    expect(await told()).toEqual(['here@x.example incident.resolved'])
  })

  test('of planned work those who want more than incidents', async () => {
    await readers(['all@x.example', 'major@x.example'])
    await wish('major@', { minimumImpact: 'major' })
    const at = (minutes: number) => new Date(world.clock.now().getTime() + minutes * 60_000).toISOString()
    const window = { title: 'Disks', startsAt: at(120), endsAt: at(180) }
    await inOrg((change) => scheduleMaintenance(change, MaintenanceInput.parse(window)))
    await plan()
    await expandAll()
    expect(await told()).toEqual(['all@x.example maintenance.scheduled'])
  })
})
