import { Refusal } from '@tocsin/contract/refusal'

/** A poll costs a socket and a listener on the bell, no database connection: these bound memory, not work. */
const pollsMax = 2_000
const pollsPerOrgMax = 100

export interface WaitingRoom {
  /** Refuses when the room is full. The signal is aborted when the room is closed. */
  enter(orgId: string): { readonly closed: AbortSignal; readonly leave: () => void }
  /** Ends every wait, now and from now on. */
  close(): void
}

/** Where requests wait for something to happen, so many per org and in all. */
export function createWaitingRoom(max = { polls: pollsMax, perOrg: pollsPerOrgMax }): WaitingRoom {
  const waiting = new Set<AbortController>()
  const perOrg = new Map<string, number>()
  let open = true

  function leave(orgId: string, controller: AbortController): void {
    if (!waiting.delete(controller)) return
    const left = (perOrg.get(orgId) ?? 1) - 1
    if (left > 0) perOrg.set(orgId, left)
    else perOrg.delete(orgId)
  }

  return {
    enter(orgId) {
      const count = perOrg.get(orgId) ?? 0
      if (waiting.size >= max.polls || count >= max.perOrg)
        throw new Refusal('limit_reached', 'Too many requests are waiting for events.', { retryAfterSeconds: 5 })
      const controller = new AbortController()
      if (!open) controller.abort()
      waiting.add(controller)
      perOrg.set(orgId, count + 1)
      return { closed: controller.signal, leave: () => leave(orgId, controller) }
    },
    close() {
      open = false
      for (const controller of waiting) controller.abort()
    },
  }
}
