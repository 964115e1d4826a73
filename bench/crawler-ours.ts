// Whole scans as the detector makes them: crawl, every rule, everything recorded; then the same site again, which has not changed. In a
// process of its own; prints what it did as JSON.
import { SiteInput } from '@tocsin/contract/api/sites'
import { newId } from '@tocsin/contract/ids'
import { DetectorEnv } from '@tocsin/detector/env'
import { openOutside } from '@tocsin/detector/outside'
import { registry } from '@tocsin/detector/rules/registry'
import { scanPass } from '@tocsin/detector/scan-pass'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { startScan } from '@tocsin/domain/scans/scans'
import { listScans } from '@tocsin/domain/scans/scans.read'
import { createSite } from '@tocsin/domain/sites/sites'
import { openFoundation } from '@tocsin/journal/foundation'
import { createLog } from '@tocsin/process/log'

const [url = '', connections = '10', databaseUrl = ''] = process.argv.slice(2)
const by = { kind: 'system', id: 'bench' } as const
const foundation = openFoundation({ databaseUrl, redisUrl: null, log: createLog({ service: 'bench', level: 'fatal' }) })
const { journal } = foundation
const orgId = newId('org')
const siteId = await journal.change(orgId, by, async (change) => {
  await createOrg(change, { name: 'Bench', ownerId: null })
  const site = await createSite(change, SiteInput.parse({ url, pageBudget: 10_000, connections: Number(connections) }))
  await startScan(change, { siteId: site.id, trigger: 'manual' })
  return site.id
})
const env = DetectorEnv.parse({ ALLOW_TARGET_CIDRS: '127.0.0.0/8' })
const deps = { ...foundation, ...openOutside(foundation, env), registry, refreshSources: async () => {} }

async function scanOnce(): Promise<{ pages: number; seconds: number }> {
  const started = performance.now()
  await scanPass(deps, new AbortController().signal)
  const seconds = (performance.now() - started) / 1000
  const scans = await journal.read(orgId, (sql) => listScans(sql, { limit: 1 }))
  const [scan] = scans.data
  if (scan?.state !== 'completed' || !scan.complete) throw new Error(`The scan did not complete: ${JSON.stringify(scan)}`)
  return { pages: scan.pagesDone, seconds }
}

const first = await scanOnce()
const peakMb = process.resourceUsage().maxRSS / 1024
await journal.change(orgId, by, (change) => startScan(change, { siteId, trigger: 'manual' }))
const again = await scanOnce()
process.stdout.write(JSON.stringify({ ...first, peakMb, againSeconds: again.seconds }))
await foundation.close()
process.exit(0)
