import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Scan } from '@tocsin/contract/api/scans'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId } from '@tocsin/contract/ids'
import { cancelScan } from '@tocsin/domain/scans/scans'
import { listScans } from '@tocsin/domain/scans/scans.read'
import { createSite, pauseSite } from '@tocsin/domain/sites/sites'
import { listSites } from '@tocsin/domain/sites/sites.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { duePass, sitesPerPassMax } from './due-pass.ts'

const hourMs = 3_600_000
let world: TestFoundation
let orgId: OrgId
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
})
afterEach(() => world.close())

const addSites = (count: number, org = orgId) =>
  world.change(org, async (change) => {
    for (let n = 0; n < count; n++) await createSite(change, SiteInput.parse({ url: `https://site-${n}.example/` }))
  })
const scans = async (org = orgId) => (await world.journal.read(org, (sql) => listScans(sql, { limit: 1_000 }))).data
const sites = async (org = orgId) => (await world.journal.read(org, (sql) => listSites(sql, { limit: 1_000 }))).data
const perSite = (all: Scan[]) => [...Map.groupBy(all, (scan) => scan.siteId).values()].map((each) => each.length)
const replicas = (count: number) => Promise.all(Array.from({ length: count }, () => duePass(world)))
const endAll = async () => {
  for (const scan of await scans())
    if (scan.state === 'queued') await world.change(orgId, (change) => cancelScan(change, { scanId: scan.id }))
}

test('a new site is queued once, whoever looks, and again an interval later', async () => {
  await addSites(3)
  await replicas(3)
  expect(perSite(await scans())).toEqual([1, 1, 1])
  await endAll()
  world.clock.advance(5 * hourMs)
  await replicas(3)
  expect(perSite(await scans())).toEqual([1, 1, 1])
  world.clock.advance(2 * hourMs)
  await replicas(3)
  expect(perSite(await scans())).toEqual([2, 2, 2])
  expect((await scans()).every((scan) => scan.trigger === 'schedule')).toBe(true)
})

test('a site whose scan is still open gets no second one, and a paused site none', async () => {
  await addSites(2)
  const [paused] = await sites()
  if (!paused) throw new Error('No site.')
  await world.change(orgId, (change) => pauseSite(change, { siteId: paused.id }))
  await duePass(world)
  world.clock.advance(7 * hourMs)
  await duePass(world)
  expect(await scans()).toHaveLength(1)
})

test('after a week of downtime every site is queued once, so many at a time, and the herd does not come back together', async () => {
  const other = await world.newOrg()
  await addSites(120)
  await addSites(40, other)
  world.clock.advance(7 * 24 * hourMs)
  let passes = 0
  for (; (await scans()).length + (await scans(other)).length < 160; passes++) {
    const before = (await scans()).length + (await scans(other)).length
    await duePass(world)
    expect((await scans()).length + (await scans(other)).length - before).toBeLessThanOrEqual(sitesPerPassMax)
    world.clock.advance(1_000)
  }
  expect(passes).toBe(4)
  await replicas(3)
  expect(Math.max(...perSite([...(await scans()), ...(await scans(other))]))).toBe(1)
  const hours = (await sites()).map((site) => (Date.parse(site.nextScanAt ?? '') - world.clock.now().getTime()) / hourMs)
  expect(Math.min(...hours)).toBeGreaterThan(2.9)
  expect(Math.max(...hours)).toBeLessThanOrEqual(6)
  const halfHours = [...Map.groupBy(hours, (hour) => Math.floor(hour * 2)).values()]
  expect(Math.max(...halfHours.map((each) => each.length))).toBeLessThan(60)
})
