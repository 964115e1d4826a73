import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createSite } from '../sites/sites.ts'
import { clicksByPage, inspectionsByUrl, knownDays } from './search-console.read.ts'
import { recordSearchConsole, type SearchConsoleFigures } from './search-console.ts'

let world: TestFoundation
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

const page = 'https://shop.example/a'
const figures: SearchConsoleFigures = {
  property: 'sc-domain:shop.example',
  finalThrough: '2026-02-26',
  days: [
    { day: '2024-10-01', clicks: 1, impressions: 10, position: 3 },
    { day: '2026-02-26', clicks: 5_000_000_000, impressions: 10_000_000_000, position: 3 },
  ],
  details: [
    { day: '2025-11-01', rows: [{ query: 'old', page, clicks: 3, impressions: 4, position: 1 }] },
    { day: '2026-02-26', rows: [{ query: 'shoes\0\ud800', page, clicks: 7, impressions: 9, position: 1.25 }] },
  ],
  hours: {
    from: new Date('2026-01-01T00:00:00Z'),
    through: new Date('2026-02-28T10:00:00Z'),
    rows: [
      { hour: new Date('2026-01-02T00:00:00Z'), query: 'old', clicks: 0, impressions: 1, position: 1 },
      { hour: new Date('2026-02-28T09:00:00Z'), query: 'new', clicks: 0, impressions: 1, position: 1 },
    ],
  },
  inspections: [],
  anomalies: [],
}

test('what is recorded twice is there once; what is older than it is kept goes, batch by batch', async () => {
  const orgId = await world.newOrg()
  const site = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))
  const record = () => world.change(orgId, (change) => recordSearchConsole(change, site.id, figures))
  await record()
  await record()
  const sweep = async () => {
    const { rows } = await world.db.transaction('installation', (sql) =>
      sql.query<{ gone: number }>('select delete_search_console_before($1, 500) as gone', [world.clock.now()]),
    )
    return rows[0]?.gone
  }
  expect(await sweep()).toBe(1)
  expect(await sweep()).toBe(0)
  const left = await world.db.transaction({ orgId }, async (sql) => ({
    days: (await knownDays(sql, site.id, '2020-01-01')).map(({ day, clicks }) => [day, clicks]),
    hours: (await sql.query<{ query: string }>('select query from gsc_hour')).rows,
    clicks: await clicksByPage(sql, site.id, 28),
    inspections: await inspectionsByUrl(sql, site.id, { since: new Date(0), each: 5 }),
  }))
  expect(left).toEqual({
    days: [
      ['2025-11-01', 0],
      ['2026-02-26', 5_000_000_000],
    ],
    hours: [{ query: 'new' }],
    clicks: new Map([[page, 7]]),
    inspections: new Map(),
  })
})
