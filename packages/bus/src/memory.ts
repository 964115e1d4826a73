import { workChannelOf } from '@tocsin/contract/event'
import type { Bus } from './bus.ts'
import { createListeners } from './listeners.ts'

/** The bell of a fleet that is one process. */
export function createMemoryBus(): Bus {
  let open = true
  const listeners = createListeners({ first: () => {}, last: () => {}, told: () => true })
  return {
    async publish(event) {
      if (!open) throw new Error('The bus is closed.')
      // Later, as from a network: a listener never runs inside its publisher's call.
      setImmediate(() => {
        if (!open) return
        listeners.tell(event.orgId, event)
        if (event.seq !== null) listeners.tell(workChannelOf(event.type), null)
      })
    },
    listen: (orgId, hear) => listeners.add(orgId, hear),
    listenForWork: (types, ring) => listeners.addAll(types.map(workChannelOf), ring),
    connected: () => open,
    async close() {
      open = false
    },
  }
}
