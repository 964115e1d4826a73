import type { VitalsBeacon } from '@tocsin/contract/api/vitals'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { requireSite } from '../sites/sites.ts'

export const beaconColumns = `site_id as "siteId", key, sample_rate as "sampleRate", allowed_origins as "allowedOrigins", version`

/** Before anything was set: no key, and whoever makes one measures every page view. */
const untouched = { key: null, sampleRate: 1, allowedOrigins: [], version: 0 }

export async function getBeacon(sql: Sql, siteId: SiteId): Promise<VitalsBeacon> {
  await requireSite(sql, siteId)
  const { rows } = await sql.query<VitalsBeacon>(`select ${beaconColumns} from vitals_beacon where site_id = $1`, [siteId])
  return rows[0] ?? { siteId, ...untouched }
}

/** Whose key it is, and who may report under it. */
export interface BeaconOwner {
  readonly orgId: OrgId
  readonly siteId: SiteId
  readonly url: string
  readonly sampleRate: number
  readonly allowedOrigins: readonly string[]
}

/** Of the installation: a report comes from anybody's browser and knows no org. */
export async function findBeaconOwner(sql: Sql, key: string): Promise<BeaconOwner | null> {
  const { rows } = await sql.query<BeaconOwner>(
    `select org_id as "orgId", site_id as "siteId", url, sample_rate as "sampleRate", allowed_origins as "allowedOrigins"
     from find_vitals_beacon($1)`,
    [key],
  )
  return rows[0] ?? null
}
