import type { Database } from '@tocsin/db/pool'
import { type BeaconOwner, findBeaconOwner } from '@tocsin/domain/vitals/beacon.read'
import { knownTemplates } from '@tocsin/domain/vitals/vitals.read'
import type { Clock } from '@tocsin/process/clock'

export interface KnownBeacon extends BeaconOwner {
  /** Patterns of paths that the site has; grows with what comes in, up to a limit. */
  readonly templates: Set<string>
}

export interface KnownBeacons {
  /** Null: nobody's key. */
  ofKey(key: string): Promise<KnownBeacon | null>
}

/** So long an ended key still works, and a new origin does not. */
const freshMs = 60_000
/** Keys in memory, unknown ones included: a stranger can make up as many as he likes. */
const keysMax = 5_000
/** A site has some dozens. A stranger who makes up paths fills this, and then no more. */
export const templatesMax = 100
/** A template that nobody has visited for so long makes room. */
const templateDaysMs = 28 * 86_400_000

/** Whose key it is, looked up once a minute: a report costs no query. */
export function createKnownBeacons(deps: { db: Database; clock: Clock }): KnownBeacons {
  const known = new Map<string, { until: number; beacon: Promise<KnownBeacon | null> }>()

  async function find(key: string): Promise<KnownBeacon | null> {
    const owner = await deps.db.transaction('installation', (sql) => findBeaconOwner(sql, key))
    if (!owner) return null
    const from = new Date(deps.clock.now().getTime() - templateDaysMs)
    const templates = await deps.db.transaction({ orgId: owner.orgId }, (sql) =>
      knownTemplates(sql, { siteId: owner.siteId, from, limit: templatesMax }),
    )
    return { ...owner, templates: new Set(templates) }
  }

  return {
    ofKey(key) {
      const now = deps.clock.now().getTime()
      const entry = known.get(key)
      if (entry && entry.until > now) return entry.beacon
      known.delete(key)
      const oldest = known.keys().next()
      if (known.size >= keysMax && !oldest.done) known.delete(oldest.value)
      const beacon = find(key)
      known.set(key, { until: now + freshMs, beacon })
      // A database that was away is asked again at the next report.
      beacon.catch(() => known.delete(key))
      return beacon
    },
  }
}
