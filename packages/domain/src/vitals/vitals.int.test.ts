import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createSite, deleteSite } from '../sites/sites.ts'
import { findBeaconOwner, getBeacon } from './beacon.read.ts'
import { rotateBeacon, updateBeacon } from './beacon.ts'
import { bucketOf } from './buckets.ts'
import { recordCrux } from './crux.ts'
import { histogramOf } from './histogram.ts'
import { recordVitals, type VitalCell } from './record.ts'
import { getVitals, templatesToJudge, vitalDays, vitalSteps } from './vitals.read.ts'

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  const site = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))
  siteId = site.id
})

const hour = (text: string) => new Date(`${text}:00:00.000Z`)
function cell(more: Partial<VitalCell> & { values: readonly number[] }): VitalCell {
  const { values, metric = 'LCP', ...rest } = more
  const counts = new Map<number, number>()
  for (const value of values) counts.set(bucketOf(metric, value), (counts.get(bucketOf(metric, value)) ?? 0) + 1)
  const at = hour('2026-03-01T10')
  return { siteId, hour: at, metric, form: 'phone', template: '/p/{slug}', histogram: histogramOf(counts), ...rest }
}
const record = (...cells: VitalCell[]) => world.change(orgId, (change) => recordVitals(change, { cells, judge: [] }))
const report = (query: Partial<Parameters<typeof getVitals>[1]['query']> = {}) =>
  world.journal.read(orgId, (sql) =>
    getVitals(sql, { siteId, query: { days: 28, by: 'site', ...query }, now: world.clock.now() }),
  )

describe('what is recorded', () => {
  test('adds up, whoever records it and however often', async () => {
    const part = [1_000, 2_000, 3_000, 5_000]
    await Promise.all(Array.from({ length: 6 }, () => record(cell({ values: part }), cell({ values: part, form: 'desktop' }))))
    const { data } = await report()
    expect(data).toHaveLength(1)
    expect(data[0]).toMatchObject({ metric: 'LCP', form: null, template: null, n: 48, goodShare: 0.5, poorShare: 0.25 })
    expect(data[0]?.days).toEqual([expect.objectContaining({ day: '2026-03-01', n: 48 })])
  })

  test('of a site that was deleted in the meantime is nothing, and what came of the others with it counts', async () => {
    const gone = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://gone.example/' })))).id
    await world.change(orgId, (change) => deleteSite(change, { siteId: gone }))
    const cells = [cell({ values: [1_000] }), cell({ values: [1_000], siteId: gone })]
    await world.change(orgId, (change) => recordVitals(change, { cells, judge: [siteId, gone] }))
    expect((await report()).data[0]).toMatchObject({ n: 1 })
  })

  test('of several hours of a day is one row of the day', async () => {
    await record(
      cell({ values: [1_000] }),
      cell({ values: [2_000, 2_000], hour: hour('2026-03-01T09') }),
      cell({ values: [3_000], hour: hour('2026-02-28T23') }),
    )
    const { data } = await report()
    expect(data[0]?.days.map(({ day, n }) => [day, n])).toEqual([
      ['2026-02-28', 1],
      ['2026-03-01', 3],
    ])
    expect((await report({ days: 1 })).data[0]?.n).toBe(3)
  })

  test('is shown by form factor, template and metric', async () => {
    await record(
      cell({ values: [1_000, 1_100] }),
      cell({ values: [5_000], template: '/' }),
      cell({ values: [0.3], metric: 'CLS', form: 'desktop' }),
    )
    const all = await report()
    expect(all.templates).toEqual([
      { template: '/p/{slug}', n: 2 },
      { template: '/', n: 1 },
    ])
    expect(all.data.map(({ metric, band }) => [metric, band])).toEqual([
      ['LCP', 'poor'],
      ['CLS', 'poor'],
    ])
    expect((await report({ by: 'template', metric: 'LCP' })).data.map(({ template, n }) => [template, n])).toEqual([
      ['/p/{slug}', 2],
      ['/', 1],
    ])
    expect((await report({ form: 'desktop' })).data).toEqual([expect.objectContaining({ metric: 'CLS', form: 'desktop', n: 1 })])
    expect((await report({ template: '/' })).data).toEqual([expect.objectContaining({ n: 1, template: '/', band: 'poor' })])
  })

  test('of a site that has gone is dropped without a word, and the rest is kept', async () => {
    const gone = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://gone.example/' })))
    await world.change(orgId, (change) => deleteSite(change, { siteId: gone.id }))
    await record(cell({ values: [1_000], siteId: gone.id }), cell({ values: [1_000] }))
    expect((await report()).data[0]?.n).toBe(1)
  })

  test('is read by rules in steps of 24 hours that end now, and in whole days', async () => {
    const until = hour('2026-03-01T11')
    const from = hour('2026-02-20T11')
    await record(
      cell({ values: [1_000] }),
      cell({ values: [2_000], hour: hour('2026-02-28T11') }),
      cell({ values: [3_000, 3_000], hour: hour('2026-02-28T10') }),
    )
    const rows = await world.journal.read(orgId, async (sql) => {
      const templates = await templatesToJudge(sql, { siteId, from, until })
      const query = { siteId, metric: 'LCP' as const, templates, from, until }
      return { steps: await vitalSteps(sql, query), days: await vitalDays(sql, query) }
    })
    const counts = (steps: typeof rows.steps) =>
      steps.map(({ ago, histogram }) => [ago, histogram.counts.reduce((a, b) => a + b)])
    expect(counts(rows.steps)).toEqual([
      [0, 2],
      [1, 2],
    ])
    expect(counts(rows.days)).toEqual([[0, 3]])
  })
})

