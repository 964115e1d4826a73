import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { newId, type OrgId, type ScanId, type SiteId } from '@tocsin/contract/ids'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createSite, deleteSite } from '../sites/sites.ts'
import { claimScan } from './claim.ts'
import { finishExecution, startExecution } from './executions.ts'
import { recallPages, recallSite, rememberPages, rememberSite } from './memory.ts'
import { getScan, listExecutions, listScans } from './scans.read.ts'
import { beginScan, cancelScan, completeScan, failScan, keepScan, lockLeasedScan, releaseScan, startScan } from './scans.ts'

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
afterEach(() => world.close())
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
})

const leaseMs = 45_000
const leaseUntil = () => new Date(world.clock.now().getTime() + leaseMs)
const start = () => world.change(orgId, (change) => startScan(change, { siteId, trigger: 'manual' }))
const read = (scanId: ScanId) => world.journal.read(orgId, (sql) => getScan(sql, scanId))
const progress = { percentage: 40, step: 'Crawling', pagesDone: 4, pagesTotal: 10 }
const outcome = { pagesDone: 10, pagesTotal: 10, complete: true, baseline: true, threatsFound: 1, suspected: 2 }

const claim = (token: string) =>
  world.db.transaction('installation', (sql) => claimScan(sql, { now: world.clock.now(), leaseUntil: leaseUntil(), token }))
async function running(token: string): Promise<ScanId> {
  const { id } = await start()
  await claim(token)
  await world.change(orgId, (change) => beginScan(change, { scanId: id, token }))
  return id
}
const conclude = (scanId: ScanId, token: string) =>
  world.change(orgId, async (change) =>
    (await lockLeasedScan(change, { scanId, siteId, token })) ? completeScan(change, { scanId, ...outcome }) : null,
  )

describe('check now', () => {
  test('answers the scan that is already open, however many ask at once', async () => {
    const scans = await Promise.all(Array.from({ length: 8 }, start))
    expect(new Set(scans.map((scan) => scan.id)).size).toBe(1)
    const page = await world.journal.read(orgId, (sql) => listScans(sql, { limit: 10, siteId, state: 'queued' }))
    expect(page.data).toEqual([scans[0]])
  })

  test('of a site that is not there is refused', async () => {
    const ask = world.change(orgId, (change) => startScan(change, { siteId: newId('site'), trigger: 'manual' }))
    await expect(ask).rejects.toMatchObject({ code: 'not_found' })
  })

  test('after the last one has ended starts a new one', async () => {
    const scanId = await running('a')
    await conclude(scanId, 'a')
    expect((await start()).id).not.toBe(scanId)
  })
})

