import { healthCheckMonitor } from '@tocsin/contract/api/health-check'
import type { Site, ThreatSummary } from '@tocsin/contract/api/sites'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { allows } from '@tocsin/domain/members/members'
import { lastScans } from '@tocsin/domain/scans/last-scans.read'
import { startScan } from '@tocsin/domain/scans/scans'
import { listSites } from '@tocsin/domain/sites/sites.read'
import type { Change } from '@tocsin/journal/change'
import type { Clock } from '@tocsin/process/clock'
import { org, type Route } from '../http/route.ts'

export const healthCheckRoutes = (deps: { clock: Clock }): Route[] => [
  org(healthCheckMonitor, async (call) => {
    const { sites, scannedAt } = await call.read(async (sql) => ({ sites: await allSites(sql), scannedAt: await lastScans(sql) }))
    if (call.query.triggerCheck) {
      // A GET that changes something: what other endpoints have from their method has to be asked for here.
      if (!allows(call.scope, 'write')) throw new Refusal('forbidden', 'triggerCheck needs write rights.')
      if (call.person && call.crossSite) throw new Refusal('forbidden', 'The page that made this request is not one of ours.')
    }
    const triggered = call.query.triggerCheck ? await call.change((change) => scanAll(change, sites)) : 0
    const seen = sites.map((site) => ({
      siteId: site.id,
      name: site.name,
      url: site.url,
      status: statusOf(site.threats),
      threats: site.threats,
      lastScanAt: scannedAt.get(site.id)?.toISOString() ?? null,
    }))
    return { status: worst(seen.map((site) => site.status)), checkedAt: deps.clock.now().toISOString(), triggered, sites: seen }
  }),
]

async function allSites(sql: Sql): Promise<Site[]> {
  const sites: Site[] = []
  let cursor: string | null | undefined
  do {
    const page = await listSites(sql, { limit: 200, ...(cursor ? { cursor } : {}) })
    sites.push(...page.data)
    cursor = page.nextCursor
  } while (cursor)
  return sites
}

/** A paused site is paused for a reason. */
async function scanAll(change: Change, sites: readonly Site[]): Promise<number> {
  const watched = sites.filter((site) => site.pausedAt === null)
  for (const site of watched) await startScan(change, { siteId: site.id, trigger: 'manual' })
  return watched.length
}

const statuses = ['healthy', 'warning', 'critical'] as const
type Status = (typeof statuses)[number]

function statusOf(threats: ThreatSummary): Status {
  if (threats.critical > 0) return 'critical'
  return threats.high + threats.medium + threats.low > 0 ? 'warning' : 'healthy'
}

const worst = (seen: readonly Status[]): Status => statuses.findLast((status) => seen.includes(status)) ?? 'healthy'
