import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { startScan } from '../scans/scans.ts'
import { getSite, listSites } from './sites.read.ts'
import { createSite, deleteSite, pauseSite, resumeSite, sitesPerOrgMax, takeDueSite, updateSite } from './sites.ts'

let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
})

const input = (url: string, more = {}) => SiteInput.parse({ url, ...more })
const create = (url: string, more = {}) => world.change(orgId, (change) => createSite(change, input(url, more)))
const read = (siteId: Awaited<ReturnType<typeof create>>['id']) => world.journal.read(orgId, (sql) => getSite(sql, siteId))

describe('a new site', () => {
  test('is written in one way, named after its host, due at once and told', async () => {
    const events = await world.eventsDuring(orgId, () => create('HTTPS://Shop.Example:443#top'))
    const site = (await world.journal.read(orgId, (sql) => listSites(sql, { limit: 10 }))).data[0]
    expect(site).toMatchObject({
      url: 'https://shop.example/',
      name: 'shop.example',
      scanIntervalHours: 6,
      nextScanAt: world.clock.now().toISOString(),
      baselineAt: null,
      tags: [],
      threats: { critical: 0, high: 0, medium: 0, low: 0 },
      version: 1,
    })
    expect(events.map((event) => [event.type, event.data])).toEqual([['site.created', { site }]])
  })

  test.each(['https://user:secret@shop.example/', 'https://user@shop.example/', 'ftp://shop.example/', 'not a url'])(
    '%s is refused',
    async (url) => {
      const wanted = { ...input('https://shop.example/'), url }
      await expect(world.change(orgId, (change) => createSite(change, wanted))).rejects.toMatchObject({ code: 'invalid' })
    },
  )

  test('is watched once in an org, however it is written and whoever is faster', async () => {
    const answers = await Promise.allSettled(
      ['https://shop.example', 'https://shop.example/', 'https://SHOP.example:443/#a'].map((url) => create(url)),
    )
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
    expect(answers.find((answer) => answer.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
    const other = await world.newOrg()
    await world.change(other, (change) => createSite(change, input('https://shop.example/')))
  })

  test('beyond the limit of an org is refused', async () => {
    await world.change(orgId, async (change) => {
      for (let n = 0; n < sitesPerOrgMax; n++) await createSite(change, input(`https://site-${n}.example/`))
    })
    await expect(create('https://one-more.example/')).rejects.toMatchObject({ code: 'limit_reached' })
  })
})

describe('a site that is there', () => {
  test('changes only for who has read it as it is', async () => {
    const site = await create('https://shop.example/')
    const update = (ifVersion: number | null, name: string) =>
      world.change(orgId, (change) => updateSite(change, { siteId: site.id, changes: { name }, ifVersion }))
    expect(await update(1, 'Shop')).toMatchObject({ name: 'Shop', version: 2 })
    await expect(update(1, 'Late')).rejects.toMatchObject({ code: 'precondition_failed' })
    expect(await update(null, 'Any')).toMatchObject({ name: 'Any', version: 3 })
    expect(await world.eventsDuring(orgId, () => update(3, 'Any'))).toEqual([])
  })

  test('is scanned sooner when its interval gets shorter', async () => {
    const site = await create('https://shop.example/', { scanIntervalHours: 24 })
    await world.change(orgId, (change) => takeDueSite(change, { siteId: site.id }))
    const changes = { scanIntervalHours: 4 as const }
    const updated = await world.change(orgId, (change) => updateSite(change, { siteId: site.id, changes, ifVersion: null }))
    expect(Date.parse(updated.nextScanAt ?? '') - world.clock.now().getTime()).toBeLessThanOrEqual(4.4 * 3_600_000)
  })

  test('has no next scan while it is paused, and pausing twice is no error', async () => {
    const site = await create('https://shop.example/')
    const pause = () => world.change(orgId, (change) => pauseSite(change, { siteId: site.id }))
    const resume = () => world.change(orgId, (change) => resumeSite(change, { siteId: site.id }))
    const events = await world.eventsDuring(orgId, async () => {
      expect(await pause()).toMatchObject({ pausedAt: world.clock.now().toISOString(), nextScanAt: null })
      await pause()
      expect(await world.change(orgId, (change) => takeDueSite(change, { siteId: site.id }))).toBe(false)
      expect(await resume()).toMatchObject({ pausedAt: null, nextScanAt: site.nextScanAt })
      await resume()
    })
    expect(events.map((event) => event.type)).toEqual(['site.paused', 'site.resumed'])
  })

  test('takes its scans with it when it goes, and is then unknown', async () => {
    const site = await create('https://shop.example/')
    await world.change(orgId, (change) => startScan(change, { siteId: site.id, trigger: 'manual' }))
    const remove = () => world.change(orgId, (change) => deleteSite(change, { siteId: site.id }))
    const events = await world.eventsDuring(orgId, remove)
    expect(events.map((event) => [event.type, event.data])).toEqual([['site.deleted', { siteId: site.id }]])
    await expect(read(site.id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(remove()).rejects.toMatchObject({ code: 'not_found' })
  })

  test('of another org does not exist', async () => {
    const site = await create('https://shop.example/')
    const other = await world.newOrg()
    const ask = world.change(other, (change) => pauseSite(change, { siteId: site.id }))
    await expect(ask).rejects.toMatchObject({ code: 'not_found' })
    await expect(world.journal.read(other, (sql) => getSite(sql, newId('site')))).rejects.toMatchObject({ code: 'not_found' })
  })
})

test('a list is paged without a gap or a repeat, also within one moment', async () => {
  for (let n = 0; n < 7; n++) await create(`https://site-${n}.example/`)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await world.journal.read(orgId, (sql) => listSites(sql, { limit: 3, cursor }))
    seen.push(...page.data.map((site) => site.url))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect(seen).toHaveLength(7)
  expect(new Set(seen).size).toBe(7)
})