describe('a detector at work', () => {
  test('is alone, keeps its lease and tells how far it is', async () => {
    const scanId = await running('a')
    expect(await claim('b')).toBeNull()
    world.clock.advance(30_000)
    const keep = { scanId, token: 'a', leaseUntil: leaseUntil(), progress }
    expect(await world.change(orgId, (change) => keepScan(change, keep))).toBe(true)
    world.clock.advance(30_000)
    expect(await claim('b')).toBeNull()
    expect(await read(scanId)).toMatchObject({ state: 'running', ...progress })
    expect(await conclude(scanId, 'a')).toMatchObject({ state: 'completed', percentage: 100, ...outcome })
  })

  test('that dies is followed by another, and can write nothing any more', async () => {
    const scanId = await running('dead')
    const execution = await world.change(orgId, (change) => startExecution(change, { scanId, token: 'dead', agent: 'crawler' }))
    world.clock.advance(leaseMs)
    expect(await claim('heir')).toEqual({ scanId, claims: 2, orgId })
    expect(await world.change(orgId, (change) => beginScan(change, { scanId, token: 'heir' }))).toMatchObject({ percentage: 0 })
    const keep = { scanId, token: 'dead', leaseUntil: leaseUntil(), progress }
    expect(await world.change(orgId, (change) => keepScan(change, keep))).toBe(false)
    expect(await world.change(orgId, (change) => failScan(change, { scanId, token: 'dead', failure: 'lost' }))).toBeNull()
    expect(await world.change(orgId, (change) => startExecution(change, { scanId, token: 'dead', agent: 'security' }))).toBeNull()
    expect(await conclude(scanId, 'dead')).toBeNull()
    const executions = await world.journal.read(orgId, (sql) => listExecutions(sql, { limit: 10, scanId }))
    expect(executions.data).toMatchObject([{ id: execution?.id, status: 'failed', error: 'The detector was lost.' }])
    expect(await conclude(scanId, 'heir')).toMatchObject({ state: 'completed' })
  })

  test('that died in the middle of telling that a part began is followed by another all the same', async () => {
    const scanId = await running('one')
    world.clock.advance(leaseMs)
    await world.change(orgId, async (change) => {
      await startExecution(change, { scanId, token: 'one', agent: 'technical' })
      // Not committed yet: the row of the part holds on to the row of the scan.
      expect(await claim('two')).toMatchObject({ scanId, claims: 2 })
    })
  })

  test('that stops gives the scan back at once, and that does not count as a death', async () => {
    const scanId = await running('a')
    await world.change(orgId, (change) => releaseScan(change, { scanId, token: 'a' }))
    expect(await claim('b')).toEqual({ scanId, claims: 1, orgId })
  })

  test('that lost its lease without dying takes its claim back and nothing of the other’s', async () => {
    const scanId = await running('slept')
    world.clock.advance(leaseMs)
    expect(await claim('heir')).toEqual({ scanId, claims: 2, orgId })
    await world.change(orgId, (change) => beginScan(change, { scanId, token: 'heir' }))
    await world.change(orgId, (change) => releaseScan(change, { scanId, token: 'slept' }))
    expect(await claim('third')).toBeNull()
    world.clock.advance(leaseMs)
    expect(await claim('third')).toEqual({ scanId, claims: 2, orgId })
  })

  test('loses a scan that is cancelled or whose site is deleted', async () => {
    const scanId = await running('a')
    const cancel = () => world.change(orgId, (change) => cancelScan(change, { scanId }))
    expect(await cancel()).toMatchObject({ state: 'cancelled', finishedAt: world.clock.now().toISOString() })
    expect(await cancel()).toMatchObject({ state: 'cancelled' })
    expect(await conclude(scanId, 'a')).toBeNull()
    const next = await running('b')
    await world.change(orgId, (change) => deleteSite(change, { siteId }))
    expect(await conclude(next, 'b')).toBeNull()
    await expect(world.change(orgId, (change) => cancelScan(change, { scanId: next }))).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('takes a scan that was started by hand before those of a schedule', async () => {
    await world.change(orgId, async (change) => {
      const other = await createSite(change, SiteInput.parse({ url: 'https://other.example/' }))
      await startScan(change, { siteId: other.id, trigger: 'schedule' })
    })
    world.clock.advance(60_000)
    const { id } = await start()
    expect(await claim('a')).toMatchObject({ scanId: id })
  })

  test('is not kept from one org by the many scans of another', async () => {
    await world.change(orgId, async (change) => {
      for (let n = 0; n < 5; n++) {
        const site = await createSite(change, SiteInput.parse({ url: `https://site-${n}.example/` }))
        await startScan(change, { siteId: site.id, trigger: 'manual' })
      }
    })
    world.clock.advance(60_000)
    const other = await world.newOrg()
    await world.change(other, async (change) => {
      const site = await createSite(change, SiteInput.parse({ url: 'https://other.example/' }))
      await startScan(change, { siteId: site.id, trigger: 'schedule' })
    })
    expect(await claim('a')).toMatchObject({ orgId })
    expect(await claim('b')).toMatchObject({ orgId: other })
    expect(await claim('c')).toMatchObject({ orgId })
  })

  test('races another for the lease: one of them has it', async () => {
    await start()
    const claims = await Promise.all(Array.from({ length: 6 }, (_, n) => claim(`detector-${n}`)))
    expect(claims.filter((each) => each !== null)).toHaveLength(1)
  })
})

test('a scan that has ended cannot be cancelled', async () => {
  const scanId = await running('a')
  await conclude(scanId, 'a')
  await expect(world.change(orgId, (change) => cancelScan(change, { scanId }))).rejects.toMatchObject({ code: 'conflict' })
})

test('executions show how long they took and what went wrong', async () => {
  const scanId = await running('a')
  const started = await world.change(orgId, (change) => startExecution(change, { scanId, token: 'a', agent: 'security' }))
  world.clock.advance(1_500)
  const end = { executionId: started?.id ?? newId('execution'), status: 'failed', findings: 0, error: 'x'.repeat(900) } as const
  const finished = await world.change(orgId, (change) => finishExecution(change, end))
  expect(finished).toMatchObject({ agent: 'security', status: 'failed', durationMs: 1_500, error: 'x'.repeat(500) })
  expect(await world.change(orgId, (change) => finishExecution(change, end))).toBeNull()
})

test('what a site sent is remembered even if no database can keep it', async () => {
  const url = 'https://shop.example/'
  await world.change(orgId, (change) => rememberSite(change, { siteId, memory: { rules: ['disallow /a\0b', 'half \ud83d'] } }))
  await world.change(orgId, (change) => rememberPages(change, { siteId, pages: [{ url, memory: { title: 'a\0b' } }] }))
  const recalled = await world.journal.read(orgId, async (sql) => [
    await recallSite(sql, siteId),
    await recallPages(sql, siteId, [url]),
  ])
  expect(recalled).toEqual([{ rules: ['disallow /ab', 'half \ufffd'] }, [{ url, memory: { title: 'ab' } }]])
})
