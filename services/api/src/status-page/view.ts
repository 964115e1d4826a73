import type { Component } from '@tocsin/contract/api/components'
import type { Incident } from '@tocsin/contract/api/incidents'
import type { Maintenance } from '@tocsin/contract/api/maintenances'
import type { StatusPage } from '@tocsin/contract/api/status-pages'
import type { OrgId, StatusPageId } from '@tocsin/contract/ids'
import { componentsInOrder } from '@tocsin/domain/components/components.read'
import { currentIncidents } from '@tocsin/domain/incidents/incidents.read'
import { upcomingMaintenances } from '@tocsin/domain/maintenances/maintenances.read'
import { getStatusPage, statusPageOfSlug } from '@tocsin/domain/status-pages/status-pages.read'
import type { Foundation } from '@tocsin/journal/foundation'

/** Everything a visitor is shown, as of one moment. */
export interface PageView {
  readonly orgId: OrgId
  readonly page: StatusPage
  readonly components: readonly (Component & { group: string | null })[]
  readonly incidents: readonly Incident[]
  readonly maintenances: readonly Maintenance[]
}

const slugs = /^[a-z0-9-]{1,63}$/
const incidentsMax = 50
const maintenancesMax = 20
/** How long what is over stays in sight. */
const pastMs = 14 * 86_400_000

/** Null: there is no such page, or it is not for visitors. */
export async function readPage(deps: Pick<Foundation, 'db' | 'journal' | 'clock'>, slug: string): Promise<PageView | null> {
  const found = slugs.test(slug) ? await statusPageOfSlug(deps.db, slug) : null
  if (!found) return null
  return readPageOfOrg(deps, found.orgId, found.statusPageId)
}

export function readPageOfOrg(
  deps: Pick<Foundation, 'journal' | 'clock'>,
  orgId: OrgId,
  statusPageId: StatusPageId,
): Promise<PageView> {
  const endedAfter = new Date(deps.clock.now().getTime() - pastMs)
  return deps.journal.read(orgId, async (sql) => ({
    orgId,
    page: await getStatusPage(sql, statusPageId),
    components: await componentsInOrder(sql),
    incidents: await currentIncidents(sql, { endedAfter, limit: incidentsMax }),
    maintenances: await upcomingMaintenances(sql, maintenancesMax),
  }))
}
