import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { startScan } from '@tocsin/domain/scans/scans'
import { getScan } from '@tocsin/domain/scans/scans.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { createBreakableSite } from '@tocsin/testkit/breakable-site'
import { openTestFoundation } from '@tocsin/testkit/foundation'
import { createShiftedClock } from '@tocsin/testkit/shifted-clock'
import { DetectorEnv } from './env.ts'
import { crawledSite } from './lives/crawled.ts'
import type { Stage } from './lives/life.ts'
import { openOutside } from './outside.ts'
import { registry } from './rules/registry.ts'
import { scanPass } from './scan-pass.ts'

let stage: Stage
beforeEach(async () => {
  const world = await openTestFoundation(createShiftedClock())
  const closing = new AsyncDisposableStack()
  closing.defer(() => world.close())
  stage = { world, orgId: await world.newOrg(), closing }
})
afterEach(() => stage.closing.disposeAsync())

const told = async () =>
  (await stage.world.journal.read(stage.orgId, (sql) => listThreats(sql, { limit: 100 }))).data.map(
    ({ rule, subject }) => `${rule} ${subject}`,
  )

test('a site that is broken for a moment only has no threat', async () => {
  const { site, scan, lookAfter } = await crawledSite(stage)
  site.flip('error_500_page', true)
  expect(await scan()).toMatchObject({ state: 'completed', complete: true, suspected: 1 })
  expect(await told()).toEqual([])
  site.flip('error_500_page', false)
  await lookAfter(60)
  await lookAfter(600)
  expect(await told()).toEqual([])
})

test('slow: a site that takes its time for every answer is crawled to the end, and nothing is wrong with it', async () => {
  // A crawl rests as long as it waits, and gives an answer up after fifteen seconds: that it is less than three changes nothing but the time.
  const { site, scan, lookAfter } = await crawledSite(stage, { slowMs: 600 })
  site.flip('slow', true)
  expect(await scan()).toMatchObject({ state: 'completed', complete: true, suspected: 0 })
  await lookAfter(60)
  expect(await told()).toEqual([])
}, 60_000)

test('a site that goes down is unreachable, and its home page a threat', async () => {
  const { site, scan, lookAfter } = await crawledSite(stage)
  await site.close()
  expect(await scan()).toMatchObject({ state: 'failed', failure: 'unreachable' })
  await lookAfter(60)
  expect(await told()).toEqual([`http.5xx ${site.url}`])
})

test('an address in a private network is not looked at', async () => {
  const { world, orgId, closing } = stage
  const guarded = openOutside(world, DetectorEnv.parse({}))
  closing.defer(() => guarded.close())
  const site = await createBreakableSite()
  closing.defer(() => site.close())
  const { id } = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: site.url })))
  const { id: scanId } = await world.change(orgId, (change) => startScan(change, { siteId: id, trigger: 'manual' }))
  await scanPass({ ...world, ...guarded, registry, refreshSources: async () => {} }, new AbortController().signal)
  expect(await world.journal.read(orgId, (sql) => getScan(sql, scanId))).toMatchObject({
    state: 'failed',
    failure: 'blocked_address',
  })
  expect(site.requests()).toEqual([])
})
