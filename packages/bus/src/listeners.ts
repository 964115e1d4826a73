import type { Envelope } from '@tocsin/contract/event'
import type { OrgId } from '@tocsin/contract/ids'
import type { Hear } from './bus.ts'

/** Who listens to what, counted: `first` and `last` tell when a subscription has to be made or dropped. */
export function createListeners(on: { first: (orgId: OrgId | '*') => void; last: (orgId: OrgId | '*') => void }) {
  const byOrg = new Map<OrgId | '*', Set<Hear>>()
  return {
    /** `told`: the new listener is told, a little later, that it may have missed something. */
    add(orgId: OrgId | '*', hear: Hear, { told }: { told: boolean }) {
      const own = (message: Envelope | null) => hear(message) // The same function may listen twice.
      const set = byOrg.get(orgId) ?? new Set<Hear>()
      byOrg.set(orgId, set.add(own))
      if (set.size === 1) on.first(orgId)
      if (told)
        setImmediate(() => {
          if (set.has(own)) hear(null)
        })
      return () => {
        if (!set.delete(own) || set.size > 0) return
        byOrg.delete(orgId)
        on.last(orgId)
      }
    },
    tell(orgId: OrgId | '*', message: Envelope | null) {
      for (const hear of byOrg.get(orgId) ?? []) hear(message)
    },
    tellAll() {
      for (const set of byOrg.values()) for (const hear of set) hear(null)
    },
  }
}