test('a beacon has no key until one is made, and an old one is nobody’s', async () => {
  const read = () => world.journal.read(orgId, (sql) => getBeacon(sql, siteId))
  const owner = (key: string) => world.db.transaction('installation', (sql) => findBeaconOwner(sql, key))
  expect(await read()).toEqual({ siteId, key: null, sampleRate: 1, allowedOrigins: [], version: 0 })
  const events = await world.eventsDuring(orgId, async () => {
    const first = await world.change(orgId, (change) => rotateBeacon(change, { siteId }))
    const second = await world.change(orgId, (change) => rotateBeacon(change, { siteId }))
    expect(first.key).toMatch(/^tcp_[0-9a-z]{32}$/)
    expect(await owner(first.key ?? '')).toBeNull()
    expect(await owner(second.key ?? '')).toMatchObject({ orgId, siteId, url: 'https://shop.example/', sampleRate: 1 })
    const changes = { sampleRate: 0.1, allowedOrigins: ['https://cdn.example'] }
    const updated = await world.change(orgId, (change) => updateBeacon(change, { siteId, changes, ifVersion: second.version }))
    expect(updated).toEqual({ ...second, ...changes, version: 3 })
    await world.change(orgId, (change) => updateBeacon(change, { siteId, changes, ifVersion: null }))
    const late = world.change(orgId, (change) => updateBeacon(change, { siteId, changes: { sampleRate: 1 }, ifVersion: 1 }))
    await expect(late).rejects.toMatchObject({ code: 'precondition_failed' })
  })
  expect(events.map((event) => event.type)).toEqual(Array(3).fill('vitals.beacon_updated'))
})

test('a period of the Chrome UX Report that is told again is the same period', async () => {
  const period = { target: 'https://shop.example', form: 'phone' as const, metric: 'CLS' as const, firstDay: '2026-01-20' }
  const tell = (p75: number, lastDay = '2026-02-16') =>
    world.change(orgId, (change) =>
      recordCrux(change, { siteId, records: [{ ...period, lastDay, p75, goodShare: 0.8, poorShare: 0.05 }] }),
    )
  await tell(0.1)
  await tell(0.12)
  await tell(0.3, '2026-02-23')
  expect((await report()).crux).toEqual([
    expect.objectContaining({ target: 'https://shop.example', to: '2026-02-23', p75: 0.3, band: 'poor' }),
  ])
})
