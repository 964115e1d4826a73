import { system } from '@tocsin/contract/actor'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { startScan } from '@tocsin/domain/scans/scans'
import { takeDueSite } from '@tocsin/domain/sites/sites'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

/**
 * Sites that one pass queues, at most. The pass never says that there is more, so that is also the most per second: after a week of
 * downtime ten thousand sites are queued over minutes, and their next runs are spread (domain/sites/schedule.ts).
 */
export const sitesPerPassMax = 50

/** Queues a scan for each site that is due and plans its next run. A site whose last scan is still open gets no second one. */
export async function duePass(deps: Pick<Foundation, 'db' | 'journal' | 'clock' | 'metrics'>): Promise<PassResult> {
  const queued = deps.metrics.counter('scans_queued_total', 'Scans queued by schedule')
  const { rows } = await deps.db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId; siteId: SiteId }>('select org_id as "orgId", site_id as "siteId" from due_sites($1, $2)', [
      deps.clock.now(),
      sitesPerPassMax,
    ]),
  )
  for (const [orgId, due] of Map.groupBy(rows, (row) => row.orgId)) {
    const count = await deps.journal.change(orgId, system('scheduler'), async (change) => {
      let taken = 0
      for (const { siteId } of due) {
        // Another scheduler may have it in hand, or have done it: both look like a site that is not due.
        if (!(await takeDueSite(change, { siteId }))) continue
        await startScan(change, { siteId, trigger: 'schedule' })
        taken += 1
      }
      return taken
    })
    queued.inc(count)
  }
  return 'idle'
}
