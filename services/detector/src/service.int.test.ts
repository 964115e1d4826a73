import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { startScan } from '@tocsin/domain/scans/scans'
import { listExecutions, listScans } from '@tocsin/domain/scans/scans.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { close, listen } from '@tocsin/process/health'
import { createBreakableSite } from '@tocsin/testkit/breakable-site'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createShiftedClock } from '@tocsin/testkit/shifted-clock'
import { DetectorEnv } from './env.ts'
import { createDetectorService } from './service.ts'

let world: TestFoundation
let orgId: OrgId
beforeEach(async () => {
  world = await openTestFoundation(createShiftedClock())
  orgId = await world.newOrg()
})
afterEach(() => world.close())

const detector = () =>
  createDetectorService({
    ...world,
    env: {
      ...DetectorEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8', DETECTOR_SCANS: '1' }),
      SECRET_KEY: 'a secret that only tests may know, 32+',
    },
  })
const addSite = async (url: string) =>
  (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url, connections: 10 })))).id
const checkNow = (siteId: SiteId) => world.change(orgId, (change) => startScan(change, { siteId, trigger: 'manual' }))
const scans = async () => (await world.journal.read(orgId, (sql) => listScans(sql, { limit: 10 }))).data
/** Resolves when an event of this type is heard. */
function heard(type: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const hush = world.bus.listen(orgId, (event) => {
    if (event?.type === type) resolve()
  })
  return promise.finally(hush)
}

test('a queued scan is made, and its progress and parts are heard', async () => {
  const site = await createBreakableSite()
  const service = detector()
  await service.start()
  const news = Promise.all(['scan.progressed', 'execution.started', 'execution.finished', 'scan.completed'].map(heard))
  await checkNow(await addSite(site.url))
  await news
  expect(await scans()).toMatchObject([{ state: 'completed', percentage: 100 }])
  await service.stop()
  await service.stop()
  await site.close()
  const text = await world.metrics.registry.metrics()
  expect(text).toContain('tocsin_scans_total{result="completed"} 1')
  expect(text).toContain('tocsin_scan_queue_waiting')
})

test('a detector that is stopped in the middle of a scan leaves it to the next at once', async () => {
  const asked = Promise.withResolvers<void>()
  let isDeaf = true
  const server = createServer((_request, response) => {
    asked.resolve()
    if (!isDeaf) response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Shop</title>')
  })
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  const leaving = detector()
  await leaving.start()
  await checkNow(await addSite(`http://127.0.0.1:${address.port}/`))
  await asked.promise
  const before = performance.now()
  await leaving.stop()
  expect(performance.now() - before).toBeLessThan(5_000)
  expect(await scans()).toMatchObject([{ state: 'running' }])
  isDeaf = false
  const heir = detector()
  const completed = heard('scan.completed')
  await heir.start()
  await completed
  expect(await scans()).toMatchObject([{ state: 'completed', pagesDone: 1 }])
  const executions = (await world.journal.read(orgId, (sql) => listExecutions(sql, { limit: 50 }))).data
  expect(executions.filter((each) => each.agent === 'crawler').map((each) => each.status)).toEqual(['completed', 'cancelled'])
  await heir.stop()
  server.closeAllConnections()
  await close(server)
})
