import type { Bus } from './bus.ts'
import { createListeners } from './listeners.ts'

/** The bell of a fleet that is one process. */
export function createMemoryBus(): Bus {
  let open = true
  const listeners = createListeners({ first: () => {}, last: () => {} })
  return {
    async publish(event) {
      if (!open) throw new Error('The bus is closed.')
      // Later, as from a network: a listener never runs inside its publisher's call.
      setImmediate(() => {
        if (!open) return
        listeners.tell(event.orgId, event)
        listeners.tell('*', event)
      })
    },
    listen: (orgId, hear) => listeners.add(orgId, hear, { told: true }),
    connected: () => open,
    async close() {
      open = false
    },
  }
}
