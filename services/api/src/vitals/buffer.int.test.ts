import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { createSite } from '@tocsin/domain/sites/sites'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createVitalsBuffer } from './buffer.ts'

let world: TestFoundation
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

const newSite = (orgId: OrgId) =>
  world.change(orgId, async (change) => (await createSite(change, SiteInput.parse({ url: 'https://shop.example/' }))).id)
const measured = (orgId: OrgId, siteId: SiteId) =>
  ({ orgId, siteId, metric: 'LCP', form: 'phone', template: '/', value: 1_000 }) as const
const countOf = (orgId: OrgId) =>
  world.db.transaction({ orgId }, async (sql) => (await sql.query<{ n: number }>('select n from vital_hour')).rows[0]?.n ?? 0)

test('an org of which nothing can be written does not keep the others from being written', async () => {
  const [first, second] = [await world.newOrg(), await world.newOrg()]
  const sites = [await newSite(first), await newSite(second)] as const
  let isBroken = true
  const journal: typeof world.journal = {
    ...world.journal,
    change: async (orgId, actor, work) => {
      if (isBroken && orgId === first) throw new Error('No such org.')
      return world.journal.change(orgId, actor, work)
    },
  }
  const buffer = createVitalsBuffer({ ...world, journal })
  expect(buffer.add([measured(first, sites[0]), measured(second, sites[1])])).toBe(true)
  await expect(buffer.flush()).rejects.toThrow('No such org.')
  expect(await countOf(second)).toBe(1)
  isBroken = false
  await buffer.flush()
  expect([await countOf(first), await countOf(second)]).toEqual([1, 1])
})
