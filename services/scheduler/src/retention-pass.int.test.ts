import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId } from '@tocsin/contract/ids'
import { rememberPages } from '@tocsin/domain/scans/memory'
import { cancelScan, startScan } from '@tocsin/domain/scans/scans'
import { createSite } from '@tocsin/domain/sites/sites'
import { readState } from '@tocsin/journal/read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { retentionPass } from './retention-pass.ts'

const dayMs = 86_400_000
let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
})
afterAll(() => world.close())

const count = async (table: string) => {
  const { rows } = await world.change(orgId, (change) =>
    change.tx.query<{ count: number }>(`select count(*) as count from ${table}`),
  )
  return rows[0]?.count
}

test('what is older than it is kept goes, what is newer or still open stays', async () => {
  const site = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))
  const start = () => world.change(orgId, (change) => startScan(change, { siteId: site.id, trigger: 'manual' }))
  const old = await start()
  const pages = [{ url: site.url, memory: {} }]
  await world.change(orgId, (change) => rememberPages(change, { siteId: site.id, pages }))
  await world.change(orgId, (change) => cancelScan(change, { scanId: old.id }))

  world.clock.advance(89 * dayMs)
  expect(await retentionPass(world, 90)).toBe('idle')
  expect([await count('scan'), await count('page'), await count('event')]).toEqual([1, 1, 3])

  await start()
  world.clock.advance(2 * dayMs)
  while ((await retentionPass(world, 90)) === 'worked');
  expect([await count('scan'), await count('page'), await count('event'), await count('site')]).toEqual([1, 0, 1, 1])
  expect(await world.journal.read(orgId, (sql) => readState(sql, orgId))).toEqual({ head: 4, floor: 3 })
})
