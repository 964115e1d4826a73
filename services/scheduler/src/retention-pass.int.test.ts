import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId } from '@tocsin/contract/ids'
import { recordBacklinks } from '@tocsin/domain/backlinks/backlinks'
import { createCompetitor } from '@tocsin/domain/competitors/competitors'
import { recordRankings } from '@tocsin/domain/rankings/rankings'
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

test('alert days and invitations go too; a day whose end is not told yet stays', async () => {
  const days = async () => {
    const { rows } = await world.change(orgId, (change) =>
      change.tx.query<{ sent: number }>('select sent from alert_day order by sent'),
    )
    return rows.map(({ sent }) => sent)
  }
  await world.change(orgId, async (change) => {
    const day = (sent: number, at: string, tripped: string | null, reset: string | null) =>
      change.tx.query('insert into alert_day (org_id, day, sent, tripped_at, reset_at) values ($1, $2, $3, $4, $5)', [
        orgId,
        at,
        sent,
        tripped,
        reset,
      ])
    await day(1, '2025-01-01', null, null)
    await day(2, '2025-01-02', '2025-01-02T10:00:00Z', '2025-01-03T00:00:00Z')
    await day(3, '2025-01-03', '2025-01-03T10:00:00Z', null)
    await day(4, change.now.toISOString().slice(0, 10), null, null)
    const invite = (id: string, expires: Date) =>
      change.tx.query(
        "insert into invitation (id, org_id, token_hash, role, created_at, expires_at) values ($1, $2, $1, 'viewer', $3, $3)",
        [id, orgId, expires],
      )
    await invite('inv_old', new Date('2025-01-01'))
    await invite('inv_new', change.now)
  })
  await retentionPass(world, 90)
  expect([await days(), await count('invitation')]).toEqual([[3, 4], 1])
})

test('alerts go when they have been over for long; those that are open stay, and a milestone that was told', async () => {
  await world.change(orgId, async (change) => {
    const long = new Date(change.now.getTime() - 100 * dayMs)
    await change.tx.query(
      `insert into alert_rule (id, org_id, name, description, kind, config, created_at) values ('rul_once', $1, 'Once', '', 'milestone', '{}', $2)`,
      [orgId, long],
    )
    const alert = (id: string, ruleId: string | null, resolvedAt: Date | null) =>
      change.tx.query(
        `insert into alert (id, org_id, rule_id, rule_name, fingerprint, subject, labels, source, title, facts, severity, state, group_key,
           triggered_at, resolved_at, updated_at)
         values ($1, $2, $3, 'r', $1, 's', '{}', 'threat.detected', 't', '{}', 'high', $4, '', $5, $6, $5)`,
        [id, orgId, ruleId, resolvedAt ? 'resolved' : 'triggered', long, resolvedAt],
      )
    await alert('alr_old', null, long)
    await alert('alr_new', null, change.now)
    await alert('alr_open', null, null)
    await alert('alr_once', 'rul_once', long)
    await change.tx.query(
      `insert into alert_step (org_id, alert_id, number, at, step, actor) values ($1, 'alr_old', 1, $2, 'triggered', '{}')`,
      [orgId, long],
    )
  })
  await retentionPass(world, 90)
  const { rows } = await world.change(orgId, (change) => change.tx.query<{ id: string }>('select id from alert order by id'))
  expect([rows.map(({ id }) => id), await count('alert_step')]).toEqual([['alr_new', 'alr_once', 'alr_open'], 0])
})

test('single positions go before their daily medians, and what is still listed stays', async () => {
  const site = await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://ranks.example/' })))
  const push = () =>
    world.change(orgId, async (change) => {
      const competitors = [{ domain: 'rival.example', position: 2, url: 'https://rival.example/a' }]
      const entry = { keyword: 'shoes', country: 'US', device: 'desktop' as const, position: 3, competitors }
      await recordRankings(change, { siteId: site.id, source: 'push', entries: [entry] })
      await recordBacklinks(change, { siteId: site.id, entries: [{ domain: 'blog.example' }] })
    })
  await world.change(orgId, (change) => createCompetitor(change, { siteId: site.id, domain: 'rival.example' }))
  await push()
  const tables = ['ranking', 'ranking_list', 'ranking_day', 'competitor_page', 'backlink', 'backlink_list']
  const counts = () => Promise.all(tables.map(count))
  world.clock.advance(91 * dayMs)
  while ((await retentionPass(world, 90)) === 'worked');
  expect(await counts()).toEqual([0, 0, 2, 1, 1, 0])
  world.clock.advance(400 * dayMs)
  await push()
  while ((await retentionPass(world, 90)) === 'worked');
  expect(await counts()).toEqual([1, 1, 2, 1, 1, 1])
})
