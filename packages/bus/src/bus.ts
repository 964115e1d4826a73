import type { Envelope } from '@tocsin/contract/event'
import type { EventName } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'

/** `null`: something may have been missed (a reconnect, a new subscription), so read the journal. */
export type Hear = (message: Envelope | null) => void

/**
 * The bell. Messages may be late, doubled, reordered or lost; nobody may depend on one. What is heard is the sender's envelope, checked
 * for its shape only.
 */
export interface Bus {
  /** Rejects when the bell is silent: the caller notes it and goes on. */
  publish(event: Envelope): Promise<void>
  /** Everything of one org. Works while disconnected: the subscription follows when it can. */
  listen(orgId: OrgId, hear: Hear): Stop
  /** Rung when a durable event of one of these types happened in any org, or may have: for those who then look for work in tables. */
  listenForWork(types: readonly EventName[], ring: () => void): Stop
  connected(): boolean
  close(): Promise<void>
}

export type Stop = () => void
